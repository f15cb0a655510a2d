"""What whoever reads the database, or a backup of it, can log in with: nothing."""

import time
from datetime import timedelta
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from allauth.account.views import INTERNAL_RESET_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from asgiref.sync import async_to_sync
from django.conf import settings as site
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from mesosite.enquiries.encryption.keys import Key
from mesosite.http.sessions import stored_key
from mesosite.inbox.accounts import password_link
from tests.inbox.conftest import PASSWORD

APP = "JBSWY3DPEHPK3PXP"
SECOND = "/staff/login/second/"


@pytest.fixture
def store():
    return import_module(site.SESSION_ENGINE).SessionStore


def log_in(client):
    data = {"login": "eleni@clinic.example", "password": PASSWORD}
    return client.post("/staff/login/", data)["Location"]


def code_at(secret, steps=0):
    """What an app shows `steps` half minutes from now; the site takes one step more or less."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def app_code(monkeypatch):
    """What the app shows. Time stands still: in a new half minute it would show another code."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    return code_at(APP)


def test_a_session_stands_in_the_database_under_no_key_that_opens_it(client, receptionist):
    log_in(client)
    cookie = client.cookies["session"].value
    stored = Session.objects.get().session_key
    assert cookie not in stored
    client.cookies["session"] = stored
    assert client.get("/staff/")["Location"].startswith("/staff/login/")
    client.cookies["session"] = cookie
    assert client.get("/staff/").status_code == 200


def test_nothing_in_a_session_can_be_read(client, receptionist, settings):
    """Neither the key of a link that sets a password, nor the secret of an app to be set up."""
    path = urlsplit(password_link(receptionist)).path
    client.get(path)
    key = client.session[INTERNAL_RESET_SESSION_KEY]
    assert key in path
    log_in(client)
    client.get("/staff/security/app/")
    secret = client.session["mfa.totp.secret"]
    stored = Session.objects.get().session_data
    assert stored.startswith(Key(site.SECRET_KEY.encode()).prefix())
    assert db.SessionStore().decode(stored) == {}  # as Django stores sessions, signed and readable
    assert key not in stored
    assert secret not in stored


def test_a_content_that_was_moved_from_another_session_ends_it(client, desk):
    client.get("/staff/login/passkey/", headers={"x-requested-with": "XMLHttpRequest"})
    mine = Session.objects.get(session_key=stored_key(client.cookies["session"].value))
    hers = Session.objects.exclude(pk=mine.pk).get()
    Session.objects.filter(pk=mine.pk).update(session_data=hers.session_data)
    assert client.get("/staff/")["Location"].startswith("/staff/login/")
    assert desk.get("/staff/").status_code == 200


@pytest.mark.parametrize("content", ["", "e30:1w:x", "1.0011aabb.x"])
def test_a_content_that_cannot_be_read_is_that_of_no_session(desk, content):
    Session.objects.update(session_data=content)
    assert desk.get("/staff/")["Location"].startswith("/staff/login/")


@pytest.mark.parametrize("step", [14, 120], ids=["in use", "covered"])
def test_a_session_ends_ten_hours_after_the_login(client, receptionist, clock, step):
    log_in(client)
    for _i in range(599 // step):
        clock(step)
        answer = client.get("/staff/")
        assert not answer.get("Location", "").startswith("/staff/login/")
    clock(step)
    assert client.get("/staff/")["Location"].startswith("/staff/login/")


def test_logging_out_takes_the_session_out_of_the_database(client, receptionist):
    log_in(client)
    cookie = client.cookies["session"].value
    client.post("/staff/logout/")
    client.cookies["session"] = cookie
    assert client.get("/staff/").status_code == 302


def test_a_new_key_keeps_what_the_session_holds_and_ends_the_old_one(store):
    session = store()
    session["a"] = 1
    session.save()
    old = session.session_key
    session.cycle_key()
    assert (store(old).load(), store(session.session_key).load()) == ({}, {"a": 1})
    assert Session.objects.count() == 1


def test_a_session_is_there_until_it_is_flushed(store):
    session = store()
    session.create()
    key = session.session_key
    assert store().exists(key)
    session.flush()
    assert not store().exists(key)
    assert not Session.objects.exists()


def test_a_session_whose_time_is_over_is_empty_and_swept(store):
    session = store()
    session["a"] = 1
    session.save()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert store(session.session_key).load() == {}
    call_command("clearsessions")
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_asynchronous_ways_store_no_plain_key_either(store):
    async def use():
        session = store()
        await session.aset("a", 1)
        await session.asave()
        return session.session_key, await store(session.session_key).aload()

    key, loaded = async_to_sync(use)()
    assert loaded == {"a": 1}
    assert Session.objects.get().session_key != key


def test_the_secrets_of_an_app_and_of_recovery_codes_are_stored_encrypted(receptionist):
    codes = RecoveryCodes.activate(receptionist)
    TOTP.activate(receptionist, APP)
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    prefix = Key(site.SECRET_KEY.encode()).prefix()
    assert stored["totp"]["secret"].startswith(prefix)
    assert stored["recovery_codes"]["seed"].startswith(prefix)
    assert codes.get_unused_codes() == RecoveryCodes(codes.instance).get_unused_codes()


def test_an_apps_code_opens_the_inbox_though_its_secret_is_encrypted(
    client, receptionist, app_code
):
    TOTP.activate(receptionist, APP)
    assert log_in(client) == SECOND
    assert client.post(SECOND, {"code": app_code})["Location"] == "/staff/"


def test_a_secret_that_wasstored_key_plain_still_works(client, receptionist, app_code):
    Authenticator.objects.create(user=receptionist, type="totp", data={"secret": APP})
    log_in(client)
    assert client.post(SECOND, {"code": app_code})["Location"] == "/staff/"


def test_under_another_secret_key_no_code_is_right(client, receptionist, settings, app_code):
    TOTP.activate(receptionist, APP)
    settings.SECRET_KEY = "another-" + "x" * 50
    log_in(client)
    assert b"too old" in client.post(SECOND, {"code": app_code}).content
