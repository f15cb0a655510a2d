"""The daily work: staff are warned, what is over goes, and one that fails stops nothing."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.maintenance import retention
from mesosite.enquiries.maintenance.retention import WARNING, purge, run_daily_job
from mesosite.enquiries.models import Enquiry, OutgoingMail, Rate
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.workflow import add_note, change_state
from mesosite.http.sessions import SessionStore
from tests.enquiries.filled_in import send
from tests.enquiries.stored import as_stored

pytestmark = pytest.mark.django_db

AGO = timezone.now().replace(hour=12) - timedelta(days=1000)
OVER = {"touched_at": AGO, "warned_at": AGO}


@pytest.fixture(autouse=True)
def _own_ledger(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def asked(name, **changes):
    enquiry = submit(topics=["peel"], contact={"name": name}, answers={}).enquiry
    Enquiry.objects.filter(pk=enquiry.pk).update(**changes)
    enquiry.refresh_from_db()
    return enquiry


def state_of(enquiry):
    return Enquiry.objects.get(pk=enquiry.pk).state


def said_by_purge(*options):
    out = StringIO()
    call_command("purge", *options, stdout=out)
    return out.getvalue()


def test_what_is_over_is_erased_and_the_rest_stays():
    over, fresh = asked("Ana", **OVER), asked("Ben")

    assert [(gone.code, gone.why) for gone in purge()] == [(over.code, "untouched")]
    assert (state_of(over), state_of(fresh)) == (State.ERASED, State.NEW)


def test_a_dry_run_says_what_would_go_and_changes_nothing():
    closed = {"state": "closed", "close_reason": "declined", "state_since": AGO}
    over, idle = asked("Ana", **closed), asked("Ben", touched_at=AGO)
    before = as_stored(Enquiry.objects.order_by("id"))
    first, total, second, warned = said_by_purge("--dry-run").splitlines()

    assert first == f"{over}  closed     {AGO + timedelta(days=183):%Y-%m-%d}"
    assert (total, warned) == ("1 would be erased", "1 staff would be warned of")
    assert second.startswith(f"{idle}  untouched  ")
    assert as_stored(Enquiry.objects.order_by("id")) == before


def test_the_command_says_what_went():
    over = asked("Ana", state="spam", seen_at=AGO)
    said = said_by_purge()

    assert said.startswith(f"{over}  spam")
    assert "1 erased\n0 staff are warned of" in said
    assert state_of(over) == State.ERASED


def test_staff_are_warned_once_by_a_mail_that_holds_a_code_only():
    idle = asked("Ana", touched_at=AGO)
    run_daily_job()
    run_daily_job()

    mail = OutgoingMail.objects.get(kind=OutgoingMail.Kind.WARNING)
    assert mail.content["to"] == "desk@clinic.example"
    assert idle.shown_code in mail.content["subject"]
    assert "Ana" not in str(mail.content)
    assert state_of(idle) == State.NEW


def test_who_was_warned_of_goes_when_the_time_of_the_warning_is_over():
    idle = asked("Ana", touched_at=AGO)
    run_daily_job()
    warned_at = Enquiry.objects.get().warned_at

    assert purge(warned_at + WARNING - timedelta(seconds=1)) == []
    assert [gone.code for gone in purge(warned_at + WARNING)] == [idle.code]


def test_without_its_mail_no_warning_counts(monkeypatch):
    def broken(enquiry, kind):
        raise OperationalError

    asked("Ana", touched_at=AGO)
    monkeypatch.setattr("mesosite.enquiries.mail.messages.queue_for_staff", broken)
    run_daily_job()

    assert Enquiry.objects.get().warned_at is None


def test_one_that_is_touched_at_the_last_moment_is_left(monkeypatch, receptionist):
    over, by_key = asked("Ana", **OVER), retention._by_key

    def touched_in_between(rows):
        for found in by_key(rows):
            add_note(found, "Just called", by=receptionist)
            yield found

    monkeypatch.setattr("mesosite.enquiries.maintenance.retention._by_key", touched_in_between)
    assert purge() == []
    assert state_of(over) == State.NEW


def test_one_that_fails_stops_no_other_and_is_logged_by_its_code(monkeypatch, caplog):
    bad, good, erase = asked("Ana", **OVER), asked("Ben", **OVER), retention.erase

    def fail_for_bad(enquiry):
        if enquiry.code == bad.code:
            raise OperationalError("Ana")
        erase(enquiry)

    monkeypatch.setattr("mesosite.enquiries.maintenance.retention.erase", fail_for_bad)
    assert [gone.code for gone in purge()] == [good.code]
    assert state_of(bad) == State.NEW
    assert bad.code in caplog.text
    assert "Ana" not in caplog.text


def test_what_cannot_be_read_goes_as_well():
    over = asked("Ana", **OVER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enquiries_enquiry SET contact = '1.x.broken', answers = '1.x.b'")
    purge()

    assert state_of(over) == State.ERASED


def test_many_go_in_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for n in range(5):
        asked(f"Ana {n}", created_at=AGO, **OVER)

    assert len(purge()) == 5
    assert not Enquiry.objects.exclude(state=State.ERASED).exists()


def test_counts_of_addresses_are_forgotten_once_they_are_over():
    for key, hours in (("over", -1), ("going on", 1)):
        Rate.objects.create(key=key, until=timezone.now() + timedelta(hours=hours), count=1)
    purge()

    assert Rate.objects.get().key == "going on"


def test_what_tells_a_repeat_is_forgotten_after_a_day():
    now = timezone.now()
    old = asked("Ana", created_at=now - timedelta(hours=25), token_hash="t")
    new = asked("Ben", created_at=now - timedelta(hours=23), token_hash="t")
    version = old.version
    purge()

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.sent_hash, old.token_hash, old.version) == (None, "", version)
    assert new.sent_hash
    assert new.token_hash == "t"


def test_the_network_is_forgotten_when_no_mail_can_wait_for_it_any_more():
    now = timezone.now()
    old = asked("Ana", created_at=now - timedelta(hours=73), network_hash="n")
    new = asked("Ben", created_at=now - timedelta(hours=71), network_hash="n")
    purge()

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.network_hash, new.network_hash) == ("", "n")


@pytest.mark.parametrize("settled", ["sent_at", "failed_at"])
def test_mails_that_were_settled_long_ago_are_forgotten(enquiry, settled):
    now = timezone.now()
    for days in (None, 29, 31):
        at = now - timedelta(days=days) if days else None
        enquiry.mails.create(kind="new_message", message_id=f"<{days}>", **{settled: at})
    purge()

    left = enquiry.mails.filter(kind="new_message").values_list("message_id", flat=True)
    assert set(left) == {"<None>", "<29>"}


def test_a_patient_is_not_greeted_again_after_a_visit_to_the_spam(receptionist):
    send()
    OutgoingMail.objects.update(sent_at=AGO)
    purge()
    enquiry = Enquiry.objects.get()
    change_state(enquiry, State.SPAM, by=receptionist)
    change_state(enquiry, State.NEW, by=receptionist)

    assert not enquiry.mails.unsent().exists()


def test_sessions_that_ended_are_forgotten():
    for age in (-1, 60):
        session = SessionStore()
        session.set_expiry(age)
        session.create()
    purge()

    assert Session.objects.count() == 1
    assert session.exists(session.session_key)


def test_a_visit_that_is_to_come_is_kept_and_one_long_over_is_not(receptionist):
    enquiry = asked("Ana")
    change_state(
        enquiry, State.BOOKED, by=receptionist, visit_at=timezone.now() + timedelta(days=400)
    )
    assert purge(timezone.now() + timedelta(days=399)) == []

    change_state(enquiry, State.CLOSED, by=receptionist, reason=CloseReason.VISITED)
    assert [gone.why for gone in purge(timezone.now() + timedelta(days=431))] == ["booked"]


@pytest.mark.parametrize(("backend", "left"), [("filebased", {"new"}), ("smtp", {"new", "old"})])
def test_mails_that_were_written_to_files_go_when_their_time_is_over(
    settings, tmp_path, backend, left
):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for name, days in {"old": 31, "new": 29}.items():
        (tmp_path / f"{name}.log").touch()
        then = (timezone.now() - timedelta(days=days)).timestamp()
        os.utime(tmp_path / f"{name}.log", (then, then))
    run_daily_job()

    assert {path.stem for path in tmp_path.glob("*.log")} == left
