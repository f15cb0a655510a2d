"""A patient makes a leaflet: chooses without JavaScript, prints it, checks the code on it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import arrive


def choose(page):
    """Two pages and two questions; returns the questions' words."""
    page.goto("/leaflet/")
    page.locator(".choose summary").click()
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


@pytest.mark.parametrize("size", ["Usual", "Large print"])
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
    assert columns == {"Usual": "2", "Large print": "1"}[size]
