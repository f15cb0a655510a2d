import datetime
import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor

from mesosite.inbox.accounts import is_number, make_login, password_link, site_address
from mesosite.inbox.management.commands.staff import Command
from mesosite.inbox.roles import Role, roles_of
from tests.inbox.asking import Browser
from tests.inbox.conftest import PASSWORD

EMAIL = "eleni@clinic.example"


def log_in(client, password=PASSWORD, email=EMAIL):
    return client.post("/staff/login/", {"login": email, "password": password})


def staff(capsys, **options):
    """Runs the command; the path of the link that it printed."""
    call_command("staff", **options)
    return re.search(r"http://localhost:8000(/staff/password/\S+)", capsys.readouterr().out)[1]


def set_password(client, path, password=PASSWORD):
    """Opens the link as a browser does, and answers the form behind it if there is one."""
    asked = client.get(path, follow=True)
    form = asked.redirect_chain[-1][0] if asked.redirect_chain else path
    return client.post(form, {"password1": password, "password2": password})


def test_a_link_makes_a_login_that_opens_the_inbox(client, capsys):
    path = staff(capsys, email="New@Clinic.example", name="Nikos", role="clinician")
    assert set_password(client, path)["Location"] == "/staff/login/"
    assert log_in(client, email="new@clinic.example")["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    user = User.objects.get(email="new@clinic.example")
    assert (user.first_name, user.groups.get().name) == ("Nikos", "clinician")


@pytest.mark.parametrize("typed", ["desk@παράδειγμα.ελ", "DESK@xn--hxajbheg2az3al.xn--qxam"])
def test_a_login_takes_its_address_in_any_spelling(client, capsys, typed):
    set_password(client, staff(capsys, email="Desk@Παράδειγμα.ελ\u200f"))
    assert User.objects.get().email == "desk@xn--hxajbheg2az3al.xn--qxam"
    assert log_in(client, email=typed)["Location"] == "/staff/"


@pytest.mark.parametrize("typed", ["desk@παράδειγμα.ελ", "DESK@xn--hxajbheg2az3al.xn--qxam"])
def test_a_login_stored_with_a_domain_in_letters_stays_open(client, capsys, typed):
    old = User.objects.create_user("desk", "desk@παράδειγμα.ελ", PASSWORD, is_staff=True)
    staff(capsys, email=typed)
    assert User.objects.get() == old
    assert log_in(client, email=typed)["Location"] == "/staff/"


def test_a_link_works_once(client, capsys):
    path = staff(capsys, email=EMAIL)
    set_password(client, path)
    set_password(client, path, "another-long-password")
    assert User.objects.get().check_password(PASSWORD)
    assert b"used up" in client.get(path).content


def test_a_link_works_for_a_day(client, capsys, monkeypatch):
    path = staff(capsys, email=EMAIL)
    later = datetime.datetime.now() + datetime.timedelta(days=1, minutes=1)  # noqa: DTZ005
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    set_password(client, path)
    assert not User.objects.get().has_usable_password()


def test_the_command_again_gives_a_new_link_and_keeps_the_rest(client, capsys):
    old = staff(capsys, email=EMAIL, name="Eleni", role="manager")
    new = staff(capsys, email=EMAIL.upper())
    user = User.objects.get()
    assert (user.first_name, user.groups.get().name) == ("Eleni", "manager")
    assert b"used up" in client.get(old).content
    assert set_password(client, new).status_code == 302


def test_a_disabled_login_is_out_and_stays_out_until_somebody_enables_it(
    client, receptionist, capsys
):
    old_link = urlsplit(password_link(receptionist)).path
    log_in(client)
    call_command("staff", email=EMAIL, disable=True)
    assert client.get("/staff/")["Location"].startswith("/staff/login/")
    with pytest.raises(CommandError, match="ENABLE=yes"):
        call_command("staff", email=EMAIL, role="manager")
    assert not User.objects.get().is_active
    assert not User.objects.get().groups.filter(name="manager").exists()

    new_link = staff(capsys, email=EMAIL, enable=True)
    assert client.get("/staff/").status_code == 302
    assert b"used up" in client.get(old_link).content
    set_password(client, new_link)
    log_in(client)
    assert client.get("/staff/").status_code == 200


def test_only_a_login_that_exists_can_be_disabled(db):
    with pytest.raises(CommandError, match="no login"):
        call_command("staff", email=EMAIL, disable=True)


def test_the_command_completes_an_old_database(db, monkeypatch):
    asked = []
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *said: ["one"])
    monkeypatch.setattr(f"{Command.__module__}.call_command", lambda *said, **o: asked.append(said))
    call_command("staff", email=EMAIL)
    assert asked == [("migrate",)]


