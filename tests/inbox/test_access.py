import pytest
from django.contrib.auth.models import User
from django.urls import get_resolver, reverse

from mesosite.inbox.roles import ADDRESSES
from tests.inbox.asking import Browser, ask, kept

# Every name under /staff/ that needs no login; the others are those of the table of roles.
OPEN = {"account_login", "account_logout", "account_reset_password_from_key", "mfa_authenticate"}
OPEN |= {"mfa_login_webauthn"}
NAMES = OPEN | set(ADDRESSES)
VALUES = {
    "code": "7KQ2M4XNTB",
    "day": "2026-12-07",
    "pk": 1,
    "person": 1,
    "uidb36": "1",
    "key": "a-b",
}
POST_ONLY = [
    "inbox:step",
    "inbox:undo",
    "inbox:send",
    "inbox:health",
    "inbox:open_page",
    "inbox:seen",
    "inbox:free",
]
LEADS_TO = dict.fromkeys(POST_ONLY[:5], "inbox:enquiry")
LEADS_TO |= {"inbox:seen": "inbox:spam", "inbox:free": "inbox:slots"}


def patterns(resolver=None, space="", prefix=""):
    """(name with its namespace, keys) of every address under /staff/."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, inner, here)
        elif here.startswith("staff/"):
            yield space + pattern.name, list(pattern.pattern.regex.groupindex)


def address(name, **values):
    values = VALUES | values
    return reverse(name, kwargs={key: values[key] for key in dict(patterns())[name]})


def test_the_addresses_under_staff_are_the_listed_ones():
    assert set(dict(patterns())) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES - OPEN))
def test_a_stranger_is_sent_to_the_login(client, name):
    answer = client.get(address(name))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/staff/login/")


@pytest.mark.parametrize("name", sorted(NAMES - OPEN))
def test_who_is_not_staff_gets_no_page(client, name):
    client.force_login(User.objects.create_user("visitor"))
    assert client.get(address(name)).status_code == 403


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_browser_keeps_an_answer(client, desk, name):
    for browser in (client, desk):
        assert "no-store" in browser.get(address(name))["Cache-Control"]


def test_a_leaver_is_out_at_once(desk, receptionist):
    User.objects.filter(pk=receptionist.pk).update(is_active=False)
    assert desk.get("/staff/").status_code == 302


@pytest.mark.parametrize(("name", "page"), LEADS_TO.items())
def test_a_step_is_never_taken_by_a_link(surgery, name, page):
    """The login leads there with a GET when a session ended before a step."""
    enquiry = ask(code=VALUES["code"], has_news=True)
    before = kept(enquiry)
    for ask_for in (surgery.get, surgery.head):
        answer = ask_for(address(name))
        assert (answer.status_code, answer["Location"]) == (302, address(page))
    assert kept(enquiry) == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("name", POST_ONLY)
def test_a_step_is_taken_by_no_other_method(surgery, name, method):
    enquiry = ask(code=VALUES["code"], has_news=True)
    before = kept(enquiry)
    assert getattr(surgery, method)(address(name)).status_code == 405
    assert kept(enquiry) == before


@pytest.mark.parametrize("name", [*POST_ONLY, "inbox:find"])
def test_a_step_without_the_csrf_token_is_refused(clinician, name):
    enquiry = ask(code=VALUES["code"])
    before = kept(enquiry)
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(clinician)
    data = {"text": "x", "version": 1, "reason": "visited", "step": "close"}
    assert strict.post(address(name), data).status_code == 403
    assert kept(enquiry) == before


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "password/reset/",
        "password/change/",
        "password/set/",
        "confirm-email/",
        "inactive/",
        "login/code/",
        "2fa/",
        "3rdparty/",
        "security/codes/download/",
        "security/passkeys/1/edit/",
        "security/passkeys/signup/",
    ],
)
def test_what_allauth_also_has_is_not_there(desk, path):
    assert desk.get(f"/staff/{path}").status_code == 404
