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
    expect(page.get_by_role("heading", name="To do")).to_be_visible()
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


def sent(browser, site):
    """The enquiry code of a request that a patient sends now."""
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


@pytest.fixture
def code(browser, site):
    """The enquiry code of a request that a patient has just sent."""
    return sent(browser, site)


@pytest.fixture(scope="module")
def read_code(browser, site):
    """The enquiry code of a request that is only read."""
    return sent(browser, site)


def find(page, text):
    page.goto("/staff/find/")
    page.get_by_label(FIND).fill(text)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Find").click()


def open_enquiry(page, code):
    find(page, code.lower())


def as_patient(site, code, *does):
    """What a patient does through the link of the enquiry, told to the database directly."""
    lines = ["from mesosite.enquiries.models import Enquiry"]
    lines += ["from mesosite.enquiries.patient.actions import add_message, withdraw"]
    lines += [f"enquiry = Enquiry.objects.with_code('{code}').get()", *does]
    site.command(".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", "\n".join(lines))


def expect_state(page, state):
    expect(page.locator(".desk-patient__state, .inbox-detail__state")).to_contain_text(state)


def test_a_printed_request_says_by_whom_and_has_no_button(desk, read_code):
    open_enquiry(desk, read_code)
    expect(desk.get_by_role("button", name="I take this")).to_be_visible()
    expect(desk.get_by_text("Printed by")).to_be_hidden()

    desk.emulate_media(media="print")
    expect(desk.get_by_text("Printed by Eleni")).to_be_visible()
    expect(desk.get_by_text("Δύο ουλές <b>στο</b> μάγουλο")).to_be_visible()
    for left_out in (desk.get_by_role("button"), desk.get_by_label("Your words")):
        assert not any(one.is_visible() for one in left_out.all())
    expect(desk.locator(".button:visible")).to_have_count(0)
    desk.emulate_media(media="screen")


def row_of(page, code):
    return page.locator(f"#e-{code.replace('-', '')}")


def test_a_request_stands_in_the_list_and_is_read_whole(desk, read_code):
    desk.goto("/staff/")
    row = row_of(desk, read_code)
    expect(row).to_contain_text("Μαρία Παπαδοπούλου")
    row.get_by_role("link", name="Μαρία Παπαδοπούλου").first.click()

    main = desk.get_by_role("main")
    expect(main).to_contain_text(read_code)
    expect(main).to_contain_text("Δύο ουλές <b>στο</b> μάγουλο")
    expect(main.get_by_role("link", name="maria@example.com")).to_be_visible()


def unfold(page, name):
    page.locator(".desk-foot summary", has_text=name).click()


def test_an_enquiry_is_booked_noted_and_closed(desk, code):
    open_enquiry(desk, code)
    unfold(desk, "Book")
    day = timezone.localdate() + timedelta(days=30)
    desk.get_by_label("Day and time of the visit").fill(f"{day}T10:30")
    desk.get_by_role("button", name="Book this visit").click()
    expect(desk.locator(".desk-done")).to_contain_text("booked for")

    open_enquiry(desk, code)
    expect_state(desk, "Booked")
    desk.get_by_label("Note for colleagues").check()
    desk.get_by_label("Your words").fill("Prefers mornings")
    desk.get_by_role("button", name="Add note").click()
    expect(desk.locator(".desk-item--note")).to_contain_text("Prefers mornings")
    unfold(desk, "More")
    desk.get_by_label("Why").select_option("Visited")
    desk.get_by_role("button", name="Close", exact=True).click()
    expect(desk.locator(".desk-done")).to_contain_text("closed, visited")

    open_enquiry(desk, code)
    expect_state(desk, "Closed")
    expect_state(desk, "Visited")


def presses(page, actions, keyboard):
    """Does each of the actions, by a tap or by Return on what has the focus. Returns how many."""
    for target in actions:
        if keyboard:
            target.focus()
            page.keyboard.press("Enter")
        else:
            target.tap()
        page.wait_for_load_state()
    return len(actions)


@pytest.fixture(params=["keyboard", "touch"])
def hand(request, desk, browser, site):
    """(page, whether by keyboard): a phone's screen of 375 pixels, without JavaScript."""
    touch = request.param == "touch"
    context = browser.new_context(
        base_url=desk.url.split("/staff")[0],
        storage_state=desk.context.storage_state(),
        viewport={"width": 375, "height": 700},
        has_touch=touch,
        java_script_enabled=False,
    )
    yield context.new_page(), not touch
    context.close()


def low(locator):
    """The height of a target in pixels."""
    return locator.bounding_box()["height"]


