"""A patient makes a leaflet: chooses without JavaScript, prints it, checks the code on it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import arrive


def choose(page):
    """Two pages and two questions; returns the questions' words."""
    page.goto("/leaflet/")
    page.locator(".choose summary").click()
    page.locator(".choose").get_by_label("in two columns").check()
    page.locator(".choose").get_by_label("Potential risks and side effects").check()
    page.locator(".choose").get_by_label("Your options, side by side").check()
    questions = [page.locator(".choose .tick:has([name=questions])").nth(n) for n in (1, 4)]
    words = [question.inner_text().strip() for question in questions]
    for question in questions:
        question.click()
    page.get_by_role("button", name="Make my leaflet").click()
    arrive(page, "/leaflet/print/$")
    return words


def version(page):
    return page.locator(".colophon .version").inner_text()


def test_a_leaflet_is_chosen_without_javascript_and_its_code_is_good(plain):
    words = choose(plain)

    expect(plain.locator(".chapter h2")).to_have_count(2)
    expect(plain.locator(".asked li")).to_have_text(words)
    code = version(plain)
    plain.goto("/leaflet/check/")
    plain.get_by_label("The code of your leaflet").fill(code.lower().replace("-", " "))
    plain.get_by_role("button", name="Check it").click()
    expect(plain.get_by_role("status")).to_contain_text("Yes. These pages have not changed")
    expect(plain.locator(".checked__pages li")).to_have_count(2)


def test_a_leaflet_of_choice_is_accessible_and_fits(page, assert_looks_well):
    choose(page)
    assert_looks_well(page)


@pytest.mark.parametrize("query", ["", "?code=00000-00000", "?code=nonsense"])
def test_the_check_is_accessible(page, assert_looks_well, query):
    page.goto(f"/leaflet/check/{query}")
    assert_looks_well(page)


@pytest.mark.parametrize("size", ["two columns", "large print"])
def test_a_leaflet_prints_on_a4_with_its_card(page, size):
    page.goto("/leaflet/")
    page.locator(".choose summary").click()
    page.locator(".choose").get_by_label(re.compile(size)).check()
    page.get_by_role("button", name="Make my leaflet").click()
    arrive(page, "/leaflet/print/$")
    page.set_viewport_size({"width": 673, "height": 980})
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(page.locator(".wallet")).to_be_visible()
    expect(page.locator(".leaflet__hint")).to_be_hidden()
    columns = page.locator(".chapter__text").first.evaluate("e => getComputedStyle(e).columnCount")
    assert columns == {"two columns": "2", "large print": "1"}[size]


def pages_of(page):
    """How many pages of paper a browser makes of what it shows."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("questions", [0, 8, 12, 100])
def test_the_sheet_is_one_sheet_and_nothing_is_cut_off(page, questions):
    page.goto("/leaflet/")
    page.locator(".choose summary").click()
    for box in page.locator(".choose [name=questions]").all()[:questions]:
        box.check()
    page.get_by_role("button", name="Make my leaflet").click()
    arrive(page, "/leaflet/print/$")
    page.locator(".wallet .blank").last.evaluate(
        "e => { e.textContent = 'A long name. '.repeat(5) }"
    )
    page.locator(".side__foot").evaluate("e => { e.append('A long name of a clinic. '.repeat(9)) }")

    assert pages_of(page) == 2
    page.set_viewport_size({"width": 673, "height": 980})
    page.emulate_media(media="print")
    room = "side => side.clientHeight - side.scrollHeight"
    assert [side.evaluate(room) for side in page.locator(".side").all()] == [0, 0]


def test_questions_that_were_ticked_while_reading_are_ticked_for_the_sheet(page):
    page.goto("/risks/")
    box = page.locator(".ask [name=questions]").first
    box.check()
    chosen = box.get_attribute("value")
    page.goto("/leaflet/")

    expect(page.locator(f".choose [value={chosen}]")).to_be_checked()
    expect(page.locator(f".choose [value={chosen}]")).to_be_visible()
