"""A page of the desk that is left alone covers itself, in Chromium and in Firefox."""

import sys

import pytest

from tests.browser.tabs import Tab
from tests.site import Site

AWAY = "/staff/me/away/"
WORDS = "Are you still there?"
LOG_IN = """
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import auth
from mesosite.http.sessions import SessionStore, start
from mesosite.inbox.accounts import make_login
user = make_login("cover@clinic.example", roles=["receptionist"])
factor, _new = Authenticator.objects.get_or_create(user=user, type="totp", data={})
session = SessionStore()
session[auth.SESSION_KEY] = session["account_authentication_methods_user"] = str(user.pk)
session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session["account_authentication_methods"] = [{"method": "mfa", "id": factor.pk, "type": "totp"}]
start(session)
session.create()
print("key", session.session_key)
"""
UNUSED = """
from mesosite.http.sessions import SEEN_AT, SessionStore
session = SessionStore("<key>")
session[SEEN_AT] = 1
session.save()
"""
END = """
from mesosite.http.sessions import SessionStore
SessionStore("<key>").delete()
"""
SIXTEEN_MINUTES = """() => { const now = Date.now;
    Date.now = () => now() + 16 * 60 * 1000; }"""
PRESS = "() => { document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true})) }"
CUT_OFF = "() => { window.real = fetch; window.fetch = () => Promise.reject(new TypeError()) }"
CONNECT = "() => { window.fetch = real }"
COVERED = """words => document.title === words
    && document.querySelector('.inbox-cover')?.textContent === words
    && !document.querySelector('main')?.checkVisibility()"""
SHOWN = """words => document.title !== words && !document.querySelector('.inbox-cover')
    && document.querySelector('main').checkVisibility()"""
TYPED = "() => document.querySelector('[name=until]').value"


def shell(site: Site, program: str, key: str = "") -> str:
    command = (sys.executable, "manage.py", "shell", "--no-imports", "-c")
    return site.command(*command, program.replace("<key>", key))


@pytest.fixture
def key(tab: Tab, site: Site) -> str:
    """The key of a session that is logged in, whose cookie the tab has."""
    key = shell(site, LOG_IN).split()[-1]
    tab.goto("/staff/login/")
    tab.call("key => { document.cookie = `session=${key}; path=/` }", key)
    return key


def leave_alone(tab: Tab) -> None:
    """Nobody presses a key for sixteen minutes, and then somebody does."""
    tab.call(SIXTEEN_MINUTES)
    tab.call(PRESS)


def test_what_is_typed_stays_where_nothing_can_be_asked(tab: Tab, key: str) -> None:
    tab.goto(f"{AWAY}#id_until")
    tab.call("() => { document.querySelector('[name=until]').value = '2026-12-03' }")
    tab.call(CUT_OFF)
    leave_alone(tab)
    tab.until(COVERED, WORDS)
    tab.call(PRESS)
    tab.until(COVERED, WORDS)

    tab.call(CONNECT)  # another tab was used meanwhile, says the server
    tab.call(PRESS)
    tab.until(SHOWN, WORDS)
    assert tab.call(TYPED) == "2026-12-03"


def test_a_page_with_a_place_in_its_address_is_covered(tab: Tab, key: str, site: Site) -> None:
    tab.goto(f"{AWAY}#id_until")
    tab.call("() => { document.querySelector('[name=until]').value = '2026-12-03' }")
    shell(site, UNUSED, key)
    tab.leave(lambda: leave_alone(tab))

    assert tab.call("() => location.pathname").startswith("/staff/confirm/")
    assert WORDS in tab.call("() => document.body.textContent")
    assert "What you typed is kept" in tab.call("() => document.body.textContent")


def test_a_session_that_ended_leads_to_the_login_and_keeps_what_was_typed(
    tab: Tab, key: str, site: Site
) -> None:
    tab.goto(AWAY)
    tab.call("() => { document.querySelector('[name=until]').value = '2026-12-03' }")
    shell(site, END, key)
    tab.leave(lambda: leave_alone(tab))

    assert tab.call("() => location.pathname + location.search") == f"/staff/login/?next={AWAY}"
    assert "What you typed is there again" in tab.call("() => document.body.textContent")
