"""A passkey logs in and opens a covered session: Chromium, its virtual authenticator (CDP)."""

import re
import sys

import pytest
from playwright.sync_api import expect

PASSWORD = "seven green needles"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(browser, site):
    """A page on localhost, in a browser that has an authenticator of its own."""
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    context.close()


UNUSED = """
from mesosite.http.sessions import SEEN_AT, SessionStore
session = SessionStore("KEY")
session[SEEN_AT] = 1
session.save()
"""


def leave_alone(page, site):
    """As if nobody had used the session of this page for long."""
    cookies = page.context.cookies()
    key = next(cookie["value"] for cookie in cookies if cookie["name"] == "session")
    site.command(sys.executable, "manage.py", "shell", "-c", UNUSED.replace("KEY", key))


def test_a_passkey_is_added_and_logs_in_alone(phone, site):
    printed = site.command("make", "staff", "EMAIL=nikos@clinic.example", "ROLE=clinician")
    phone.goto(re.search(r"http://\S+/password/\S+", printed)[0])
    for field in phone.locator("input[type=password]").all():
        field.fill(PASSWORD)
    phone.get_by_role("button", name="Set this password").click()
    phone.get_by_label("Email").fill("nikos@clinic.example")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Log in", exact=True).click()
    phone.get_by_role("link", name="Add a passkey").click()
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_role("heading", name="Recovery codes")).to_be_visible()
    phone.goto("/staff/")
    expect(phone.get_by_role("heading", name="To do")).to_be_visible()

    phone.goto("/staff/logout/")
    phone.get_by_role("main").get_by_role("button", name="Log out").click()
    phone.get_by_role("button", name="Log in with a passkey").click()
    expect(phone.get_by_role("heading", name="To do")).to_be_visible()

    # A screen left alone covers itself. The passkey leads back, and what was typed is there.
    phone.clock.install()
    phone.goto("/staff/me/away/")
    phone.get_by_label("Away until").fill("2026-12-03")
    phone.clock.fast_forward("16:00")
    expect(phone.get_by_label("Away until")).to_have_value("2026-12-03")  # the server knows better
    expect(phone.get_by_label("Away until")).to_be_visible()
    leave_alone(phone, site)
    phone.clock.fast_forward("16:00")

    expect(phone.get_by_role("heading", name="Are you still there?")).to_be_visible()
    phone.get_by_role("button", name="Use your passkey").click()
    expect(phone.get_by_label("Away until")).to_have_value("2026-12-03")


def test_at_an_address_of_numbers_the_login_says_where_passkeys_work(page):
    page.goto("/staff/login/")
    expect(page.get_by_role("button", name="passkey")).to_have_count(0)
    page.get_by_role("link", name="localhost").click()
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_visible()
