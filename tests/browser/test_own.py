"""A patient's own page: from the confirmation through every step to the end of the link."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import arrive, tab_until
from tests.browser.test_asking import FORM, PROBLEM, choose, fill, send, shown_code
from tests.browser.test_seeing import told_apart

STATES = ["", "message/", "prepare/", "correct/", "withdraw/"]


def ask(page, message="Δύο ουλές"):
    """Send a request, no two of which are the same, and open its page."""
    page.goto(FORM)
    fill(page)
    page.get_by_label("In your own words").fill(message)
    send(page)
    code = shown_code(page)
    page.get_by_role("link", name="Open my page").click()
    arrive(page, "/consultation/r/[^/]+/$")
    expect(page.get_by_role("main")).to_contain_text(code)
    return code


@pytest.fixture(scope="module")
def address(browser, site):
    """The address of a patient's page that no test changes."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    ask(page, "Only looked at")
    yield page.url
    context.close()


def add_message(page, text):
    page.get_by_role("link", name="Write a message").click()
    choose(page, PROBLEM, "No")
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send the message").click()


def correct_phone(page, number):
    page.get_by_role("link", name="Correct what you gave").click()
    page.get_by_label("Phone number").fill(number)
    choose(page, "How should we answer?", "Either is fine")
    page.get_by_role("button", name="Save my corrections").click()


def help_prepare(page):
    page.get_by_role("link", name="Help us prepare").first.click()
    page.get_by_label("Rolling").check()
    page.get_by_label("I get cold sores").check()
    page.get_by_label("I agree that").check()
    page.get_by_role("button", name="Save my answers").click()


def take_back(page):
    page.get_by_role("link", name="Take back my request").first.click()
    page.get_by_role("button", name="Erase it and end the link").click()


def downloaded(page, link):
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return download.value


def test_from_the_confirmation_to_the_end_of_the_link(page):
    ask(page, "From beginning to end")
    own = page.url
    add_message(page, "Ακόμη <b>κάτι</b>")
    expect(page.locator("#messages")).to_contain_text("Ακόμη <b>κάτι</b>")

    correct_phone(page, "+30 691 000 1111")
    expect(page.locator("#given")).to_contain_text("+30 691 000 1111")

    take_back(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request is erased")
    assert page.goto(own).status == 404


def test_all_of_it_without_javascript_and_without_a_cookie(plain):
    ask(plain, "Without JavaScript")
    own = plain.url
    add_message(plain, "Still there?")
    expect(plain.locator("#messages")).to_contain_text("Still there?")
    help_prepare(plain)
    expect(plain.locator("#prepare")).to_contain_text("I get cold sores")
    correct_phone(plain, "+30 691 000 1111")
    expect(plain.locator("#given")).to_contain_text("+30 691 000 1111")
    take_back(plain)

    expect(plain).to_have_url(re.compile(r"/consultation/erased/$"))
    assert plain.goto(own).status == 404
    assert plain.context.cookies() == []


def test_the_link_of_the_mail_opens_by_the_digits_by_keyboard_alone(page, assert_looks_well):
    page.goto(FORM)
    fill(page)
    page.get_by_label("In your own words").fill("Behind the digits")
    send(page)
    link = page.locator(".patient__address").inner_text()
    digits = page.locator(".patient__link .code__value").inner_text()

    page.goto(link)
    expect(page.get_by_role("main")).not_to_contain_text("Behind the digits")
    assert_looks_well(page)
    page.locator("#digits").focus()
    page.keyboard.type("0" if digits != "0000" else "1")
    page.keyboard.press("Enter")
    expect(page.locator(".field__error")).to_have_text("Enter four digits")
    assert_looks_well(page)
    page.locator("#digits").fill(digits)
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_contain_text("Behind the digits")


def test_own_colours_take_no_tick_of_a_card_away(page, address):
    page.goto(address + "prepare/")
    card = page.locator("label.card").first
    untick = "card => { card.querySelector('input').checked = false }"
    card.locator("input").evaluate("box => { box.checked = true }")

    assert told_apart(page, card, untick)


@pytest.mark.parametrize("below", ["message/", "correct/"])
def test_what_is_left_of_a_text_is_counted(page, address, below):
    page.goto(address + below)
    box = page.locator("textarea[name=message]")
    box.fill("x" * 1990)
    expect(box.locator("xpath=..").locator("p").first).to_contain_text("10 left.")


def test_both_copies_are_downloaded_and_stand_alone(page, assert_accessible, tmp_path):
    code = ask(page, "To be downloaded")
    read, data = downloaded(page, "A page to read"), downloaded(page, "Data (JSON)")

    names = (read.suggested_filename, data.suggested_filename)
    assert names == (f"request-{code}.html", f"request-{code}.json")
    assert json.loads(data.path().read_text("utf-8"))["request"] == code
    read.save_as(tmp_path / "copy.html")
    page.goto((tmp_path / "copy.html").as_uri())
    expect(page.get_by_role("main")).to_contain_text("To be downloaded")
    assert_accessible(page)


def test_a_mistake_in_a_message_is_named_and_what_was_typed_stays(page, assert_accessible):
    ask(page, "With a mistake")
    add_message(page, "x" * 2001)

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("x" * 2001)
    assert_accessible(page)


def test_a_message_is_written_by_keyboard_alone(page):
    ask(page, "By keyboard")
    page.get_by_role("link", name="Add a message").focus()
    page.keyboard.press("Enter")
    arrive(page, "/message/$")
    tab_until(page, lambda: page.evaluate("document.activeElement.name") == "problem")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#messages .said-by-me")).to_contain_text("Typed")


@pytest.mark.parametrize("below", STATES)
def test_every_state_is_accessible_and_fits(page, assert_looks_well, address, below):
    page.goto(address + below)
    assert_looks_well(page)


@pytest.mark.parametrize("path", ["/consultation/erased/", "/consultation/r/unknown/"])
def test_the_end_is_accessible_and_fits(page, assert_looks_well, path):
    page.goto(path)
    assert_looks_well(page)


def test_no_address_is_told_where_a_reader_came_from(page, address):
    page.goto(address)
    asked = []
    page.on("request", lambda request: asked.append(request))  # a built-in cannot be given to it
    page.get_by_role("link", name="What we keep, how long").click()

    expect(page).to_have_url(re.compile(r"/privacy/$"))
    named = [request.all_headers().get("referer") for request in asked]
    assert named[0] is None
    assert not any(link and "/r/" in link for link in named)


def test_the_button_that_stands_out_erases_nothing(page, address):
    page.goto(address + "withdraw/")
    page.get_by_role("link", name="Keep my request").click()

    expect(page).to_have_url(address)
