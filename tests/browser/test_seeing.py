"""A patient reads with other eyes: large text, the keyboard, a screen reader, own colours."""

import base64
import re

import pytest
from playwright.sync_api import expect

from mesosite.pages.catalogue import all_pages, all_pairs
from mesosite.pages.content.labels import Label
from tests.browser.fitting import broken_words, open_all, too_wide
from tests.browser.test_reading import PAGES

WIDTHS = (320, 375, 768, 1280)
LARGE_TEXT = {"standard": 32, "fixed": 26}  # pixels; a browser's usual are 16 and 13


@pytest.fixture
def large_text(context, page):
    """A browser whose text is set to twice the usual size."""
    session = context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": LARGE_TEXT})


def at_each_width(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        yield width


def test_no_word_is_broken_on_any_page(page):
    for url in PAGES:
        page.goto(url)
        open_all(page)
        for width in at_each_width(page):
            assert (broken_words(page), too_wide(page)) == ([], []), (url, width)


def test_a_browser_set_to_large_text_never_scrolls_sideways(page, large_text):
    for url in PAGES:
        page.goto(url)
        open_all(page)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for width in at_each_width(page):
            assert too_wide(page) == [], (url, width)


@pytest.mark.parametrize("width", [375, 768])
def test_the_open_menu_covers_nothing_and_esc_closes_it(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/evidence/")
    menu = page.locator(".menu")
    button = menu.locator("summary")
    before = button.bounding_box()
    button.press("Enter")
    links = menu.get_by_role("link")
    assert button.bounding_box() == before
    assert page.locator("main").bounding_box()["y"] >= links.last.bounding_box()["y"]

    links.last.focus()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(button).to_be_focused()


def test_esc_elsewhere_leaves_the_menu_and_the_focus_alone(page):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/evidence/")
    page.locator(".menu summary").press("Enter")
    link = page.locator(".next a").first
    link.focus()
    page.keyboard.press("Escape")

    expect(link).to_be_focused()
    expect(page.locator(".menu")).to_have_attribute("open", "")


def test_tab_stops_at_everything_once_in_the_order_of_the_page(page):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/risks/")
    stops = page.evaluate(
        """() => {
        window.stops = [...document.querySelectorAll("a, button, summary, input, [tabindex='0']")]
            .filter(one => one.checkVisibility({ contentVisibilityAuto: true }));
        return stops.length;
        }"""
    )
    reached = []
    for _stop in range(stops):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("stops.indexOf(document.activeElement)"))

    assert reached == list(range(stops))


def test_a_label_is_read_in_words(page):
    page.goto("/approaches/")

    expect(page.locator("#c4 details.label").first).to_match_aria_snapshot(
        """
        - group:
          - text: /We are .*sure Sources? \\d+(, \\d+)*$/
        """
    )


def test_a_card_names_each_column_once_and_a_table_once_for_all(page):
    page.goto("/options/")
    table = page.locator(".compare table")
    fields = table.locator("thead th").all_inner_texts()[1:]
    wide = table.aria_snapshot()
    page.set_viewport_size({"width": 375, "height": 800})
    narrow = table.aria_snapshot()
    rows = table.locator("tbody tr").count()

    assert wide.count("- columnheader") == len(fields) + 1
    assert narrow.count("- columnheader") == 0
    assert len(re.findall(r"- '?row\b", narrow)) == rows
    assert len(re.findall("rowheader", narrow)) == len(re.findall("rowheader", wide)) == rows
    for field in fields:
        assert narrow.count(f'cell "{field} ') == rows, field


def test_the_studies_are_cards_on_a_phone_and_stay_a_table(page):
    page.goto("/evidence/")
    table = page.locator("table.stacked", has_text="What was injected")
    page.set_viewport_size({"width": 375, "height": 800})
    cards = table.aria_snapshot()
    row = table.locator("tbody tr").first

    assert row.locator("th").bounding_box()["y"] < row.locator("td").first.bounding_box()["y"]
    assert row.bounding_box()["width"] <= 375
    assert cards.count('cell "Who took part ') == table.locator("tbody tr").count()
    assert '- rowheader "Vitamin mixes"' in cards


def test_every_finding_is_reached_by_its_heading(page):
    found = 0
    for read in all_pages().values():
        if read.pairs:
            page.goto(read.url)
            open_all(page)
            found += page.get_by_role("heading", name="What we found").count()

    assert found == len(all_pairs())


def test_a_chart_is_read_with_its_unit(page):
    page.goto("/evidence/")

    expect(
        page.get_by_role(
            "img", name="Points lost on a scar score after six months. Needled half: 3.4"
        )
    ).to_be_visible()


TOLD_APART = """async ([before, after]) => {
    const luminances = async image => {
        const bytes = Uint8Array.from(atob(image), sign => sign.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const { width, height } = bitmap, found = [];
        const drawn = new OffscreenCanvas(width, height).getContext("2d");
        drawn.drawImage(bitmap, 0, 0);
        const { data } = drawn.getImageData(0, 0, width, height);
        for (let n = 0; n < data.length; n += 4) {
            const [r, g, b] = [...data.slice(n, n + 3)].map(part => part / 255)
                .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
            found.push(.2126 * r + .7152 * g + .0722 * b);
        }
        return found;
    };
    const [one, other] = await Promise.all([before, after].map(luminances));
    const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    return one.filter((light, n) => contrast(light, other[n]) >= 3).length;
}"""
ENOUGH = 12
"""Pixels with a contrast of 3 (WCAG 1.4.11) that make a sign: a line of six by two."""


def told_apart(page, element, change):
    """Whether a sign that a JavaScript takes from an element is seen in the reader's own colours.

    Counts the pixels that the change gives another light, as WCAG measures contrast.
    """
    page.emulate_media(forced_colors="active")
    element.scroll_into_view_if_needed()
    box, handle = element.bounding_box(), element.element_handle()
    shots = []
    for act in ("() => {}", change):
        handle.evaluate(act)
        shot = page.screenshot(clip=box, animations="disabled", caret="hide")
        shots.append(base64.b64encode(shot).decode())
    return page.evaluate(TOLD_APART, shots) >= ENOUGH


def test_own_colours_take_no_line_of_a_label_away(page):
    page.goto("/evidence/")
    label = page.locator("span.label").first
    for kind in Label:
        label.evaluate(f"label => {{ label.className = 'label label--{kind}' }}")
        assert told_apart(page, label, "label => { label.className = '' }"), kind
        page.reload()


SIGNS = [
    # page, element, what takes its sign away
    ("/risks/", ".menu [aria-current]", "link => link.removeAttribute('aria-current')"),
    ("/risks/", ".ask input", "box => { box.checked = !box.checked }"),
    ("/risks/", ".ask button", "button => { button.className = '' }"),
    ("/risks/", ".care", "card => { card.className = '' }"),
    ("/risks/", ".pair__say", "said => { said.className = '' }"),
    ("/options/", ".guide label", "label => label.querySelector('input').click()"),
    ("/evidence/", ".chart .drawing", "svg => svg.querySelector('.a').remove()"),
    ("/evidence/", ".chart .drawing", "svg => svg.querySelector('.s').remove()"),
    ("/evidence/#s1", "#s1", "() => { location.hash = '#main' }"),
]


@pytest.mark.parametrize(("url", "selector", "take_away"), SIGNS)
def test_own_colours_take_no_sign_away(page, url, selector, take_away):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(url)
    if selector.startswith(".menu"):
        page.locator(".menu summary").click()

    assert told_apart(page, page.locator(selector).first, take_away)


def test_own_colours_take_no_mistake_and_no_focus_away(page):
    page.goto("/consultation/")
    page.get_by_role("button", name="Send my request").click()
    wrong = page.locator(".field--wrong").first
    expect(wrong).to_be_visible()

    assert told_apart(page, wrong, "field => { field.classList.remove('field--wrong') }")
    name = page.get_by_label("Your name")
    name.focus()
    assert told_apart(page, name, "field => field.blur()")
