"""Erased is erased: of the row, of all around it, of the files, and of every backup."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.erasure import LEDGER, erase, remember, renew_ledger, replay
from mesosite.enquiries.maintenance.compaction import compact
from mesosite.enquiries.maintenance.retention import run_daily_job
from mesosite.enquiries.models import Enquiry, Entry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.enquiries.workflow import add_note, change_state
from tests.enquiries.database_files import bytes_on_disk, database_in, encrypted_values
from tests.enquiries.filled_in import send, stored

MARKS = [f"zq{part}{n}marker" for n, part in enumerate(("name", "mail", "said", "note", "later"))]
OTHER_KEY = b"another-key-of-the-tests-32-byte"


@pytest.fixture(autouse=True)
def _own_ledger(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def in_files(transactional_db, tmp_path):
    with database_in(tmp_path):
        yield tmp_path


@pytest.fixture
def full(db, receptionist):
    """An enquiry with something of everything."""
    name, mail, said, note, later = MARKS
    send(name=name, email=f"{mail}@example.com", message=said)
    enquiry = stored()
    add_note(enquiry, note, by=receptionist)
    return actions.add_message(enquiry, later)


def ledger():
    path = settings.VAR_DIR / LEDGER
    return path.read_text().split() if path.exists() else []


def brought_back(enquiry):
    """As a backup of before its erasing would."""
    Enquiry.objects.filter(pk=enquiry.pk).update(state=State.NEW, erased_at=None)


def test_what_a_backup_brings_back_locked_is_erased_again(full):
    erase(full)
    remember([full.code])
    brought_back(full)
    until = timezone.localdate() + timedelta(days=30)
    Enquiry.objects.update(locked_until=until, lock_reason="law")

    assert replay() == 1
    full.refresh_from_db()
    assert (full.state, full.locked_until, full.lock_reason) == (State.ERASED, None, "")


def test_nothing_that_was_given_stays_and_the_tombstone_has_code_and_dates(full):
    assert full.network_hash
    erase(full)

    row = stored()
    assert (row.contact, row.answers, row.topics, row.link, row.link_hash) == ({}, {}, [], "", None)
    assert (row.sent_hash, row.token_hash, row.consent, row.visit_at) == (None, "", None, None)
    assert row.network_hash == ""
    assert (row.code, row.created_at) == (full.code, full.created_at)
    assert row.erased_at
    left = (row.terms, row.notes, row.messages, row.mails, row.timeline)
    assert [rows.count() for rows in left] == [0, 0, 0, 0, 0]


def test_nobody_who_is_there_still_points_at_it_or_is_pointed_at(full):
    other = submit(topics=[], contact={"name": "Ben"}, answers={}).enquiry
    Enquiry.objects.filter(pk=other.pk).update(resembles=full)
    Enquiry.objects.filter(pk=full.pk).update(resembles=other)
    full.refresh_from_db()
    erase(full)

    assert list(Enquiry.objects.values_list("resembles", flat=True)) == [None, None]


def test_a_cancelled_visit_stays_as_a_slot_to_free(enquiry, receptionist):
    at = timezone.now() + timedelta(days=1)
    change_state(enquiry, State.BOOKED, by=receptionist, visit_at=at)
    actions.withdraw(enquiry, cancel_visit=True)

    assert Enquiry.objects.slots_to_free().get().visit_at == at
    assert stored().mails.get().kind == "free_slot"


def test_a_visit_that_stands_leaves_no_time_behind(enquiry, receptionist):
    change_state(enquiry, State.BOOKED, by=receptionist, visit_at=timezone.now())
    actions.withdraw(enquiry)

    assert stored().state == State.ERASED
    assert not Enquiry.objects.slots_to_free().exists()


def test_what_changed_meanwhile_is_not_erased(full, receptionist):
    seen_before = stored()
    change_state(full, State.IN_PROGRESS, by=receptionist)
    with pytest.raises(StaleChange):
        erase(seen_before)

    assert stored().contact["name"] == MARKS[0]
    assert stored().notes.count() == 1
    assert Entry.objects.count() == 4


def test_the_row_is_taken_first_so_that_nothing_is_added_to_it_meanwhile(full):
    with CaptureQueriesContext(connection) as asked:
        erase(full)

    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert statements[0].startswith('UPDATE "enquiries_enquiry"')


def test_a_tombstone_is_not_erased_again(full):
    erase(full)
    with pytest.raises(StaleChange):
        erase(full)

    assert stored().version == full.version


def test_the_ledger_learns_of_it_once_it_is_committed(transactional_db):
    enquiry = submit(topics=[], contact={"name": "Ana"}, answers={}).enquiry
    with transaction.atomic():
        erase(enquiry)
        assert ledger() == []

    assert len(ledger()) == 1
    assert enquiry.code not in ledger()[0]
    assert (settings.VAR_DIR / LEDGER).stat().st_mode & 0o777 == 0o600


def test_a_withdrawal_that_failed_does_not_come_true_later(in_files, receptionist, monkeypatch):
    def disk_full(enquiry, kind):
        raise OperationalError

    enquiry = submit(topics=[], contact={"name": "Ana"}, answers={}).enquiry
    tomorrow = timezone.now() + timedelta(days=1)
    change_state(enquiry, State.BOOKED, by=receptionist, visit_at=tomorrow)
    monkeypatch.setattr("mesosite.enquiries.mail.messages.queue_for_staff", disk_full)
    with pytest.raises(OperationalError):
        actions.withdraw(enquiry, cancel_visit=True)

    assert (replay(), stored().state) == (0, State.BOOKED)


def test_what_was_not_written_down_in_time_is_at_the_next_start(enquiry):
    erase(enquiry)  # within the test's own transaction, as if killed before the ledger
    assert ledger() == []
    replay()
    brought_back(enquiry)

    assert (replay(), stored().state) == (1, State.ERASED)


def test_erasing_goes_on_when_the_ledger_cannot_be_written(transactional_db, caplog):
    enquiry = submit(topics=[], contact={"name": "Ana"}, answers={}).enquiry
    (settings.VAR_DIR / f"{LEDGER}.new").mkdir()
    erase(enquiry)

    assert stored().state == State.ERASED
    assert f"{enquiry.code} is erased, but not in the ledger yet" in caplog.text


def test_replay_erases_only_what_stands_in_the_ledger(full):
    other = submit(topics=[], contact={"name": "Ben"}, answers={}).enquiry
    remember([full.code])

    assert replay() == 1
    assert Enquiry.objects.get(pk=full.pk).state == State.ERASED
    assert Enquiry.objects.get(pk=other.pk).contact == {"name": "Ben"}
    assert replay() == 0


def test_each_stands_in_the_ledger_once(enquiry):
    remember([enquiry.code, enquiry.code])
    remember([enquiry.code])

    assert len(ledger()) == 1


def test_the_ledger_works_while_keys_change_and_forgets_the_old_one(settings, enquiry):
    erase(enquiry)
    remember([enquiry.code])
    old, *_none = settings.DATA_KEYS
    settings.DATA_KEYS = [OTHER_KEY, old]
    renew_ledger()
    assert len(ledger()) == 2

    settings.DATA_KEYS = [OTHER_KEY]
    renew_ledger()
    brought_back(enquiry)
    assert (len(ledger()), replay()) == (1, 1)


def test_an_old_key_that_is_still_there_still_finds_its_lines(settings, enquiry):
    remember([enquiry.code])
    settings.DATA_KEYS = [OTHER_KEY, *settings.DATA_KEYS]

    assert (replay(), stored().state) == (1, State.ERASED)


def test_nothing_of_it_is_left_in_any_file(in_files, full):
    encrypted = encrypted_values(full)
    before = bytes_on_disk(in_files)
    assert len(encrypted) > 15
    if connection.vendor == "sqlite":
        assert all(value.encode() in before for value in encrypted)
    actions.withdraw(full)
    if connection.vendor != "sqlite":
        compact()

    left = bytes_on_disk(in_files)
    assert [value for value in [*encrypted, *MARKS] if value.encode() in left] == []
    assert not list(in_files.glob("*-journal")) + list(in_files.glob("*-wal"))


def test_what_stayed_in_the_gaps_of_pages_is_gone_after_compacting(in_files, full):
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA secure_delete = OFF")
    encrypted = encrypted_values(full)
    actions.withdraw(full)
    before = bytes_on_disk(in_files)
    assert [value for value in encrypted if value.encode() in before]
    compact()

    left = bytes_on_disk(in_files)
    assert [value for value in encrypted if value.encode() in left] == []


def test_compacting_locks_every_table_but_the_record_of_staff(in_files):
    """PostgreSQL lets nobody read or write a table meanwhile, and the record is long."""
    with CaptureQueriesContext(connection) as asked:
        compact()
    statements = " ".join(query["sql"] for query in asked)
    assert "VACUUM" in statements
    assert "auditevent" not in statements


@pytest.mark.parametrize(("days", "compacted"), [(1, True), (3, False)])
def test_every_day_compacts_after_something_went(full, monkeypatch, days, compacted):
    called = []
    monkeypatch.setattr(
        "mesosite.enquiries.maintenance.retention.compact", lambda: called.append(1)
    )
    erase(full)
    Enquiry.objects.update(erased_at=timezone.now() - timedelta(days=days))
    run_daily_job()

    assert bool(called) == compacted


def test_compacting_that_finds_no_time_is_logged(in_files, caplog, monkeypatch):
    monkeypatch.setattr(
        "mesosite.enquiries.maintenance.compaction._compacting_sql", lambda: ["VACUUM nowhere"]
    )
    compact()

    assert "The database could not be compacted: " in caplog.text
    assert not Enquiry.objects.exists()