def test_the_desk_is_worked_in_few_presses(desk, site, hand):
    """What is late: none. Take one and see the next: 1. No answer, tomorrow: 2. Hand over: 2."""
    page, keyboard = hand
    code = called(site, "Thalia")
    called(site, "Thaleia the next")
    site.sql("UPDATE enquiries_entry SET undo = NULL")  # the last step can be undone no more
    page.goto("/staff/")
    first = page.locator(".desk-section--late .desk-row").first
    assert first.bounding_box()["y"] <= 200
    step = {"keyboard": keyboard, "page": page}

    page.goto(f"/staff/e/{code}/")
    take = page.get_by_role("button", name="I take this")
    assert presses(actions=[take], **step) == 1
    expect(page.locator(".desk-done")).to_contain_text("you have it")
    expect(page.locator(".desk-done__next")).to_contain_text("Next:")

    page.goto(f"/staff/e/{code}/")
    foot = page.locator(".desk-foot")
    targets = foot.locator("> .button:visible, > details > summary")
    assert all(low(target) >= 48 for target in targets.all())
    nobody = foot.locator("summary", has_text="No answer")
    again = foot.get_by_role("button", name="Tomorrow").first
    assert presses(actions=[nobody, again], **step) == 2
    expect(page.locator(".desk-done")).to_contain_text("called, no answer; call again tomorrow")

    page.goto(f"/staff/e/{code}/")
    more = page.locator(".desk-foot summary", has_text="More")
    hand_over = page.get_by_role("button", name="For a clinician")
    assert presses(actions=[more, hand_over], **step) == 2
    expect(page.locator(".desk-done")).to_contain_text("for a clinician")
    page.goto("/staff/")
    assert all(low(link) >= 48 for link in page.locator(".desk-menu > a").all())


def written(site, *lines):
    """What a few lines of code print, with the models at hand, word by word."""
    code = "\n".join(["from mesosite.enquiries.models import *", *lines])
    shell = (".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", code)
    return site.command(*shell).split()


def test_answers_and_visits_take_few_presses(desk, site, hand):
    """Answer with a saved reply: 3. Move a visit: 2 and a date. The foot never moves."""
    page, keyboard = hand
    step = {"keyboard": keyboard, "page": page}
    code = called(site, "Eirini")
    reply = "SavedReply.objects.get_or_create(language='en', title='Prices', text='Dear {name}')"
    day = timezone.localdate() + timedelta(days=7)
    booked = called(site, "Vasiliki")
    book = f"Enquiry.objects.filter(code='{booked}')"
    *_all, key = written(
        site,
        f"reply, _new = {reply}; one = {book}.get()",
        f"one.visits.create(at='{day}T09:00Z')",
        f"{book}.update(state='booked', visit_at='{day}T09:00Z'); print(reply.pk)",
    )

    page.goto(f"/staff/e/{code}/?as=answer")
    replies = page.get_by_label("Saved reply")
    assert presses(actions=[replies], **step) == 1  # the list of the replies opens
    replies.select_option(key)
    put_in = page.get_by_role("button", name="Put in")
    answer = page.locator(".desk-foot").get_by_role("button", name="Answer")
    assert presses(actions=[put_in, answer], **step) == 2
    expect(page.locator(".desk-done")).to_contain_text("answered")

    page.goto("/staff/visits/")
    move = row_of(page, booked).get_by_role("link", name="Move")
    assert presses(actions=[move], **step) == 1
    field = page.get_by_label("Day and time of the visit")
    field.fill(f"{day + timedelta(days=1)}T10:30")
    button = page.get_by_role("button", name="Move the visit")
    assert presses(actions=[button], **step) == 1
    expect(page.locator(".desk-done")).to_contain_text("moved")


def test_the_foot_stays_where_it_is(desk, read_code, hand):
    page, _keyboard = hand
    page.goto(f"/staff/e/{read_code}/")
    foot = page.locator(".desk-foot")
    before = foot.bounding_box()
    assert before["y"] + before["height"] == 700
    page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.get_by_label("Your words").focus()
    assert foot.bounding_box() == before

    targets = foot.locator("> .button:visible, > details > summary").all()
    places = [target.bounding_box() for target in targets]
    for summary in foot.locator("> details:visible > summary").all():
        summary.click()
        assert [target.bounding_box() for target in targets] == places


def called(site, name):
    """The code of a late request of somebody who wants a call."""
    lines = ["from django.utils import timezone", "from datetime import timedelta"]
    lines += ["from mesosite.enquiries.consultation.submission import submit"]
    contact = f"{{'name': '{name}', 'phone': '+306912347138', 'contact_by': 'phone'}}"
    lines += [f"row = submit(topics=['peel'], contact={contact}, answers={{}}).enquiry"]
    lines += ["row.due_at = timezone.now() - timedelta(hours=1)", "row.save(); print(row.code)"]
    shell = (".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", "\n".join(lines))
    return site.command(*shell).split()[-1]


