"""A patient looks something up: by keyboard alone, and without JavaScript."""

from playwright.sync_api import expect

from tests.browser.conftest import arrive


def test_search_by_keyboard_without_javascript(plain):
    plain.goto("/risks/")
    plain.get_by_role("contentinfo").get_by_role("link", name="Search").focus()
    plain.keyboard.press("Enter")
    plain.get_by_label("Search these pages").focus()
    plain.keyboard.type("isotretinoine")
    plain.keyboard.press("Enter")
    expect(plain.locator("mark").first).to_be_visible()
    arrive(plain, "/search/$")

    plain.get_by_role("link", name="I take isotretinoin. Can I have it?").press("Enter")
    arrive(plain, "/faqs/#i-take-isotretinoin-can-i-have-it$")


def test_a_word_leads_to_its_explanation(plain):
    plain.goto("/risks/")
    plain.locator('a[href="/words/#mycobacteria"]').click()

    expect(plain.locator("#mycobacteria")).to_be_in_viewport()
    expect(plain.locator("#mycobacteria")).to_contain_text("Slow germs that can live in water.")


def test_what_was_found_is_accessible_and_fits(page, assert_looks_well):
    page.goto("/search/")
    page.get_by_label("Search these pages").fill("dark marks")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    assert_looks_well(page)


def test_the_browser_refuses_nothing_of_a_page(page):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for url in ("/", "/faqs/", "/words/", "/search/"):
        page.goto(url)

    assert said == []
