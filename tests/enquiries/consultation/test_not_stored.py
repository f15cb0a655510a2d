"""What breaks below the site: the patient is told, nothing is stored by half, and it heals."""

import contextlib
import fcntl
import sqlite3
from html.parser import HTMLParser
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db import connections as all_connections

from mesosite.enquiries import transactions
from mesosite.enquiries.models import ConsentText, Enquiry, Entry, OutgoingMail, Rate, SearchTerm
from mesosite.pages.catalogue import all_questions
from tests.enquiries.filled_in import FORM, answers
from tests.requests import ask

EVERYTHING = {
    "topics": ["peel", "microneedling"],
    "questions": sorted(all_questions())[:2],
    "message": "Πονάει;\nI would <rather> know & see.",
    "phone": "+30 691 234 5678",
    "contact_by": "text",
    "leave_message": "no",
    "best_time": ["evening"],
    "help_needed": ["interpreter", "woman"],
}
ON_POSTGRES = all_connections.settings["default"]["ENGINE"].endswith("postgresql")


def press(data):
    """Sends the form as to the server itself, over a connection to the database of its own."""
    connection.close()
    return press_again(data)


def press_again(data):
    """The same over the connection that the last request left open."""
    body = urlencode(data, doseq=True).encode()
    kind = "application/x-www-form-urlencoded"
    return ask(FORM, "POST", body=body, CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body)))


def with_settings(**changes):
    return mock.patch.dict(connection.settings_dict, changes)


def with_option(**changes):
    return mock.patch.dict(connection.settings_dict["OPTIONS"], changes)


@contextlib.contextmanager
def locked(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with with_option(timeout=0.01):
            yield


@contextlib.contextmanager
def read_for_too_long(path):
    """The COMMIT itself fails: it waits for readers."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM enquiries_enquiry").fetchone()
        with with_option(timeout=0.01):
            yield


@contextlib.contextmanager
def full(path):
    with contextlib.closing(sqlite3.connect(path)) as other:
        (pages,) = other.execute("PRAGMA page_count").fetchone()
    first = connection.settings_dict["OPTIONS"]["init_command"]
    with with_option(init_command=f"{first} PRAGMA max_page_count={pages};"):
        yield


def read_only(path):
    return with_settings(NAME=f"file:{path}?mode=ro")


def missing(path):
    return with_settings(NAME=str(path.parent / "not-mounted" / "db.sqlite3"))


@contextlib.contextmanager
def without_a_lock_file(path):
    with mock.patch.object(transactions, "LOCK_FILE", "a-folder"):
        folder = transactions.settings.VAR_DIR / "a-folder"
        folder.mkdir()
        yield
        folder.rmdir()


@contextlib.contextmanager
def somebody_elses_turn(path=None):
    with open(transactions.settings.VAR_DIR / transactions.LOCK_FILE, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with mock.patch.object(transactions, "TIMEOUT", 0.01):
            yield


def server_gone(path):
    return with_settings(HOST=str(transactions.settings.VAR_DIR), PORT="1")


@contextlib.contextmanager
def server_stopped_meanwhile(path):
    """It ends the connection in the middle of the transaction."""

    def store(enquiry, *rows):
        real(enquiry, *rows)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    real = Enquiry.store
    with mock.patch.object(Enquiry, "store", store):
        yield


def disk_error(path):
    return mock.patch.object(Enquiry, "store", side_effect=OSError(28, "No space left on device"))


ON_SQLITE_ONLY = [locked, read_for_too_long, full, read_only, missing]
ON_SQLITE_ONLY += [without_a_lock_file, somebody_elses_turn]
ON_POSTGRES_ONLY = [server_gone, server_stopped_meanwhile]
BROKEN = [disk_error, *(ON_POSTGRES_ONLY if ON_POSTGRES else ON_SQLITE_ONLY)]


class Filled(HTMLParser):
    """What a browser would send of a page's form: {name: [value, …]} in `fields`."""

    def __init__(self, html):
        super().__init__()
        self.fields, self._area = {}, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        choice = attrs.get("type") in ("checkbox", "radio")
        if tag == "input" and "name" in attrs and ("checked" in attrs or not choice):
            value = attrs.get("value", "on" if choice else "")
            self.fields.setdefault(attrs["name"], []).append(value)
        self._area = attrs["name"] if tag == "textarea" else None

    def handle_data(self, data):
        if self._area:  # a browser drops the line break that a text begins with
            self.fields[self._area] = [data.removeprefix("\n")]
            self._area = None


def as_lists(data):
    return {name: value if isinstance(value, list) else [value] for name, value in data.items()}


def rows():
    tables = (Enquiry, Entry, OutgoingMail, SearchTerm, Rate, ConsentText)
    return [table.objects.count() for table in tables]


@pytest.mark.parametrize("broken", BROKEN)
def test_the_patient_is_told_that_it_was_not_sent(many_connections, open_clinic, broken):
    with broken(many_connections):
        answer = press(answers())

    page = answer.body.decode()
    assert answer.status == 503
    assert "Your request was not sent" in page
    assert 'href="tel:+302100000000"' in page
    assert answer.headers["cache-control"] == "no-cache, private"


@pytest.mark.parametrize("broken", BROKEN)
def test_every_field_is_still_there(many_connections, broken):
    data = as_lists(answers(**EVERYTHING))
    with broken(many_connections):
        filled = Filled(press(data).body.decode()).fields

    assert {name: sorted(filled[name]) for name in data} == {
        name: sorted(values) for name, values in data.items()
    }


@pytest.mark.parametrize("broken", BROKEN)
def test_nothing_is_stored_by_half(many_connections, broken):
    with broken(many_connections):
        press(answers(**EVERYTHING))

    assert rows() == [0] * 6


def test_a_connection_that_died_between_two_requests_is_noticed(many_connections):
    press(answers())
    if ON_POSTGRES:
        with contextlib.closing(connection.copy()) as other, other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
    else:
        connection.close()

    assert press_again(answers(name="Somebody Else")).status == 302
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize("broken", BROKEN)
def test_it_heals_by_itself(many_connections, broken):
    data = answers(**EVERYTHING)
    with broken(many_connections):
        press(data)

    assert press(data).status == press(data).status == 302
    assert (Enquiry.objects.count(), Entry.objects.count(), OutgoingMail.objects.count()) == (
        1,
        1,
        2,
    )


@pytest.mark.parametrize("broken", BROKEN)
def test_no_word_of_the_patient_gets_into_the_log(many_connections, broken, caplog):
    with broken(many_connections):
        press(answers(**EVERYTHING))

    assert "An enquiry could not be stored" in caplog.text
    assert not any(word in caplog.text for word in ("Πονάει", "rather", "Μαρία", "maria@", "cold"))
