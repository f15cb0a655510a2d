"""Logs carry codes only: enough to find what went wrong, nothing of who was there."""

import logging
import sqlite3
import subprocess
import sys
from smtplib import SMTPDataError

import psycopg
import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import IntegrityError, OperationalError, ProgrammingError, connection
from django.test import Client

from mesosite.http.guard import guard
from mesosite.logs import logging_for, message_for_operator
from mesosite.pages.content.errors import ContentError
from tests.log_records import logged
from tests.requests import ask

SAID = "Maria has cold sores"


@pytest.fixture
def log():
    with logged() as printed:
        yield printed


def raising(error, cause=None):
    def app(*args, **kwargs):
        raise error from cause

    return app


def test_the_projects_own_words_are_printed(log):
    logging.getLogger("mesosite.enquiries.consultation.views").error(
        "Not stored: %s", "OperationalError"
    )

    assert log().endswith(
        "ERROR mesosite.enquiries.consultation.views Not stored: OperationalError\n"
    )


FOREIGN = [
    ("django.request", "Not Found: %s", [f"/consultation/r/{SAID}/"]),
    ("django.security.DisallowedHost", SAID, []),
    ("django.db.backends", "(%.3f) %s; args=%s", [0.1, "SELECT", SAID]),
    ("allauth.account", SAID, []),
    ("asyncio", f"{SAID} %s", [SAID]),
    ("_granian", SAID, []),
    ("py.warnings", "%s", [SAID]),
    ("mesositely", SAID, []),
]


@pytest.mark.parametrize(("name", "words", "arguments"), FOREIGN)
def test_of_anybody_else_only_the_place_is_printed(name, words, arguments, log):
    logging.getLogger(name).error(words, *arguments, stack_info=True)

    assert log().count("\n") == 1
    assert f" ERROR {name} tests/test_logs.py:" in log()
    assert SAID not in log()


def test_an_exception_is_printed_by_class_and_place(log):
    app = guard(raising(ValueError(SAID)))

    assert ask("/", app=app).status == 500
    assert "ERROR mesosite.http.guard An answer failed outside of Django. ValueError at " in log()
    assert "at mesosite/http/guard.py:" in log()
    assert SAID not in log()


def test_what_an_exception_came_from_is_printed_likewise(log):
    app = guard(raising(ValueError(SAID), cause=OSError(28, SAID)))
    ask("/", app=app)

    assert "ValueError at mesosite/http/guard.py:" in log()
    assert log().endswith(" from OSError(28)\n")
    assert SAID not in log()


@pytest.mark.django_db
def test_what_the_database_calls_an_error_is_printed(log):
    with pytest.raises(IntegrityError) as refused, connection.cursor() as cursor:
        cursor.execute("INSERT INTO enquiries_rate VALUES (%s, NULL, 1)", [SAID])
    logging.getLogger("mesosite").error("refused", exc_info=refused.value)

    assert "IntegrityError(SQLITE_CONSTRAINT_NOTNULL) at django/db/backends/sqlite3/" in log()
    assert SAID not in log()


def test_a_code_that_is_no_code_is_not_printed(log):
    error = OSError(SAID)
    error.errno = SAID
    logging.getLogger("mesosite").error("refused", exc_info=error)

    assert log().endswith("refused OSError\n")


@pytest.fixture
def broken_search(monkeypatch):
    monkeypatch.setattr(
        "mesosite.enquiries.consultation.views.read_ticket", raising(KeyError(SAID))
    )


def test_a_failure_can_be_found_by_its_route(broken_search, log):
    answer = Client(raise_request_exception=False).get(f"/consultation/sent/?e={SAID}")

    assert answer.status_code == 500
    assert "ERROR django.request" in log()
    assert " 500 /consultation/sent/ KeyError at mesosite/" in log()
    assert "mesosite/enquiries/consultation/views.py:" in log()
    assert SAID not in log()


def test_the_page_of_a_failure_is_the_same_for_everybody(broken_search):
    client = Client(raise_request_exception=False)
    inside = client.get(f"/consultation/sent/?e={SAID}").content
    outside = ask(f"/{SAID}/", app=guard(raising(ValueError(SAID))))

    assert inside == outside.body
    assert b"It is not your fault" in outside.body
    assert SAID.encode() not in outside.body
    assert outside.headers["content-security-policy"]
    assert outside.headers["cache-control"] == "no-store"


