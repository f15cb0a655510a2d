"""A database of version 1.0 goes on: after one `migrate` everything in it is there and is found.

`upgrade/` holds the dump of such a database under the tests' SECRET_KEY and DATA_KEYS, for SQLite
and for PostgreSQL, and `held.json`: what the version that made it read from it.
"""

import json
import sqlite3
import time
from contextlib import closing, nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from mesosite.enquiries.audit import triggers
from mesosite.enquiries.encryption.checks import encrypted_columns, prefix_of
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import encrypt
from mesosite.enquiries.models import AuditEvent, Enquiry, SearchTerm
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.pages.catalogue import content
from tests.enquiries.stored import write
from tests.inbox.asking import Browser

FOLDER = Path(__file__).parent / "upgrade"
HELD = json.loads((FOLDER / "held.json").read_text())
ENQUIRIES, STAFF = HELD["enquiries"], HELD["staff"]
NOT_ERASED = {code: held for code, held in ENQUIRIES.items() if held["state"] != State.ERASED}
SECOND = "/staff/login/second/"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def upgraded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The old database in place of the tests' own, migrated once for all tests of this module."""
    with django_db_blocker.unblock():
        tests_own = connections["default"]
        old = connections["default"] = tests_own.copy()
        try:
            _load(old, tests_own, tmp_path_factory.mktemp("old"))
            killed_at = _migrate_killed_between_batches()
            call_command("migrate", verbosity=0)
            yield killed_at
        finally:
            old.close()
            connections["default"] = tests_own
            if old.vendor != "sqlite":
                _execute(tests_own, f"DROP DATABASE IF EXISTS {old.settings_dict['NAME']}")


def _migrate_killed_between_batches():
    """[rows that have their id, rows that have none] where the process ended."""
    bound = import_module("mesosite.enquiries.migrations.0011_bound_to_their_rows")
    turns = iter([nullcontext, nullcontext])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bound, "BATCH", 2)
        patch.setattr(bound, "write", lambda: next(turns)())
        with pytest.raises(StopIteration):
            call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(row_id), COUNT(*) - COUNT(row_id) FROM enquiries_enquiry")
        return list(cursor.fetchone())


def _load(old, tests_own, folder):
    dump = (FOLDER / f"{old.vendor}.sql").read_text()
    if old.vendor == "sqlite":
        old.settings_dict["NAME"] = path = str(folder / "db.sqlite3")
        with closing(sqlite3.connect(path)) as database:
            database.executescript(dump)
        return
    name = old.settings_dict["NAME"] = f"{old.settings_dict['NAME']}_upgrade"
    _execute(tests_own, f"DROP DATABASE IF EXISTS {name}")
    _execute(tests_own, f"CREATE DATABASE {name}")
    _execute(old, dump)
    old.close()  # the dump has set the connection's search_path


def _execute(database, sql):
    with database.cursor() as cursor:
        cursor.execute(sql)


def as_held(enquiry):
    """What held.json says of an enquiry, as the site reads it now.

    A problem after a treatment was a topic then.
    """
    consent, resembles = enquiry.consent, enquiry.resembles
    entries = enquiry.timeline.select_related("person")
    return {
        "state": enquiry.state,
        "version": enquiry.version,
        "urgent": enquiry.urgent,
        "close_reason": enquiry.close_reason,
        "has_visit": bool(enquiry.visit_at),
        "has_news": enquiry.has_news,
        "topics": enquiry.topics + ["problem"] * enquiry.problem,
        "contact": enquiry.contact,
        "answers": enquiry.answers,
        "link": enquiry.link,
        "consent": consent and [consent.statement, consent.privacy, consent.language],
        "resembles": resembles and resembles.code,
        "notes": [note.text for note in enquiry.notes.all()],
        "messages": [message.text for message in enquiry.messages.all()],
        "mails": [[mail.kind, mail.content] for mail in enquiry.mails.order_by("id")],
        "timeline": [
            [entry.kind, entry.from_state, entry.to_state, entry.person and entry.person.email]
            for entry in entries
        ],
    }


def everything_stored():
    """Every value of every enquiry table but the consent texts, as it stands in the database."""
    models = apps.get_app_config("enquiries").get_models()
    tables = {model._meta.db_table for model in models} - {"enquiries_consenttext"}
    found = []
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def test_the_dump_has_every_state_and_kind_of_row():
    held = ENQUIRIES.values()
    assert {row["state"] for row in held} == set(State)
    for rows in ("notes", "messages", "mails", "consent", "resembles"):
        assert any(row[rows] for row in held)
    assert {mail[0] for row in held for mail in row["mails"]} > {"free_slot", "new_message"}


def test_a_migration_that_was_killed_goes_on_where_it_was(upgraded):
    assert upgraded == [4, len(ENQUIRIES) - 4]
    rows = [row for model, _column in encrypted_columns() for row in model.objects.all()]
    assert {len(row.row_id) for row in rows} == {32}
    assert SearchTerm.objects.values("enquiry").distinct().count() == len(NOT_ERASED)


def test_no_value_is_left_that_is_bound_to_its_column_alone():
    for model, column in encrypted_columns():
        prefixes = model.objects.annotate(prefix=prefix_of(column)).values_list("prefix", flat=True)
        assert {prefix[:2] for prefix in prefixes} <= {"", "2."}


