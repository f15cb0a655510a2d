"""A marker: a word of its own, put into all that a browser sends, and looked for everywhere."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client

from mesosite.inbox.accounts import make_login
from tests.enquiries.filled_in import FORM, answers
from tests.requests import ask

MARK = "zqxmarker7"
FORM_TYPE = "application/x-www-form-urlencoded"
WRITTEN = {
    "name": f"{MARK} Papa",
    "email": f"{MARK}@example.com",
    "message": f"My {MARK}",
    "unknown": MARK,
    MARK: MARK,
}
HEADERS = {
    "user-agent": MARK,
    "referer": f"http://127.0.0.1:8000/{MARK}/",
    "x-forwarded-for": MARK,
    "x-request-id": MARK,
    "accept-language": MARK,
}
HELD_BY_SESSIONS: list[str] = []  # what each was given to store, before it was encrypted
COOKIES = {"cookie": f"session={MARK}; csrf={MARK}; messages={MARK}"}


def browser(**headers):
    """The browser of a patient, with the word in every header."""
    return Client(headers=HEADERS | COOKIES | headers, raise_request_exception=False)


def at_desk(role="receptionist"):
    """The browser at the reception desk, logged in."""
    client = Client(headers=HEADERS, raise_request_exception=False)
    client.force_login(make_login("eleni@clinic.example", name="Eleni", roles=[role]))
    return client


def post(client, path, data):
    return client.post(path, urlencode(data, doseq=True), content_type=FORM_TYPE)


def send(changes, **headers):
    """Send the consultation form with the word in every field that takes it."""
    return post(browser(**headers), FORM, answers(**WRITTEN | changes))


def ask_server(address, **asked):
    """Ask the whole application. Django must not close the connection that the test is in."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        return ask(address, **asked, HTTP_USER_AGENT=MARK, HTTP_REFERER=MARK)
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def failing(error):
    """In place of something that works."""

    def fail(*args, **kwargs):
        raise error

    return fail


def traces(printed):
    """Where the word is found, in lines of the log or rows of a table or names of files."""
    found = [f"printed: {line}" for line in printed.splitlines() if has_mark(line)]
    found += [f"{table}: {row}" for table, row in rows() if has_mark(repr(row))]
    found += [f"session: {held}" for held in HELD_BY_SESSIONS if has_mark(held)]
    return found + [str(path) for path in files() if has_mark(inside(path))]


def has_mark(text):
    return MARK in text.lower()


def rows():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            yield from ((table, row) for row in cursor.fetchall())


def files():
    return [path for path in settings.VAR_DIR.rglob("*") if path.is_file()]


def inside(path):
    """What a file says, the envelope of a mail to the patient aside, and how it is called."""
    lines = path.read_text("latin-1").splitlines()
    return "\n".join([str(path), *(line for line in lines if not line.startswith("To: "))])
