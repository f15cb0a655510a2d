"""Who opens, changes or looks for a request is recorded, and managers read it."""

import fcntl
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mesosite.enquiries import transactions
from mesosite.enquiries.audit import record, triggers
from mesosite.enquiries.models import AuditEvent, Enquiry, Event, Note
from mesosite.enquiries.models.states import State
from mesosite.inbox import pagination
from mesosite.inbox.accounts import make_login
from mesosite.pages.catalogue import clinic, content
from mesosite.pages.content.clinic import Keep
from tests.enquiries.audit.events import event
from tests.enquiries.marked import has_mark
from tests.inbox.asking import Browser, ask, erased, press
from tests.inbox.login.test_login import log_in
from tests.log_records import logged

NEXT = re.compile(r'rel="next" href="([^"]+)"')
HEALTH = "I get cold sores"


@pytest.fixture
def enquiry():
    answers = {"health": ["cold_sores"], "message": "On my left cheek"}
    return ask(code="7KQ2M4XNTB", answers=answers)


@pytest.fixture
def manager():
    client = Browser()
    client.person = make_login("maria@clinic.example", name="Maria Vrettou", roles=["manager"])
    client.force_login(client.person)
    return client


def told(*columns, **having):
    rows = AuditEvent.objects.filter(**having).exclude(what=Event.LOGGED_IN).order_by("id")
    return list(rows.values_list(*columns or ("what", "code", "details")))


def page(browser, path, method="get"):
    answer = getattr(browser, method)(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# What is recorded


def test_an_opening_is_recorded_with_who_where_and_until_when(desk, receptionist, enquiry):
    desk.get(f"/staff/e/{enquiry.code}/")
    row = AuditEvent.objects.get(what=Event.OPENED)
    assert (row.person, row.code, row.details) == (receptionist, enquiry.code, {})
    assert re.fullmatch("[0-9a-f]{12}", row.network)
    assert row.until - row.at == timedelta(days=1095)


def test_clinic_yaml_says_how_long_it_is_kept(desk, enquiry, monkeypatch):
    kept_for(monkeypatch, 400)
    desk.get(f"/staff/e/{enquiry.code}/")
    row = AuditEvent.objects.get(what=Event.OPENED)
    assert row.until - row.at == timedelta(days=400)


def test_a_reload_within_a_minute_is_no_second_opening(desk, manager, enquiry, monkeypatch):
    for browser in (desk, desk, manager, desk):
        browser.get(f"/staff/e/{enquiry.code}/")
    assert len(told("id")) == 2
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    desk.get(f"/staff/e/{enquiry.code}/")
    assert len(told("id")) == 3


def test_an_opening_costs_one_statement(desk, enquiry):
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"/staff/e/{enquiry.code}/")
    assert sum("auditevent" in query["sql"] for query in asked) == 1


def test_what_was_erased_and_what_was_refused_is_an_opening_too(desk, enquiry):
    press(desk, enquiry, "note")
    tombstone = erased(ask())
    desk.get(f"/staff/e/{tombstone.code}/")
    assert told() == [("opened", enquiry.code, {}), ("opened", tombstone.code, {})]


def test_an_address_of_no_request_is_recorded_nowhere(desk):
    assert desk.get("/staff/e/MARAPAPADA/").status_code == 404
    assert told() == []


SEARCHES = [
    ("Μαρία", "name", 1),
    ("m@example.org", "email", 1),
    ("6912345678", "phone", 0),
    ("nobody", "name", 0),
]


@pytest.mark.parametrize(("text", "kind", "found"), SEARCHES)
def test_a_search_is_recorded_by_kind_and_number_without_its_words(desk, text, kind, found):
    ask()
    desk.get(desk.post("/staff/find/", {"text": text})["Location"])
    assert told() == [("searched", "", {"kind": kind, "found": found})]


def test_a_code_that_was_typed_is_a_search_and_an_opening(desk, enquiry):
    desk.get(desk.post("/staff/find/", {"text": "7kq2m 4xntb"})["Location"])
    searched = ("searched", enquiry.code, {"kind": "code", "found": 1})
    assert told() == [searched, ("opened", enquiry.code, {})]


CHANGES = [
    ("note", {"text": "Called"}, {"change": "noted"}),
    ("read", {}, {"change": "read"}),
    ("wait", {}, {"change": "moved", "to": "waiting"}),
    ("answer", {"to": "answer", "text": "Yes"}, {"change": "answered"}),
]


@pytest.mark.parametrize(("step", "data", "details"), CHANGES)
def test_each_step_is_recorded_with_what_it_changed(
    desk, receptionist, enquiry, step, data, details
):
    Enquiry.objects.update(has_news=True, state=State.IN_PROGRESS)
    press(desk, enquiry, step, **data)
    assert told("what", "code", "details", "person")[0] == (
        *("changed", enquiry.code, details),
        receptionist.pk,
    )