def change_password(client, new, old=PASSWORD):
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/staff/security/password/", data)


def test_a_person_changes_the_password_and_that_ends_the_other_sessions(client, receptionist):
    other = Browser()
    log_in(client)
    log_in(other)
    assert change_password(client, "three new words")["Location"] == "/staff/security/"
    assert "Your password is set." in client.get("/staff/security/").content.decode()
    assert other.get("/staff/").status_code == 302
    assert log_in(Browser(), "three new words")["Location"] == "/staff/"


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        ("three new words", "wrong", "not your password"),
        ("short", PASSWORD, "too short"),
    ],
)
def test_a_password_is_not_changed(desk, receptionist, new, old, words):
    assert words in change_password(desk, new, old).content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_who_has_no_password_is_not_asked_for_it(desk, receptionist):
    receptionist.set_unusable_password()
    receptionist.save()
    desk.force_login(receptionist)
    assert desk.get("/staff/security/password/")["Location"] == "/staff/security/"
    assert "/staff/security/password/" not in desk.get("/staff/security/").content.decode()


def test_roles_add_up(receptionist):
    call_command("staff", email=EMAIL, role="manager, Clinician")
    assert roles_of(receptionist) == set(Role)


def test_an_unknown_role_is_named_and_makes_nobody(db):
    with pytest.raises(CommandError, match="There is no role “doctor”"):
        call_command("staff", email=EMAIL, role="clinician,doctor")
    assert not User.objects.exists()


def test_the_only_manager_who_can_log_in_stays(manager, capsys):
    make_login("nikos@clinic.example", roles=["manager"])  # who has set no password yet
    with pytest.raises(CommandError, match="only manager who can log in"):
        call_command("staff", email=manager.email, disable=True)
    assert User.objects.get(pk=manager.pk).is_active
    assert User.objects.get(pk=manager.pk).has_usable_password()


def test_a_manager_leaves_where_another_one_can_log_in(manager, another_manager):
    call_command("staff", email=manager.email, disable=True)
    assert not User.objects.get(pk=manager.pk).is_active


def test_a_login_without_a_role_says_what_to_do(client, capsys):
    set_password(client, staff(capsys, email=EMAIL))
    log_in(client)
    page = client.get("/staff/")
    assert page.status_code == 403
    assert "Your login has no role yet" in page.content.decode()
    assert "make staff EMAIL=you@clinic.example ROLE=manager" in page.content.decode()


def test_the_login_page_asks_for_a_first_manager_until_there_is_one(client, db):
    words = "Nobody is a manager yet"
    assert words in client.get("/staff/login/").content.decode()
    make_login(EMAIL, roles=["manager"])
    assert words not in client.get("/staff/login/").content.decode()


@pytest.mark.parametrize("email", ["", "eleni", "eleni@", "a b@c.example"])
def test_without_a_good_email_nobody_is_made(db, email):
    with pytest.raises(CommandError):
        call_command("staff", email=email)
    assert not User.objects.exists()


