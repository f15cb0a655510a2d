import contextlib
import datetime
import sqlite3

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.mail import sender
from tests.enquiries.mail.queue import Backend, queued

NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)
WORKDAY = ((datetime.time(9), datetime.time(17)),)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock of the site: at(time). It stands at NOON: counts begin again at midnight."""
    for model in apps.get_app_config("enquiries").get_models():
        for field in model._meta.concrete_fields:
            if field.default is timezone.now:  # fields hold the function itself
                monkeypatch.setattr(field, "_get_default", lambda: timezone.now())

    def set_clock(time):
        monkeypatch.setattr(timezone, "now", lambda: time)

    set_clock(NOON)
    return set_clock


@pytest.fixture
def open_clinic(as_clinic):
    hours = dict.fromkeys(range(7), WORKDAY)
    return as_clinic(hours=hours, answer_within_hours=8, country="GR", phone="+30 210 000 0000")


@pytest.fixture
def receptionist(db):
    return get_user_model().objects.create(username="eleni", email="eleni@example.com")


@pytest.fixture
def enquiry(db):
    return submit(topics=["peel"], contact={"name": "Ana"}, answers={}).enquiry


@pytest.fixture
def many_connections(transactional_db, tmp_path):
    """A database that is open to several connections at once; in memory SQLite's is not.

    Returns the path of the file on SQLite.
    """
    if connection.vendor != "sqlite":
        yield None
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "db.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as copy:
        in_memory.backup(copy)
        copy.execute("VACUUM")
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield path
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture
def mail(db):
    """A mail that waits."""
    return queued()


@pytest.fixture
def server(monkeypatch):
    """`server(job)`: the mail server does it, or raises it, when a mail is given to it."""
    return lambda job: monkeypatch.setattr(sender, "get_connection", lambda: Backend(job))