def test_no_change_is_ever_taken_for_a_repetition_of_another():
    """Such as of one by a machine whose clock is ahead."""
    event(Event.CHANGED, ago=-timedelta(minutes=1), details={"change": "noted"})
    record.record(Event.CHANGED, None, None, change="noted")
    assert len(told("id")) == 2


def test_spam_that_is_looked_at_and_a_slot_that_is_freed_are_changes(desk):
    spam = ask(state=State.SPAM)
    freed = ask(state=State.BOOKED, visit_at=timezone.now() + timedelta(days=3))
    erased(freed, cancel_visit=True)
    desk.post("/staff/spam/seen/", {"seen": f"{spam.code}.{spam.version}"})
    desk.post(f"/staff/e/{freed.code}/free/")
    changes = [("changed", spam.code, {"change": "read"})]
    assert told() == [*changes, ("changed", freed.code, {"change": "freed"})]


def test_what_a_patient_does_is_not_in_the_record_of_staff(enquiry):
    erased(enquiry)
    assert told() == []


def test_a_step_that_fails_leaves_no_row_and_no_line(
    desk, enquiry, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*arguments, **options):
        raise ValueError

    desk.raise_request_exception = False
    monkeypatch.setattr("mesosite.enquiries.steps.same_note", fail)
    with logged() as printed, django_capture_on_commit_callbacks() as when_committed:
        assert press(desk, enquiry, "take", text="Called").status_code == 500
    assert "changed" not in printed()
    assert when_committed == []
    assert Enquiry.objects.get().state == State.NEW
    assert told() == []


def test_a_page_that_is_refused_is_recorded_by_its_name(desk, receptionist):
    assert desk.get("/staff/record/").status_code == 403
    row = ("refused", {"page": "inbox:record"}, receptionist.pk)
    assert told("what", "details", "person") == [row]


def test_failures_of_one_minute_at_the_login_are_one_row(receptionist):
    for _i in range(3):
        log_in(Browser(REMOTE_ADDR="198.51.100.7"), "wrong")
        log_in(Browser(REMOTE_ADDR="198.51.100.7"), "wrong", "nobody@clinic.example")
    log_in(Browser(REMOTE_ADDR="203.0.113.9"), "wrong")
    failed = {"by": "password"}
    assert told("what", "details", "person") == [
        ("failed", failed, receptionist.pk),
        ("failed", failed, None),
        ("failed", failed, receptionist.pk),
    ]


# Where it cannot be recorded


def kept_for(monkeypatch, days):
    of = replace(clinic(), keep=Keep(record=days))
    monkeypatch.setitem(vars(content()), "clinic", of)


@contextmanager
def too_short(monkeypatch):
    """The database refuses the row."""
    with monkeypatch.context() as changed:
        kept_for(changed, 1)
        yield


