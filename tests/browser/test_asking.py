"""A patient asks: by keyboard alone, without JavaScript, and with mistakes."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import arrive, tab_until

FORM = "/consultation/"
PROBLEM = "Is this about a problem after a treatment?"


def fill(page):
    choose(page, "Are you 18 or over?", "Yes")
    choose(page, PROBLEM, "No")
    page.get_by_label("In your own words").fill("Δύο ουλές <b>στο</b> μάγουλο")
    page.get_by_label("Your name").fill("Μαρία Παπαδοπούλου")
    page.get_by_label("Email address").fill("maria@example.com")
    page.get_by_label("I agree that").check()


def choose(page, question, answer):
    page.get_by_role("group", name=question, exact=True).get_by_label(answer, exact=True).check()


def send(page):
    page.get_by_role("button", name="Send my request").click()


def shown_code(page):
    arrive(page, r"/consultation/sent/\?e=")
    return re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", page.inner_text("main"))[0]


def test_a_request_is_sent_without_javascript(plain):
    plain.goto(FORM)
    fill(plain)
    send(plain)

    expect(plain).to_have_url(re.compile(r"/consultation/sent/\?e="))
    assert shown_code(plain)
    expect(plain.get_by_role("main")).to_contain_text("Nothing is booked yet")


def test_the_form_is_sent_by_keyboard_alone(page):
    """Tab, space, arrows and letters: every field is reached in the order in which it stands."""
    page.goto(FORM)
    tab_until(page, lambda: focused(page) == "adult")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_until(page, lambda: focused(page) == "name")
    page.keyboard.type("Jonas Weber")
    page.keyboard.press("Tab")
    page.keyboard.type("jonas@example.com")
    tab_until(page, lambda: focused(page) == "consent")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/consultation/sent/\?e="))


def focused(page):
    return page.evaluate("document.activeElement.name || ''")


def test_the_first_tab_skips_to_the_text(page):
    page.goto(FORM)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("#main$"))


def test_mistakes_are_named_where_they_are(page, assert_looks_well):
    page.goto(FORM)
    page.get_by_label("In your own words").fill("still here")
    send(page)

    expect(page).to_have_title(re.compile("^Error:"))
    problem = page.get_by_role("heading", name="There is a problem")
    expect(problem).to_be_visible()
    expect(page.get_by_label("In your own words")).to_have_value("still here")
    assert_looks_well(page)
    page.get_by_role("link", name=re.compile("email", re.I)).first.click()
    expect(page.get_by_label("Email address")).to_be_focused()


def test_help_shows_as_soon_as_it_is_about_a_problem_without_javascript(plain):
    plain.goto(FORM)
    card = plain.get_by_role("heading", name="Call 112 or your local number if:")
    expect(card).to_be_hidden()
    choose(plain, PROBLEM, "Yes")
    expect(card).to_be_visible()
    assert plain.evaluate("document.documentElement.scrollWidth") <= 375
    choose(plain, PROBLEM, "No")
    expect(card).to_be_hidden()


def test_who_wants_no_call_is_not_asked_about_calls(plain):
    plain.goto(FORM)
    calls = plain.get_by_role("group", name="If we call")
    expect(calls).to_be_hidden()
    for way, asked in {"Phone call": True, "Email": False, "Text message": True}.items():
        choose(plain, "How should we answer?", way)
        expect(calls).to_be_visible(visible=asked)


def test_a_text_says_what_is_left_of_it(page):
    page.goto(FORM)
    hint = page.locator("#id_message_helptext")
    expect(hint).to_have_text(re.compile("Up to 2,000 characters. 2000 left.$"))
    page.get_by_label("In your own words").fill("Ωραία\n😀")
    expect(hint).to_have_text(re.compile("Up to 2,000 characters. 1993 left.$"))


def test_the_summary_has_the_focus_without_javascript(plain):
    plain.goto(FORM)
    send(plain)

    # Chromium focuses `autofocus` by itself; the summary stands first in main.
    expect(plain.locator("main [autofocus]")).to_contain_text("There is a problem")


def test_who_is_under_18_is_answered_kindly(page, assert_looks_well):
    page.goto(FORM)
    choose(page, "Are you 18 or over?", "No")
    send(page)

    expect(page.get_by_role("main")).to_contain_text("18")
    expect(page.get_by_role("main")).not_to_contain_text("There is a problem")
    assert_looks_well(page)


def test_questions_ticked_on_a_page_arrive_ticked(plain):
    plain.goto("/risks/")
    question = plain.locator(".ask .tick").first
    text = question.inner_text().strip()
    question.click()
    plain.get_by_role("button", name="Add to my request").click()

    expect(plain.get_by_label(text)).to_be_checked()
    arrive(plain, "/consultation/questions/$")


def test_asking_sets_no_cookie(page, context):
    page.goto(FORM)
    fill(page)
    send(page)

    expect(page).to_have_url(re.compile("sent"))
    assert context.cookies() == []


def test_a_wide_page_sends_and_prints_the_answer(page, assert_looks_well):
    page.goto(FORM)
    fill(page)
    send(page)
    shown_code(page)
    assert_looks_well(page)
    page.emulate_media(media="print")

    expect(page.get_by_text(shown_code(page)).first).to_be_visible()