@pytest.mark.parametrize("name", ["Μαρία Παπαδοπούλου", "maria papadop", "PAPADOPULU"])
def test_a_patient_is_found_by_name_in_greek_and_latin(desk, read_code, name):
    find(desk, name)
    row_of(desk, read_code).get_by_role("link").first.click()
    expect(desk.locator(".desk-patient__state")).to_contain_text(read_code)
    desk.go_back()
    expect(row_of(desk, read_code)).to_be_visible()
    assert name.split()[0] not in unquote(desk.url)


def test_a_new_message_is_read(desk, site, code, assert_looks_well):
    as_patient(site, code, "add_message(enquiry, 'Tuesday would be better')")
    desk.goto("/staff/")
    row = row_of(desk, code)
    expect(row).to_contain_text("wrote 1 min ago")
    row.get_by_role("link", name="Read").click()
    expect(desk.locator("#new")).to_contain_text("Tuesday would be better")
    assert_looks_well(desk)
    desk.get_by_role("button", name="Mark as read").click()
    expect(desk.locator("#new")).to_have_count(0)
    desk.goto("/staff/")
    expect(row).not_to_contain_text("wrote")


BOOKED = (
    "Enquiry.objects.filter(pk=enquiry.pk).update(state='booked', visit_at='2031-12-01T12:00Z');"
    "enquiry.visits.create(at='2031-12-01T12:00Z')"
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
    unfold(other, "More")
    other.get_by_role("button", name="Wait for the patient").click()
    expect(other.locator(".desk-done")).to_contain_text("waiting")
    desk.get_by_role("button", name="I take this").click()

    expect(desk.get_by_role("main")).to_contain_text("Someone changed this")
    expect_state(desk, "Waiting")
    desk.get_by_role("button", name="I take this").click()
    expect(desk.locator(".desk-done")).to_contain_text("you have it")
    other.get_by_role("button", name="Undo").click()
    expect(other.get_by_role("main")).to_contain_text("This can no more be undone")
    open_enquiry(desk, code)
    expect(desk.get_by_role("button", name="Give it back")).to_have_count(1)
    other.close()


def test_the_inbox_is_worked_by_keyboard_alone(desk, code):
    desk.goto("/staff/find/")
    desk.get_by_label(FIND).focus()
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    step = desk.get_by_role("button", name="I take this")
    tab_until(desk, lambda: step.evaluate("button => button === document.activeElement"))
    desk.keyboard.press("Enter")

    expect(desk.locator(".desk-done")).to_contain_text("you have it")


LISTS = ("", "in-progress/", "waiting/", "visits/", "closed/", "spam/", "find/")
SECURITY = ("security/", "security/codes/", "security/app/remove/", "security/passkeys/")


@pytest.mark.parametrize("path", [*LISTS, "slots/", "record/", *SECURITY])
def test_every_staff_page_is_accessible_and_fits(desk, assert_looks_well, path):
    desk.goto(f"/staff/{path}")
    assert_looks_well(desk)


@pytest.mark.parametrize("name", ["Μαρία", "papadopulu", "8anasis"])
def test_what_was_found_is_accessible_and_fits(desk, read_code, assert_looks_well, name):
    find(desk, name)
    assert_looks_well(desk)


def test_an_enquiry_is_accessible_and_fits(desk, read_code, assert_looks_well):
    open_enquiry(desk, read_code)
    for words in ("Answer the patient", "Note for colleagues", "I called"):
        desk.get_by_label(words).check()
        assert_looks_well(desk)
    for name in ("No answer", "Book", "More"):
        unfold(desk, name)
        assert_looks_well(desk)


def test_the_record_tells_who_read_it_and_is_accessible_and_fits(desk, code, assert_looks_well):
    open_enquiry(desk, code)
    desk.get_by_role("link", name="Who read this").click()
    expect(desk.get_by_role("row", name="eleni@clinic.example")).to_be_visible()
    assert_looks_well(desk)
    desk.get_by_role("link", name="← Record").click()
    desk.get_by_label("Who read the request").fill("Μαρία")
    desk.get_by_role("button", name="Show").first.click()
    expect(desk.get_by_role("alert")).to_contain_text("No request has this code.")
    assert_looks_well(desk)


@pytest.mark.parametrize("path", ["login/", "password/1-used/"])
def test_the_way_in_is_accessible_and_fits(page, assert_looks_well, path):
    page.goto(f"/staff/{path}")
    assert_looks_well(page)