def test_a_value_of_the_old_database_is_not_read_any_more():
    enquiry = Enquiry.objects.get(code=next(iter(NOT_ERASED)))
    write(enquiry, contact=encrypt('{"name": "Maria"}', "enquiries_enquiry.contact"))
    assert isinstance(enquiry.contact, Unreadable)


def test_every_enquiry_says_what_it_said():
    assert {row.code: as_held(row) for row in Enquiry.objects.all()} == ENQUIRIES


def test_a_problem_after_a_treatment_is_no_topic_any_more():
    held = {code for code, row in ENQUIRIES.items() if "problem" in row["topics"]}

    assert held
    assert set(Enquiry.objects.filter(problem=True).values_list("code", flat=True)) == held
    assert not [row for row in Enquiry.objects.all() if "problem" in row.topics]


def test_answers_and_days_follow_from_the_states():
    for enquiry in Enquiry.objects.exclude(state=State.ERASED):
        told = enquiry.state in (State.WAITING, State.BOOKED, State.CLOSED)
        told = told and enquiry.state_since >= enquiry.asked_at
        assert enquiry.answered_at == (enquiry.state_since if told else None)
        waits = enquiry.state == State.WAITING
        assert bool(enquiry.next_on) == waits
        if waits:
            assert (enquiry.next_on - enquiry.state_since.date()).days == 7
        assert (enquiry.due_at, enquiry.owner) == (None, None)  # the clinic has no hours


def test_promises_follow_from_the_hours_that_are_published(open_clinic, monkeypatch):
    open_clinic = replace(open_clinic, answer_within_hours=8)  # where it stood then
    monkeypatch.setitem(vars(content()), "clinic", open_clinic)
    migrations = MigrationLoader(connection).disk_migrations
    name = "0014_promises_of_stored_enquiries"
    (data,) = migrations["enquiries", name].operations
    data.code(apps, None)
    for enquiry in Enquiry.objects.exclude(state=State.ERASED):
        hours = 2 if enquiry.urgent else 8
        assert enquiry.due_at == open_clinic.answer_due(enquiry.asked_at, hours)
    assert not Enquiry.objects.filter(state=State.ERASED, due_at__isnull=False).exists()


def test_staff_find_each_by_name_email_phone_and_code():
    for code, held in NOT_ERASED.items():
        enquiry, contact = Enquiry.objects.with_code(code).get(), held["contact"]
        for text in filter(None, (contact["name"], contact["email"], contact["phone"])):
            assert enquiry in index.find(text)


def test_a_name_is_found_by_its_sound():
    found = {enquiry.contact["name"] for enquiry in index.find("papadopulu")}
    assert found == {"Μαρία Παπαδοπούλου", "Maria Papadopoulou"}


def test_each_patients_link_leads_to_the_page_of_the_enquiry(client):
    for code, held in NOT_ERASED.items():
        page = client.get(f"/consultation/r/{held['link']}/")
        assert (page.status_code, code[:5] in page.content.decode()) == (200, True)


def test_a_login_and_its_app_open_the_inbox(settings):
    client = Browser()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    login = {"login": STAFF["email"], "password": STAFF["password"]}
    assert client.post("/staff/login/", login)["Location"] == SECOND
    code = format_hotp_value(hotp_value(STAFF["app_secret"], int(time.time()) // 30))
    assert client.post(SECOND, {"code": code})["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_it_gives_nobody_a_right():
    """Who has which role stands in the dump; a login without one opens no request."""
    had = [(STAFF["email"], "manager")]
    assert list(User.objects.values_list("email", "groups__name")) == had
    assert not Permission.objects.filter(user__isnull=False).exists()
    assert not Permission.objects.filter(group__isnull=False).exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_recovery_codes_are_those_that_were_printed():
    user = User.objects.get(email=STAFF["email"])
    row = Authenticator.objects.get(user=user, type="recovery_codes")
    assert RecoveryCodes(row).get_unused_codes() == STAFF["recovery_codes"]


def test_under_another_secret_key_the_apps_secret_is_void(settings):
    settings.SECRET_KEY = "another-" + "x" * 50
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert get_adapter().decrypt(stored) not in (STAFF["app_secret"], stored)


def test_nothing_that_a_patient_gave_stands_plain():
    stored = everything_stored()
    for held in NOT_ERASED.values():
        contact = held["contact"]
        given = {contact["name"], contact["email"], contact["phone"], held["link"]}
        given |= {held["answers"]["message"], *held["notes"], *held["messages"]}
        assert not [text for text in given - {""} if text in stored]


def test_the_record_begins_protected():
    assert triggers.intact()
    assert not AuditEvent.objects.exists()


def test_a_new_enquiry_is_stored_beside_them(client):
    enquiry = Enquiry(topics=["peel"], contact={"name": "Eva"}, answers={})
    enquiry.store()
    enquiry.refresh_from_db()

    assert (enquiry.topics, enquiry.contact) == (["peel"], {"name": "Eva"})
    assert Enquiry.objects.count() == len(ENQUIRIES) + 1
