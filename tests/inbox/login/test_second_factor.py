"""A session enters the inbox with a second factor that it has shown itself, and no other way."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.http import HttpRequest

from mesosite.inbox.drafts import draft_of
from tests.inbox.asking import Browser, ask, press
from tests.inbox.conftest import PASSWORD
from tests.inbox.login.test_stolen import APP, SECOND, code_at, log_in

SETTING_UP = ["security/", "security/app/", "security/passkeys/add/", "confirm/password/"]
INSIDE = ["", "find/", "security/codes/", "security/codes/new/"]

COMMITTED = pytest.mark.django_db(transaction=True)  # allauth tells of a factor after its commit


@pytest.fixture(autouse=True)
def _needed(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def only_password(receptionist):
    """A session that gave the password before its owner had an app or a passkey."""
    session = Browser()
    assert log_in(session) == "/staff/"
    assert session.get("/staff/")["Location"] == "/staff/security/"
    return session


@pytest.mark.parametrize("path", [*SETTING_UP, *INSIDE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_with_only_the_password_is_put_out_once_there_is_an_app(
    only_password, receptionist, path, method
):
    TOTP.activate(receptionist, APP)
    RecoveryCodes.activate(receptionist)

    assert getattr(only_password, method)(f"/staff/{path}")["Location"] == "/staff/login/"
    assert "_auth_user_id" not in only_password.session
    assert "second step" in only_password.get("/staff/login/").content.decode()


@pytest.mark.parametrize("has_app", [True, False])
def test_a_note_from_a_session_with_only_the_password_is_kept_for_its_enquiry(
    only_password, receptionist, has_app
):
    enquiry = ask()
    if has_app:
        TOTP.activate(receptionist, APP)
    press(only_password, enquiry, "note", text="Prefers mornings")
    assert not enquiry.notes.exists()

    request = HttpRequest()
    request.session = only_password.session
    assert draft_of(request, enquiry)["text"] == "Prefers mornings"


@pytest.mark.parametrize("path", ["", "security/codes/"])
def test_without_any_factor_the_password_leads_to_setting_one_up(only_password, path):
    assert only_password.get(f"/staff/{path}")["Location"] == "/staff/security/"


def connect_app(session, code):
    session.get("/staff/security/app/")
    secret = session.session["mfa.totp.secret"]
    return session.post("/staff/security/app/", {"code": code(secret)})


@COMMITTED
def test_the_session_that_sets_up_an_app_enters_and_the_other_one_does_not(only_password, client):
    log_in(client)
    assert connect_app(client, code_at)["Location"] == "/staff/security/codes/"
    assert client.get("/staff/").status_code == 200
    assert only_password.get("/staff/")["Location"] == "/staff/login/"


def test_a_wrong_code_sets_nothing_up(only_password):
    connect_app(only_password, lambda secret: "000000")
    assert not Authenticator.objects.exists()
    assert only_password.get("/staff/")["Location"] == "/staff/security/"


def test_an_app_that_is_removed_takes_the_sessions_with_it_that_it_opened(client, receptionist):
    TOTP.activate(receptionist, APP)
    log_in(client)
    client.post(SECOND, {"code": code_at(APP)})
    assert client.get("/staff/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/staff/")["Location"] == "/staff/security/"


@COMMITTED
def test_new_recovery_codes_keep_the_session_that_an_old_one_opened(client, receptionist):
    TOTP.activate(receptionist, APP)
    codes = RecoveryCodes.activate(receptionist).get_unused_codes()
    log_in(client)
    client.post(SECOND, {"code": codes[0]})
    client.post("/staff/security/codes/new/")
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() != codes
    assert client.get("/staff/").status_code == 200


def test_the_second_step_of_a_login_ends_with_its_password(client, receptionist):
    TOTP.activate(receptionist, APP)
    log_in(client)
    user = User.objects.get()
    user.set_password(f"new {PASSWORD}")
    user.save()
    assert client.post(SECOND, {"code": code_at(APP)})["Location"] == "/staff/login/"
    assert client.get("/staff/").status_code == 302