def test_a_failure_after_the_answer_began_is_a_failure():
    def app(environ, start_response):
        start_response("200 OK", [("Set-Cookie", SAID)])
        raise ValueError(SAID)

    answer = ask("/", app=guard(app))

    assert answer.status == 500
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/nothing/", "/consultation/?q=%ff"])
def test_what_is_not_there_is_not_printed(path, log):
    assert Client().get(path).status_code in (400, 404)
    assert log() == ""


def test_nobody_is_mailed_about_a_failure(broken_search, mailoutbox):
    site_settings.ADMINS = [("Operator", "operator@clinic.example")]
    Client(raise_request_exception=False).get("/consultation/sent/")
    del site_settings.ADMINS

    assert mailoutbox == []


PAST_LOGGING = [
    ("import warnings; warnings.warn('{}')", "WARNING mesosite.logs UserWarning at <string>:1"),
    ("raise ValueError('{}')", "CRITICAL mesosite.logs ended by ValueError at <string>:1"),
    (
        "import threading as t; t.Thread(target=int, args=['{}']).start()",
        "ERROR mesosite.logs uncaught ValueError at ",
    ),
    (
        "type('X', (), {{'__del__': lambda x: int('{}')}})()",
        "ERROR mesosite.logs uncaught ValueError at <string>:1",
    ),
]


def printed_by(code, **environment):
    code = f"import django; django.setup(); {code}"
    env = {"DJANGO_SETTINGS_MODULE": "mesosite.settings", "VAR_DIR": str(site_settings.VAR_DIR)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=env | environment, cwd=site_settings.BASE_DIR, capture_output=True, text=True
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(("code", "line"), PAST_LOGGING)
def test_what_python_prints_by_itself_goes_the_same_way(code, line):
    printed = printed_by(code.format(SAID))

    assert line in printed
    assert SAID not in printed


def test_a_slip_in_a_line_for_the_log_prints_nothing():
    """Python would print the arguments that did not fit."""
    code = f"import logging; logging.getLogger('mesosite').error('%d', '{SAID}')"

    assert printed_by(code) == ""


def test_what_is_said_to_the_operator_is_printed():
    code = "from django.core.management import CommandError; raise CommandError('Use another')"

    assert "CommandError: Use another" in printed_by(code)


def caused(error, cause):
    error.__cause__ = cause
    return error


def sqlite_error(name):
    cause = sqlite3.OperationalError(SAID)
    cause.sqlite_errorname = name
    return caused(OperationalError(SAID), cause)


def postgres_error(code):
    cause = psycopg.ProgrammingError(SAID)
    cause.sqlstate = code
    return caused(ProgrammingError(SAID), cause)


SHOWN = [
    (CommandError("Use another"), "Use another"),
    (ImproperlyConfigured("PORT is a number"), "PORT is a number"),
    (ContentError("clinic.yaml", 7, "No such day.", "Write Monday."), "Write Monday."),
    (OperationalError("no such table: x"), "The database lacks a table"),
    (postgres_error("42P01"), "The database lacks a table"),
    (sqlite_error("SQLITE_READONLY_DIRECTORY"), "cannot be written"),
    (sqlite_error("SQLITE_CANTOPEN"), "cannot be written"),
    (sqlite_error("SQLITE_FULL"), "The disk is full."),
    (sqlite_error("SQLITE_BUSY"), "Another process holds the database"),
    (caused(OperationalError(SAID), OSError(28, SAID)), "No space left on device"),
    (OperationalError(SAID), "The database does not answer."),
    (OSError(13, SAID, site_settings.VAR_DIR / "mail"), f"denied: {site_settings.VAR_DIR}/mail"),
    (OSError(13, SAID, f"/tmp/{SAID}"), "Permission denied"),
    (ValueError("Missing staticfiles manifest entry for 'site.css'"), "Run: make publish"),
]


@pytest.mark.parametrize(("error", "message"), SHOWN)
def test_a_message_that_holds_nobodys_words_is_shown(error, message):
    shown = message_for_operator(error)

    assert message in shown
    assert SAID not in shown


HIDDEN = [
    ValueError(SAID),
    KeyError(SAID),
    IntegrityError(SAID),
    sqlite_error("SQLITE_CONSTRAINT"),
    postgres_error("23505"),
    SMTPDataError(550, SAID),
    OSError(SAID),
]


@pytest.mark.parametrize("error", HIDDEN)
def test_a_message_that_may_hold_them_is_not(error):
    assert message_for_operator(error) == ""


def test_who_develops_sees_the_words():
    assert SAID in printed_by(f"raise ValueError('{SAID}')", DEBUG="on")
    assert logging_for(debug=True)["formatters"]["console"] == {"()": "logging.Formatter"}
