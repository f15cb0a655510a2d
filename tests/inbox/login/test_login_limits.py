"""Guessing is slow, counted for all processes together, and no stranger keeps a person out."""

import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.utils import timezone

from mesosite.enquiries.models import Rate
from mesosite.inbox.accounts import password_link
from mesosite.inbox.login import limits
from mesosite.inbox.login.codes import use_code
from tests.enquiries.test_rate_limits import in_threads
from tests.inbox.asking import Browser
from tests.inbox.conftest import PASSWORD
from tests.inbox.login.test_login import EMAIL, log_in, set_password
from tests.inbox.login.test_stolen import APP, SECOND, code_at

LOCKED = "Too many attempts"
HOME, STRANGE = "198.51.100.7", "203.0.113.9"


def at(network):
    return Browser(REMOTE_ADDR=network)


def guess(network, times, email=EMAIL):
    """The last answer to so many wrong passwords from one network."""
    for _i in range(times):
        answer = log_in(at(network), "wrong", email)
    return answer.content.decode()


def enters(network, email=EMAIL):
    answer = log_in(at(network), PASSWORD, email)
    return answer.status_code == 302 and answer["Location"] == "/staff/"


def test_after_five_wrong_passwords_the_right_one_waits_too(receptionist):
    assert LOCKED not in guess(STRANGE, 5)
    assert LOCKED in log_in(at(STRANGE)).content.decode()
    assert enters(HOME)


def test_it_waits_ten_minutes_however_often_one_tries_meanwhile(receptionist, monkeypatch):
    guess(STRANGE, 9)
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert enters(STRANGE)


def test_a_right_password_is_taken_back(receptionist):
    assert all(enters(STRANGE) for _i in range(7))


def test_another_person_s_attempts_flush_nothing(receptionist):
    guess(STRANGE, 5)
    for number in range(40):
        guess(STRANGE, 1, f"{number}@clinic.example")
    assert not enters(STRANGE)
    assert LOCKED in guess(STRANGE, 1, "one-more@clinic.example")
    assert Rate.objects.count() < 100


def test_a_network_that_is_refused_adds_no_rows(receptionist):
    guess(STRANGE, 31)
    rows = Rate.objects.count()
    guess(STRANGE, 3, "somebody@clinic.example")
    assert Rate.objects.count() == rows


def test_who_is_no_staff_is_counted_like_staff(db):
    assert LOCKED in guess(STRANGE, 6, "nobody@clinic.example")


@pytest.mark.parametrize("spelled", [EMAIL.upper(), EMAIL.replace("clinic", "ｃｌｉｎｉｃ")])
def test_another_spelling_of_an_address_has_the_same_limit(receptionist, spelled):
    guess(STRANGE, 5)
    assert LOCKED in guess(STRANGE, 1, spelled)


@pytest.fixture
def few_of_one_person(monkeypatch):
    """One person's limit over all networks, low enough for a test."""
    monkeypatch.setitem(limits.PERSON, "password", (6, timedelta(hours=1)))


def test_many_networks_together_close_a_password_but_not_where_its_owner_logs_in(
    receptionist, few_of_one_person
):
    assert enters(HOME)
    for number in range(4):
        guess(f"192.0.2.{number}", 2)
    assert not enters(STRANGE)
    assert enters(HOME)


def test_one_network_closes_a_password_nowhere_else(receptionist, few_of_one_person):
    guess(STRANGE, 20)
    assert enters(HOME)


def test_a_new_link_opens_the_network_that_it_is_used_from(receptionist, few_of_one_person):
    guess(HOME, 6)
    guess(STRANGE, 6)
    guess("192.0.2.1", 6)
    assert not enters(HOME)
    set_password(at(HOME), urlsplit(password_link(receptionist)).path)
    assert enters(HOME)
    assert not enters(STRANGE)


def test_a_crowded_network_keeps_nobody_out_who_logs_in_from_it(receptionist):
    assert enters(HOME)
    for number in range(31):
        guess(HOME, 1, f"{number}@clinic.example")
    assert LOCKED in guess(HOME, 1, "0@clinic.example")
    assert enters(HOME)


def test_the_neighbours_of_one_ipv6_network_are_counted_together(receptionist):
    for number in range(5):
        guess(f"2001:db8::{number}", 1)
    assert not enters("2001:db8::ffff")


def second_step(network, code):
    session = at(network)
    log_in(session)
    return session.post(SECOND, {"code": code})


def test_after_five_wrong_codes_the_right_one_waits_too(receptionist):
    TOTP.activate(receptionist, APP)
    for _i in range(5):
        assert "not right" in second_step(STRANGE, "000000").content.decode()
    assert LOCKED in second_step(STRANGE, code_at(APP)).content.decode()
    assert second_step(HOME, code_at(APP))["Location"] == "/staff/"


def test_a_wrong_password_counts_where_it_confirms_or_changes_one_too(receptionist):
    session = at(HOME)
    session.force_login(receptionist)
    wrong = {"oldpassword": "wrong", "password1": "x" * 3, "password2": "x" * 3}
    for _i in range(3):
        session.post("/staff/confirm/password/", {"password": "wrong"})
        page = session.post("/staff/security/password/", wrong).content.decode()
    assert LOCKED in page
    assert not enters(HOME)


@pytest.fixture
def clock(monkeypatch):
    """Time stands still in the middle of a half minute."""
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: now)
    return datetime.fromtimestamp(now)  # noqa: DTZ006


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True)])
def test_a_code_may_be_half_a_minute_old(receptionist, clock, steps, taken):
    TOTP.activate(receptionist, APP)
    assert (second_step(HOME, code_at(APP, steps)).status_code == 302) is taken


@pytest.mark.parametrize("steps", [0, -1])
def test_a_code_logs_in_once_and_an_older_one_not_after_it(receptionist, clock, steps):
    TOTP.activate(receptionist, APP)
    assert second_step(HOME, code_at(APP)).status_code == 302
    cache.clear()  # as in another process
    assert "not right" in second_step(STRANGE, code_at(APP, steps)).content.decode()
    assert second_step(STRANGE, code_at(APP, 1)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_with_one_code_one_enters(receptionist, clock):
    TOTP.activate(receptionist, APP)
    read_before = [Authenticator.objects.get() for _i in range(8)]
    assert sum(in_threads(lambda n: use_code(read_before[n], code_at(APP)), 8)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_code_that_connects_an_app_does_not_log_in(client, receptionist, clock):
    log_in(client)
    client.get("/staff/security/app/")
    code = code_at(client.session["mfa.totp.secret"])
    client.post("/staff/security/app/", {"code": code})
    assert "not right" in second_step(HOME, code).content.decode()


@pytest.mark.parametrize("path", ["security/app/", "login/second/", "confirm/code/"])
def test_a_phone_offers_digits_and_fills_in_the_code(receptionist, client, path):
    log_in(client)
    if path != "security/app/":
        TOTP.activate(receptionist, APP)
    if path == "login/second/":
        log_in(client := at(HOME))
    page = client.get(f"/staff/{path}").content.decode()
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
