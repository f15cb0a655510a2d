"""A patient reads a page of words in its zones: contents, text and evidence beside each other."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from mesosite.pages.catalogue import reading_order

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 375, "height": 800}
# The share of the lines of text that reach the last third of the width that the page may use.
_REACHING = """() => {
  const page = document.querySelector(".page"), third = page.getBoundingClientRect();
  const edge = third.left + third.width * 2 / 3, rows = new Map(), range = document.createRange();
  const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode);
    for (const { top, right, width } of range.getClientRects()) if (width > 1) {
      const row = Math.round((top + scrollY) / 28);
      rows.set(row, Math.max(rows.get(row) ?? 0, right));
    }
  }
  return [...rows.values()].filter(right => right > edge).length / rows.size;
}"""
# Each pair whose rule is not drawn as the line of its first label.
_OTHER_RULES = """() => [...document.querySelectorAll(".pair:has(> .pair__say)")].filter(pair => {
  const say = pair.querySelector(".pair__say"), label = pair.querySelector(".label");
  const sign = label && getComputedStyle(label.querySelector("summary") ?? label, "::before");
  const rule = getComputedStyle(say), hole = getComputedStyle(say, "::after");
  if (!sign || sign.content === "none") return rule.borderBottomWidth !== "1px";
  if (label.matches(".label--no-study"))
    return hole.borderBottomColor !== sign.borderLeftColor || hole.content === "none";
  return ["Style", "Color", "Width"].some(
    part => rule["borderBottom" + part] !== sign["borderTop" + part]);
}).map(pair => pair.id)"""


@pytest.fixture
def wide(page):
    page.set_viewport_size(WIDE)
    return page


def test_contents_text_and_evidence_stand_beside_each_other(wide):
    wide.goto("/risks/")
    places = [".contents", ".pair p", ".pair .label summary"]
    boxes = [wide.locator(place).first.bounding_box() for place in places]

    assert all(one["x"] + one["width"] < two["x"] for one, two in pairwise(boxes))
    wide.get_by_role("heading", name="Infection", exact=True).scroll_into_view_if_needed()
    expect(wide.get_by_role("navigation", name="On this page")).to_be_in_viewport()


def test_a_heading_is_one_click_away_and_the_contents_can_be_shut(page):
    page.set_viewport_size(NARROW)
    page.goto("/risks/")
    contents = page.locator(".contents")
    contents.get_by_role("link", name="Infection").click()
    expect(page.get_by_role("heading", name="Infection", exact=True)).to_be_in_viewport()

    contents.locator("summary").click()
    expect(contents.get_by_role("link").first).not_to_be_visible()


def test_half_of_the_lines_or_more_reach_the_last_third_of_a_wide_window(wide):
    for read in reading_order():
        wide.goto(read.url)
        assert wide.evaluate(_REACHING) >= 0.5, read.url


def test_the_rule_of_every_pair_is_the_line_of_its_label(wide):
    for read in reading_order():
        wide.goto(read.url)
        assert wide.evaluate(_OTHER_RULES) == [], read.url


def test_a_key_beside_the_summary_says_what_each_line_means(wide):
    for read in reading_order():
        wide.goto(read.url)
        key = wide.locator(".key")
        assert key.bounding_box()["x"] > wide.locator(".short").bounding_box()["x"]
        expect(key.get_by_role("listitem")).to_have_count(6)


def test_a_label_opens_under_its_paragraph_and_keeps_its_place(wide):
    wide.goto("/risks/")
    label = wide.locator("#c17 details.label").first
    button, paragraph = label.locator("summary"), wide.locator("#c17 > p").first
    paragraph.scroll_into_view_if_needed()
    before = button.bounding_box()
    button.click()
    text, source = paragraph.bounding_box(), label.get_by_role("listitem").first.bounding_box()

    assert button.bounding_box() == before
    assert before["height"] >= 44
    assert source["y"] >= text["y"] + text["height"]
    assert source["x"] < before["x"]


def test_the_open_menu_of_a_phone_leads_to_search_and_request(page):
    page.set_viewport_size(NARROW)
    for name, heading in (
        ("Search", "Search"),
        ("Ask for a consultation", "Ask for a consultation"),
    ):
        page.goto("/risks/")
        page.locator(".menu summary").click()
        page.locator(".menu").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_a_wide_masthead_has_a_glass_that_leads_to_the_search(wide):
    wide.goto("/risks/")
    wide.locator(".masthead").get_by_role("link", name="Search").click()
    index = wide.locator(".site-index")
    index.get_by_role("link", name="Bruising").click()
    expect(wide.get_by_role("heading", name="Bruising")).to_be_in_viewport()


def test_a_letter_leads_to_its_words(wide):
    wide.goto("/words/")
    wide.get_by_role("navigation", name="By letter").get_by_role("link", name="K").click()
    expect(wide.get_by_role("heading", name="K", exact=True)).to_be_in_viewport()


def test_the_cards_for_help_stand_two_by_two_the_most_urgent_first(wide):
    wide.goto("/risks/")
    first, second, third, fourth = (
        card.bounding_box() for card in wide.locator(".cares > .care").all()
    )

    assert first["y"] == second["y"] < third["y"] == fourth["y"]
    assert first["x"] == third["x"] < second["x"] == fourth["x"]
