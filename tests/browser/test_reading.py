"""A patient reads: every page, narrow and wide, light and dark, without JavaScript."""

import pytest
from playwright.sync_api import expect

from mesosite.pages.catalogue import all_pages, reading_order
from mesosite.pages.views.generated import footer_pages

MADE = [*(f"/{page.address}" for page in footer_pages()), "/search/", "/leaflet/check/"]
PAGES = [page.url for page in all_pages().values()] + MADE + ["/consultation/"]


@pytest.mark.parametrize("url", [*PAGES, "/consultation/sent/", "/nothing/"])
def test_every_page_is_accessible_and_fits(page, url, assert_looks_well):
    page.goto(url)
    assert_looks_well(page)


@pytest.mark.parametrize("url", PAGES)
def test_every_page_prints_without_spilling(page, url):
    page.set_viewport_size({"width": 700, "height": 1000})
    page.goto(url)
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_phone_finds_every_page_without_javascript(plain):
    plain.goto("/")
    for expected in reading_order():
        plain.locator(".menu summary").click()
        plain.locator(".menu").get_by_role("link", name=expected.nav, exact=True).click()
        expect(plain.get_by_role("heading", level=1)).to_have_text(expected.title)
        expect(plain.locator(".masthead [aria-current=page]").first).to_have_text(expected.nav)


def test_the_pages_can_be_read_in_order(page):
    page.goto("/overview/")
    for expected in reading_order()[1:]:
        page.get_by_role("link", name=f"Next {expected.nav}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(expected.title)


def test_reading_asks_for_nothing_but_this_site_and_keeps_nothing(page, context, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for url in PAGES:
        page.goto(url)

    assert {address.startswith(site.url) for address in asked} == {True}
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_label_opens_to_the_studies_behind_it(page, assert_accessible):
    page.goto("/approaches/")
    label = page.locator("#c4 details.label").first
    label.locator("summary").click()

    expect(label.get_by_role("link", name="Alam 2014")).to_be_visible()
    expect(label).to_contain_text("numbing cream")
    assert_accessible(page)