def test_the_command_asks_for_what_is_missing(db, monkeypatch, capsys):
    answers = iter([EMAIL, "Eleni Kosta"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    staff(capsys)
    assert User.objects.get().first_name == "Eleni Kosta"


def test_over_https_the_link_is_on_the_site(settings):
    settings.SECURE, settings.SITE_URL = True, "https://scars.example"
    assert site_address() == "https://scars.example"


@pytest.mark.parametrize("field", ["is_staff", "is_active"])
def test_who_is_no_longer_staff_is_told_no_more_than_a_wrong_password(client, receptionist, field):
    User.objects.update(**{field: False})
    wrong = "do not match a login"
    assert wrong in log_in(client).content.decode()
    assert wrong in log_in(client, "wrong").content.decode()
    assert "_auth_user_id" not in client.session


def test_logging_out_is_a_post(desk):
    assert b"Log out?" in desk.get("/staff/logout/").content
    assert desk.get("/staff/").status_code == 200
    assert desk.post("/staff/logout/")["Location"] == "/staff/login/"
    assert desk.get("/staff/").status_code == 302


def test_a_second_factor_comes_before_the_inbox(client, receptionist, settings):
    settings.SECOND_FACTOR = True
    log_in(client)
    for path in ["/staff/", "/staff/e/7KQ2M4XNTB/", "/staff/security/codes/"]:
        assert client.get(path)["Location"] == "/staff/security/"
    assert b"One more step" in client.get("/staff/security/").content
    for path in ["/staff/security/app/", "/staff/security/passkeys/add/"]:
        assert client.get(path).status_code == 200


def test_without_the_setting_nobody_is_asked_for_one(client, receptionist):
    assert log_in(client)["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_the_code_of_the_app_or_a_recovery_code_opens_the_inbox(client, receptionist, settings):
    settings.SECOND_FACTOR = True
    TOTP.activate(receptionist, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(receptionist).get_unused_codes()
    assert log_in(client)["Location"] == "/staff/login/second/"
    assert client.get("/staff/").status_code == 302
    assert b"too old" in client.post("/staff/login/second/", {"code": "000000"}).content
    assert client.post("/staff/login/second/", {"code": codes[0]})["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_one_can_turn_back_before_the_second_step(client, receptionist):
    TOTP.activate(receptionist, "JBSWY3DPEHPK3PXP")
    log_in(client)
    client.post("/staff/logout/")
    assert b"Password" in client.get("/staff/login/").content


def test_the_apps_picture_stands_in_the_page(client, receptionist):
    log_in(client)
    page = client.get("/staff/security/app/").content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    assert "<?xml" not in page


def test_recovery_codes_are_not_shown_to_a_session_left_open(desk, receptionist):
    codes = RecoveryCodes.activate(receptionist).get_unused_codes()
    answer = desk.get("/staff/security/codes/")
    assert answer["Location"].startswith("/staff/confirm/password/")
    data = {"password": PASSWORD, "next": "/staff/security/codes/"}
    assert desk.post("/staff/confirm/password/", data)["Location"] == "/staff/security/codes/"
    assert codes[0] in desk.get("/staff/security/codes/").content.decode()


def test_a_recovery_code_alone_is_no_second_factor(desk, receptionist, settings):
    settings.SECOND_FACTOR = True
    RecoveryCodes.activate(receptionist)
    assert Authenticator.objects.exists()
    assert desk.get("/staff/")["Location"] == "/staff/security/"


NUMBERS = {"HTTP_HOST": "127.0.0.1:8000"}


@pytest.mark.parametrize("path", ["login/", "login/second/", "security/passkeys/add/"])
def test_at_an_address_of_numbers_each_page_says_where_passkeys_work(receptionist, path):
    session = Browser(**NUMBERS)
    if path == "login/second/":
        TOTP.activate(receptionist, "JBSWY3DPEHPK3PXP")
    if path != "login/":
        log_in(session)
    there = session.get(f"/staff/{path}").content.decode()
    assert 'href="http://localhost:8000/staff/login/"' in there
    assert "passkey.js" not in there
    if path == "login/":
        assert "localhost" not in Browser().get("/staff/login/").content.decode()


@pytest.mark.parametrize(
    ("host", "number"),
    [
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("localhost:8000", False),
        ("scars.example", False),
    ],
)
def test_an_ip_address_is_a_number(host, number):
    assert is_number(host) is number
