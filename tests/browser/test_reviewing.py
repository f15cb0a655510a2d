"""Clinic staff review: the link, the login, the list, one enquiry from new to closed."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_asking import FORM, fill, send, shown_code

PASSWORD = "seven green needles"
LOOKS = [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")]


def code_of_app(secret):
    """What an authenticator app shows now (RFC 6238, 30 seconds, six digits)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture(scope="module")
def desk(browser, site, password_link):
    """The receptionist's page: password set, logged in, an app connected as the second factor."""
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    page.goto(password_link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Set this password").click()
    page.get_by_label("Email").fill("eleni@clinic.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("link", name="Connect an app").click()
    page.get_by_label("code").last.fill(code_of_app(page.locator("code.key").inner_text()))
    page.get_by_role("button", name="Connect", exact=True).click()
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="Enquiries: New")).to_be_attached()
    yield page
    context.close()


@pytest.fixture
def code(browser, site):
    """The enquiry code of a request that a patient has just sent."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto(FORM)
    fill(page)
    send(page)
    code = shown_code(page)
    context.close()
    return code


def open_enquiry(page, code):
    page.goto("/staff/")
    page.get_by_label("Enquiry code").fill(code.lower())
    page.get_by_role("button", name="Find").click()


def expect_state(page, state):
    expect(page.locator(".sheet__state")).to_contain_text(state)


def test_a_request_stands_in_the_list_and_is_read_whole(desk, code):
    desk.goto("/staff/")
    row = desk.locator(".row", has_text=code)
    expect(row).to_contain_text("Μαρία Παπαδοπούλου")
    row.get_by_role("link").click()

    main = desk.get_by_role("main")
    expect(main).to_contain_text(code)
    expect(main).to_contain_text("Rolling")
    expect(main).to_contain_text("Δύο ουλές <b>στο</b> μάγουλο")
    expect(main.get_by_role("link", name="maria@example.com")).to_be_visible()


def test_an_enquiry_is_booked_noted_and_closed(desk, code):
    next_month = f"{timezone.localdate() + timedelta(days=30)}T10:30"
    open_enquiry(desk, code)
    desk.locator("summary", has_text="Book").click()
    desk.get_by_label("Day and time of the visit").fill(next_month)
    desk.get_by_role("button", name="Book this visit").click()
    expect_state(desk, "Booked")
    desk.get_by_label("Add a note").fill("Prefers mornings")
    desk.get_by_role("button", name="Add note").click()
    expect(desk.locator(".notes")).to_contain_text("Prefers mornings")
    desk.locator("summary", has_text="Close").click()
    desk.get_by_label("Why").select_option("Visited")
    desk.get_by_role("button", name="Close this enquiry").click()

    expect_state(desk, "Closed")
    expect_state(desk, "Visited")
    expect(desk.locator(".sheet__done li")).to_have_count(4)


def test_a_second_person_does_not_overwrite_the_first(desk, code):
    open_enquiry(desk, code)
    other = desk.context.new_page()
    open_enquiry(other, code)
    other.locator("form[action$='/move/waiting/'] button").click()
    expect_state(other, "Waiting")
    desk.locator("form[action$='/move/in_progress/'] button").click()

    expect(desk.get_by_role("main")).to_contain_text("Someone changed this")
    expect_state(desk, "Waiting")
    other.close()


def test_the_inbox_is_worked_by_keyboard_alone(desk, code):
    desk.goto("/staff/")
    desk.get_by_label("Enquiry code").focus()
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    step = desk.locator("form[action$='/move/in_progress/'] button")
    while not step.evaluate("button => button === document.activeElement"):
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")

    expect_state(desk, "In progress")


TABS = ("", "in-progress/", "waiting/", "booked/", "closed/", "spam/")
SECURITY = ("security/", "security/codes/", "security/app/remove/", "security/passkeys/")


@pytest.mark.parametrize("path", [*TABS, "find/?code=00000-00000", *SECURITY])
def test_every_staff_page_is_accessible_and_fits(desk, assert_accessible, path):
    desk.goto(f"/staff/{path}")
    assert_looks_well(desk, assert_accessible)


def test_an_enquiry_is_accessible_and_fits(desk, code, assert_accessible):
    open_enquiry(desk, code)
    for summary in desk.locator(".steps__more summary").all():
        summary.click()
        assert_looks_well(desk, assert_accessible)


@pytest.mark.parametrize("path", ["login/", "password/1-used/"])
def test_the_way_in_is_accessible_and_fits(page, assert_accessible, path):
    page.goto(f"/staff/{path}")
    assert_looks_well(page, assert_accessible)


def assert_looks_well(page, assert_accessible):
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
