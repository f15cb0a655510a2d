"""Each event of a login is a line of the log: a code, a person's number, a hash of the network."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.core.management import call_command

from mesosite.enquiries.audit import record
from tests.inbox.asking import Browser, ask, press
from tests.inbox.conftest import PASSWORD
from tests.inbox.login.test_login import EMAIL, change_password, log_in
from tests.inbox.login.test_stolen import APP, SECOND, code_at
from tests.log_records import logged

HOME = "198.51.100.7"


@pytest.fixture
def lines(monkeypatch):
    """A function: each line of the log until now, without time, level and logger."""
    monkeypatch.setattr(record, "on_commit", lambda log: log())  # a test is one transaction
    with logged() as printed:
        yield lambda: re.findall(r"audit\.record (.*)", printed())


@pytest.fixture
def home():
    return Browser(REMOTE_ADDR=HOME)


def events(lines):
    return [line.split()[0] for line in lines()]


def test_a_login_and_its_end_name_the_person_and_what_was_shown(home, receptionist, lines):
    TOTP.activate(receptionist, APP)
    log_in(home)
    home.post(SECOND, {"code": code_at(APP)})
    home.post("/staff/logout/")
    came, left = lines()
    person = f"person={receptionist.pk}"
    assert re.fullmatch(rf"in {person} network=[0-9a-f]{{12}} by=password\+totp", came)
    assert left.startswith(f"out {person} ")


def test_failures_and_locks_are_told_apart(home, receptionist, lines):
    for _i in range(6):
        log_in(home, "wrong")
    log_in(home, "wrong", "nobody@clinic.example")
    assert events(lines) == ["failed"] * 5 + ["locked", "failed"]
    assert f"person={receptionist.pk}" in lines()[0]
    assert "person=-" in lines()[-1]


PASSKEYS = [
    "[1]",
    '"x"',
    '{"id": "x"}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "MQ"}}',
]


def test_a_wrong_code_is_a_failure(home, receptionist, lines):
    TOTP.activate(receptionist, APP)
    log_in(home)
    home.post(SECOND, {"code": "000000"})
    assert lines()[-1].startswith(f"failed person={receptionist.pk} ")
    assert lines()[-1].endswith(" by=code")


@pytest.mark.parametrize("credential", PASSKEYS)
def test_a_wrong_passkey_is_a_failure(home, receptionist, lines, credential):
    home.get("/staff/login/passkey/", headers={"x-requested-with": "XMLHttpRequest"})
    answer = home.post("/staff/login/passkey/", {"credential": credential})
    assert answer["Location"] == "/staff/login/"
    assert lines()[-1].startswith("failed person=- ")
    assert lines()[-1].endswith(" by=passkey")


@pytest.mark.parametrize("credential", PASSKEYS)
def test_what_is_no_passkey_is_not_added(home, receptionist, credential):
    log_in(home)
    home.get("/staff/security/passkeys/add/")
    page = home.post("/staff/security/passkeys/add/", {"name": "x", "credential": credential})
    assert page.status_code == 200
    assert b"not right" in page.content
    assert not Authenticator.objects.exists()


def test_one_network_has_one_hash_and_no_line_has_an_address_or_words(receptionist, lines):
    for network in (HOME, HOME, "203.0.113.9"):
        log_in(Browser(REMOTE_ADDR=network), "a-wrong-secret")
    hashes = [re.search(r"network=(\w+)", line)[1] for line in lines()]
    assert hashes[0] == hashes[1] != hashes[2]
    for words in (HOME, "203.0.113", EMAIL, "eleni", "a-wrong-secret"):
        assert words not in "".join(lines())


@pytest.mark.django_db(transaction=True)
def test_a_new_factor_its_end_and_a_new_password_are_told(home, receptionist, lines):
    log_in(home)
    home.get("/staff/security/app/")
    home.post("/staff/security/app/", {"code": code_at(home.session["mfa.totp.secret"])})
    change_password(home, f"new {PASSWORD}")
    home.post("/staff/security/app/remove/")
    assert events(lines)[1:] == [
        "factor_added",
        "factor_added",
        "password_set",
        "factor_removed",
        "factor_removed",
    ]


def test_the_command_tells_what_it_did(receptionist, lines):
    call_command("staff", email=EMAIL)
    call_command("staff", email=EMAIL, disable=True)
    assert lines() == [
        f"{event} person={receptionist.pk} network=-" for event in ("link_made", "disabled")
    ]


def test_a_refused_page_is_told_with_its_name(home, lines):
    home.force_login(User.objects.create_user("visitor"))
    home.get("/staff/closed/")
    assert lines()[-1].startswith("refused ")
    assert lines()[-1].endswith(" page=inbox:closed")


def test_a_step_without_its_token_is_refused_too(receptionist, lines):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(receptionist)
    strict.post("/staff/find/", {"text": "Μαρία"})
    assert lines()[-1].endswith(" page=inbox:find")
    assert events(lines)[-1] == "refused"


def test_who_opens_an_enquiry_and_who_searches_is_told_without_a_word_of_it(
    desk, receptionist, lines
):
    enquiry = ask(contact={"name": "Μαρία Παπά"})
    desk.get(f"/staff/e/{enquiry.code}/")
    desk.get(desk.post("/staff/find/", {"text": "Μαρία"})["Location"])
    desk.get("/staff/e/Maria-Papa-private/")
    opened, searched = lines()
    person = f"person={receptionist.pk} network=[0-9a-f]{{12}}"
    assert re.fullmatch(f"opened {person} code={enquiry.code}", opened)
    assert re.fullmatch(f"searched {person} kind=name found=1", searched)


def test_a_step_is_told_with_what_it_changed(desk, receptionist, lines):
    enquiry = ask()
    press(desk, enquiry, "wait")
    assert lines()[-1].startswith(f"changed person={receptionist.pk} ")
    assert lines()[-1].endswith(f" code={enquiry.code} change=moved to=waiting")