@contextmanager
def read_only(monkeypatch):
    """Nothing can be written any more, as with a full disk."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            if sqlite:
                cursor.execute("PRAGMA query_only = OFF")


@contextmanager
def without_a_trigger(monkeypatch):
    triggers.drop()
    yield


CANNOT = [too_short, read_only, without_a_trigger]


@pytest.mark.parametrize("cannot", CANNOT)
def test_where_a_reading_cannot_be_recorded_the_health_answers_alone_are_hidden(
    surgery, enquiry, monkeypatch, cannot
):
    address = f"/staff/e/{enquiry.code}/health/"
    before = page(surgery, address, "post")
    assert HEALTH in before
    monkeypatch.setattr(record, "FOLDED", timedelta())
    connection.check_constraints()
    with cannot(monkeypatch), logged() as printed:
        hidden = page(surgery, address, "post")
        assert re.search("ERROR mesosite.enquiries.audit.record un(recorded|protected)", printed())
    assert HEALTH not in hidden
    assert "the site cannot record who reads this" in hidden
    assert all(
        words in hidden for words in ("On my left cheek", "m@example.org", "A chemical peel")
    )
    assert not has_mark(printed())


def test_a_reload_notices_at_once_that_a_trigger_is_gone(surgery, enquiry):
    assert HEALTH in page(surgery, f"/staff/e/{enquiry.code}/health/", "post")
    connection.check_constraints()
    triggers.drop()
    assert HEALTH not in page(surgery, f"/staff/e/{enquiry.code}/health/", "post")


def test_a_login_goes_on_where_it_cannot_be_recorded(client, receptionist, monkeypatch):
    with too_short(monkeypatch), logged() as printed:
        assert log_in(client)["Location"] == "/staff/"
    assert f" in person={receptionist.pk} " in printed()
    assert "unrecorded IntegrityError" in printed()
    assert client.get("/staff/").status_code == 200


def test_a_change_that_cannot_be_recorded_does_not_happen_and_keeps_what_was_typed(
    desk, enquiry, monkeypatch
):
    desk.raise_request_exception = False
    with too_short(monkeypatch):
        answer = press(desk, enquiry, "note", text="Called twice")
    assert answer.status_code == 503
    assert "Called twice" in answer.content.decode()
    assert not Note.objects.exists()


@contextmanager
def locked():
    """Somebody else holds the table, or SQLite's turn to write, for longer than anybody waits."""
    if connection.vendor == "sqlite":
        with open(settings.VAR_DIR / transactions.LOCK_FILE, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    of = connection.get_connection_params()
    names = ("dbname", "host", "user", "password", "port")
    with psycopg.connect(**{name: of[name] for name in names if name in of}) as other:
        other.execute(f"LOCK TABLE {triggers.TABLE} IN EXCLUSIVE MODE")
        yield


@pytest.mark.django_db(transaction=True)
def test_a_locked_table_holds_up_no_page_for_long(surgery, enquiry, monkeypatch):
    monkeypatch.setattr(record, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(transactions, "TIMEOUT", 0.05)
    address = f"/staff/e/{enquiry.code}/health/"
    with locked(), logged() as printed:
        hidden = page(surgery, address, "post")
    assert "unrecorded OperationalError" in printed()
    assert HEALTH not in hidden
    assert "On my left cheek" in hidden
    assert HEALTH in page(surgery, address, "post")


# The page


PATHS = ["/staff/record/", "/staff/record/request/7KQ2M4XNTB/", "/staff/record/person/1/"]


@pytest.mark.parametrize("role", ["receptionist", "clinician", ""])
@pytest.mark.parametrize("path", PATHS)
def test_the_record_is_for_managers(enquiry, role, path):
    client = Browser()
    client.force_login(make_login("nikos@clinic.example", roles=[role] if role else []))
    assert client.get(path).status_code == 403
    assert "/staff/record/" not in client.get(f"/staff/e/{enquiry.code}/").content.decode()


def test_a_manager_learns_who_read_a_request(desk, manager, enquiry, monkeypatch):
    monkeypatch.setattr(record, "FOLDED", timedelta())
    for _time in range(2):
        desk.get(f"/staff/e/{enquiry.code}/")
    desk.get(f"/staff/e/{ask().code}/")
    sheet = manager.get(f"/staff/e/{enquiry.code}/").content.decode()
    assert f'href="/staff/record/request/{enquiry.code}/"' in sheet
    read = page(manager, f"/staff/record/request/{enquiry.code}/")
    assert "Who read 7KQ2M-4XNTB" in read
    assert re.search(r"Maria Vrettou 1 time \w+ .* Eleni Kosta 2 times", read)
    assert read.count("Opened the request") == 3


def test_a_request_that_nobody_opened_says_so_and_since_when_it_would_be_known(manager, enquiry):
    Enquiry.objects.update(created_at=timezone.now() - timedelta(days=30))
    read = page(manager, f"/staff/record/request/{enquiry.code}/")
    assert "Nobody has opened it. The record begins on" in read


def test_a_manager_reads_what_one_person_did_and_nobody_else(desk, manager, receptionist, enquiry):
    desk.get(desk.post("/staff/find/", {"text": "Μαρία"})["Location"])
    press(desk, enquiry, "note", text="Called")
    read = page(manager, f"/staff/record/person/{receptionist.pk}/")
    assert "What Eleni Kosta did" in read
    assert "Searched by name: 1 found" in read
    assert "Note added 7KQ2M-4XNTB" in read
    assert "Read the record" not in read


def test_reading_the_record_is_in_it(manager, receptionist, enquiry):
    for path in PATHS[:2]:
        page(manager, path)
    read = page(manager, f"/staff/record/person/{receptionist.pk}/")
    assert "Read the record" not in read
    assert told("what", "code", "details", "person") == [
        ("record_read", "", {}, manager.person.pk),
        ("record_read", enquiry.code, {}, manager.person.pk),
        ("record_read", "", {"of": receptionist.pk}, manager.person.pk),
    ]
    assert "Read the record of Eleni Kosta" in page(manager, "/staff/record/")


SENTENCES = [
    (
        "in",
        {"by": "password+totp"},
        "Eleni Kosta Logged in: password + app with codes network ab12",
    ),
    ("in", {"by": "webauthn"}, "Eleni Kosta Logged in: passkey"),
    ("failed", {"by": "password"}, "Somebody, as Eleni Kosta Login failed: wrong password"),
    ("failed", {"by": "code"}, "Login failed: wrong code"),
    ("failed", {"by": "passkey"}, "Login failed: the passkey was refused"),
    ("locked", {"by": "code"}, "Somebody, as Eleni Kosta Login refused: too many attempts"),
    ("disabled", {"of": 1}, "Eleni Kosta Disabled the login"),
    ("clinic_changed", {"change": "closure"}, "Eleni Kosta Changed the clinic’s page"),
    ("factor_added", {"type": "totp"}, "Second step added: app with codes"),
    ("refused", {"page": "inbox:record"}, "Was refused a page: record"),
    ("changed", {"change": "moved", "to": "closed"}, "Moved the request to “Closed”"),
    ("changed", {"change": "later"}, "Changed the request"),
    ("of_a_later_version", {}, "of_a_later_version"),
]


@pytest.mark.parametrize(("what", "details", "words"), SENTENCES)
def test_each_event_is_told_in_words(manager, receptionist, what, details, words):
    event(what, person=receptionist, network="ab12", details=details)
    assert words in page(manager, "/staff/record/")


def test_a_stranger_a_command_and_a_login_of_before_a_restore_have_no_name(manager):
    event("failed", network="ab12", details={"by": "password"})
    event("restored")
    event("out", network="ab12", details={"person": 77})
    read = page(manager, "/staff/record/")
    assert "A stranger Login failed: unknown email" in read
    assert "The server A backup was put back" in read
    assert "Login 77, which the backup did not have Logged out" in read


def test_a_reader_whom_a_restored_database_does_not_know_is_still_told(manager, enquiry):
    event(code=enquiry.code, network="ab12", details={"person": 77})
    read = page(manager, f"/staff/record/request/{enquiry.code}/")
    assert "Logins which the backup did not have 1 time" in read
    assert "Login 77, which the backup did not have Opened the request" in read


def test_pages_follow_each_other_by_key(manager, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    rows = [event("out", network="ab12", details={"person": n}) for n in range(1, 8)]
    seen, following = [], ""
    with CaptureQueriesContext(connection) as asked:
        while following is not None:
            answer = manager.get(f"/staff/record/{following}").content.decode()
            seen += re.findall(r"Login (\d+),", answer)
            found = NEXT.search(answer)
            following = found and found[1]
    assert seen == [str(row.details["person"]) for row in rows[::-1]]
    assert not any("OFFSET" in query["sql"] for query in asked)


@pytest.mark.parametrize(
    ("data", "leads_to"),
    [
        ({"code": "7kq2m-4xntb"}, "request/7KQ2M4XNTB/"),
        ({"code": " 4xntb "}, "request/7KQ2M4XNTB/"),
        ({"person": "4711"}, "person/4711/"),
    ],
)
def test_the_forms_lead_to_a_page_with_an_address(manager, enquiry, data, leads_to):
    answer = manager.post("/staff/record/", data)
    assert (answer.status_code, answer["Location"]) == (302, f"/staff/record/{leads_to}")


WRONG = [
    ({"code": "Μαρία Παπά"}, "No request has this code", 'href="#record-code"'),
    ({"code": ""}, "No request has this code", 'href="#record-code"'),
    ({"code": "\u200b\u202e" + "x" * 9999}, "No request has this code", 'href="#record-code"'),
    ({"code": "4XNTB"}, "Several requests have this in their code", 'href="#record-code"'),
    ({"person": ""}, "Choose somebody", 'href="#record-person"'),
    ({"person": "9" * 5000}, "Choose somebody", 'href="#record-person"'),
    ({"person": "²"}, "Choose somebody", 'href="#record-person"'),
]


@pytest.mark.parametrize(("data", "words", "link"), WRONG)
def test_what_leads_nowhere_comes_back_with_words_and_is_in_no_address(
    manager, enquiry, data, words, link
):
    ask(code="AAAAA4XNTB")
    answer = manager.post("/staff/record/", data)
    read = answer.content.decode()
    assert answer.status_code == 422
    assert words in read
    assert link in read
    assert "Location" not in answer
    if data.get("code") == "Μαρία Παπά":
        assert 'value="Μαρία Παπά"' in read


@pytest.mark.parametrize(
    "path", ["request/0000000000/", "person/4711/", f"person/{10**30}/", "?after=forged"]
)
def test_what_is_not_there_is_404(manager, path):
    assert manager.get(f"/staff/record/{path}").status_code == 404


def test_the_record_names_the_email_of_a_person_without_a_name(manager):
    person = make_login("new@clinic.example")
    event(person=person, code="7KQ2M4XNTB", network="ab12")
    assert "new@clinic.example Opened the request 7KQ2M-4XNTB" in page(manager, "/staff/record/")
