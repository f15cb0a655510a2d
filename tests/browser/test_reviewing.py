"""Clinic staff review: the link, the login, the list, one enquiry from new to closed."""

import itertools
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import tab_until
from tests.browser.test_asking import FORM, fill, send, shown_code

PASSWORD = "seven green needles"
FIND = "Name, email, phone or code"
NUMBERS = itertools.count(1)


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
    connect(page)
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="Enquiries: New")).to_be_attached()
    yield page
    context.close()


def connect(page):
    """Enter what the app shows, and again where the half minute of that code was over."""
    button = page.get_by_role("button", name="Connect", exact=True)
    expect(button).to_be_visible()
    while button.is_visible():
        page.get_by_label("code").last.fill(
            code_of_app(page.locator("code.inbox-key").inner_text())
        )
        with page.expect_navigation():
            button.click()


@pytest.fixture
def code(browser, site):
    """The enquiry code of a request that a patient has just sent."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto(FORM)
    fill(page)
    message = page.get_by_label("In your own words")
    message.fill(f"{message.input_value()} {next(NUMBERS)}")  # the same again is the same request
    send(page)
    code = shown_code(page)
    context.close()
    return code


def find(page, text):
    page.goto("/staff/")
    page.get_by_label(FIND).fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Find").click()


def open_enquiry(page, code):
    find(page, code.lower())


def as_patient(site, code, *does):
    """What a patient does through the link of the enquiry, told to the database directly."""
    lines = ["from mesosite.enquiries.models import Enquiry"]
    lines += ["from mesosite.enquiries.patient.actions import add_message, withdraw"]
    lines += [f"enquiry = Enquiry.objects.with_code('{code}').get()", *does]
    site.command(".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", "\n".join(lines))


def expect_state(page, state):
    expect(page.locator(".inbox-detail__state")).to_contain_text(state)


def test_a_request_stands_in_the_list_and_is_read_whole(desk, code):
    desk.goto("/staff/")
    row = desk.locator(".inbox-row", has_text=code)
    expect(row).to_contain_text("Μαρία Παπαδοπούλου")
    row.get_by_role("link").click()

    main = desk.get_by_role("main")
    expect(main).to_contain_text(code)
    expect(main).to_contain_text("Δύο ουλές <b>στο</b> μάγουλο")
    expect(main.get_by_role("link", name="maria@example.com")).to_be_visible()


def book(page, day):
    page.locator("summary", has_text="Book").click()
    page.get_by_label("Day and time of the visit").fill(f"{day}T10:30")
    page.get_by_role("button", name="Book this visit").click()


def close(page, reason):
    page.locator("summary", has_text="Close").click()
    page.get_by_label("Why").select_option(reason)
    page.get_by_role("button", name="Close this enquiry").click()


def test_an_enquiry_is_booked_noted_and_closed(desk, code):
    open_enquiry(desk, code)
    book(desk, timezone.localdate() + timedelta(days=30))
    expect_state(desk, "Booked")
    desk.get_by_label("Add a note").fill("Prefers mornings")
    desk.get_by_role("button", name="Add note").click()
    expect(desk.locator(".inbox-notes")).to_contain_text("Prefers mornings")
    close(desk, "Visited")

    expect_state(desk, "Closed")
    expect_state(desk, "Visited")
    expect(desk.locator(".inbox-timeline li")).to_have_count(4)


@pytest.mark.parametrize("name", ["Μαρία Παπαδοπούλου", "maria papadop", "PAPADOPULU"])
def test_a_patient_is_found_by_name_in_greek_and_latin(desk, code, name):
    find(desk, name)
    desk.locator(".inbox-row", has_text=code).get_by_role("link").click()
    expect(desk.locator(".inbox-detail__state")).to_contain_text(code)
    desk.go_back()
    expect(desk.locator(".inbox-row", has_text=code)).to_be_visible()
    assert name.split()[0] not in unquote(desk.url)


def test_a_new_message_is_read(desk, site, code, assert_looks_well):
    as_patient(site, code, "add_message(enquiry, 'Tuesday would be better')")
    desk.goto("/staff/")
    row = desk.locator(".inbox-row", has_text=code)
    expect(row).to_contain_text("New message")
    row.get_by_role("link").click()
    news = desk.get_by_role("region", name="New from the patient")
    expect(news).to_contain_text("Tuesday would be better")
    assert_looks_well(desk)
    desk.get_by_role("button", name="Mark as read").click()
    expect(news).to_have_count(0)
    desk.goto("/staff/")
    expect(row).not_to_contain_text("New message")


BOOKED = (
    "Enquiry.objects.filter(pk=enquiry.pk).update(state='booked', visit_at='2031-12-01T12:00Z')"
)


def test_the_slot_of_a_cancelled_visit_is_freed(desk, site, code, assert_looks_well):
    as_patient(site, code, BOOKED, "withdraw(enquiry, cancel_visit=True)")
    desk.goto("/staff/")
    desk.get_by_role("link", name="was cancelled: free its slot").click()
    expect(desk.locator(".inbox-slot", has_text=code)).to_contain_text("1 Dec 2031, 14:00")
    assert_looks_well(desk)
    desk.get_by_role("button", name="Done: the slot is free").click()
    expect(desk.get_by_role("main")).to_contain_text("No slot to free.")
    open_enquiry(desk, code)
    expect_state(desk, "Erased on")
    assert_looks_well(desk)


def test_a_second_person_does_not_overwrite_the_first(desk, code):
    open_enquiry(desk, code)
    other = desk.context.new_page()
    open_enquiry(other, code)
    other.locator("button[formaction$='/move/waiting/']").click()
    expect_state(other, "Waiting")
    desk.locator("button[formaction$='/move/in_progress/']").click()

    expect(desk.get_by_role("main")).to_contain_text("Someone changed this")
    expect_state(desk, "Waiting")
    other.close()


def test_the_inbox_is_worked_by_keyboard_alone(desk, code):
    desk.goto("/staff/")
    desk.get_by_label(FIND).focus()
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    step = desk.locator("button[formaction$='/move/in_progress/']")
    tab_until(desk, lambda: step.evaluate("button => button === document.activeElement"))
    desk.keyboard.press("Enter")

    expect_state(desk, "In progress")


TABS = ("", "in-progress/", "waiting/", "booked/", "closed/", "spam/")
SECURITY = ("security/", "security/codes/", "security/app/remove/", "security/passkeys/")


@pytest.mark.parametrize("path", [*TABS, "slots/", *SECURITY])
def test_every_staff_page_is_accessible_and_fits(desk, assert_looks_well, path):
    desk.goto(f"/staff/{path}")
    assert_looks_well(desk)


@pytest.mark.parametrize("name", ["Μαρία", "papadopulu", "8anasis"])
def test_what_was_found_is_accessible_and_fits(desk, code, assert_looks_well, name):
    find(desk, name)
    assert_looks_well(desk)


def test_an_enquiry_is_accessible_and_fits(desk, code, assert_looks_well):
    open_enquiry(desk, code)
    for summary in desk.locator(".inbox-steps__more summary").all():
        summary.click()
        assert_looks_well(desk)


@pytest.mark.parametrize("path", ["login/", "password/1-used/"])
def test_the_way_in_is_accessible_and_fits(page, assert_looks_well, path):
    page.goto(f"/staff/{path}")
    assert_looks_well(page)
