"""What a patient types is there again after Back, in Chromium and in Firefox, and not once sent."""

import itertools

from tests.browser.tabs import Tab

FORM = "/consultation/"
TEXT = "Δύο ουλές στο μάγουλο"
NUMBERS = itertools.count(1)
VALUES = """() => Array.from(document.querySelector('main form').elements)
    .filter(field => field.name && field.type !== 'hidden')
    .filter(field => ['checkbox', 'radio'].includes(field.type) ? field.checked : field.value)
    .map(field => field.name + '=' + field.value).sort().join('\\n')"""


def fill(tab: Tab, **changes: str) -> None:
    """Fills the form in. The message is a new one each time: the same again is the same request."""
    texts = {"name": "Μαρία", "email": "maria@example.com", "message": f"{TEXT} {next(NUMBERS)}"}
    for name, text in (texts | changes).items():
        tab.type(f"[name={name}]", text)
    for choice in ("adult][value=yes", "problem][value=no", "contact_by][value=email", "consent"):
        tab.click(f"[name={choice}]")


def send(tab: Tab) -> str:
    """Presses the button. Returns the title of the page that answers."""
    tab.leave(lambda: tab.click("#send"))
    return tab.call("() => document.title")


def follow(tab: Tab, link: str) -> None:
    tab.leave(lambda: tab.click(f"header a[href='{link}'], footer a[href='{link}']"))


def test_back_from_any_link_finds_every_word(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab)
    typed = tab.call(VALUES)
    assert TEXT in typed
    links = "() => [...document.querySelectorAll('header a, footer a')].map(a => a.pathname).join()"
    for link in sorted(set(tab.call(links).split(",")) - {"", FORM})[:3]:
        follow(tab, link)
        tab.go_back()
        assert tab.call(VALUES) == typed, link


def test_a_link_inside_the_form_opens_beside_it(tab: Tab) -> None:
    tab.goto(FORM)
    links = """main form a:not([href^='tel:'])"""  # a number to call leaves no page
    targets = tab.call(
        f"""() => [...document.querySelectorAll("{links}")].map(a => a.target).join()"""
    )
    assert targets == "_blank"


def test_back_to_a_form_with_problems_finds_every_word(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab, email="maria")
    assert send(tab).startswith("Error:")
    tab.type("[name=phone]", "69")
    typed = tab.call(VALUES)
    follow(tab, "/privacy/")
    tab.go_back()
    assert tab.call(VALUES) == typed

    tab.go_back()
    assert TEXT in tab.call(VALUES)


def test_a_slip_at_the_age_loses_nothing(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab)
    typed = tab.call(VALUES)
    tab.click("[name=adult][value=no]")
    assert "under 18" in send(tab)
    follow(tab, "/faqs/")
    tab.go_back()
    assert "under 18" in tab.call("() => document.title")
    tab.leave(lambda: tab.click("[name=adult]"))
    assert tab.call(VALUES) == typed
    tab.go_back()
    tab.go_back()
    assert tab.call(VALUES) == typed.replace("adult=yes", "adult=no")


def test_back_from_too_much_text_finds_every_word(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab)
    tab.call("() => { document.querySelector('[name=message]').value = 'ω'.repeat(200000) }")
    assert "too much" in send(tab)
    tab.go_back()
    assert "ω" * 200_000 in tab.call(VALUES)


def test_back_to_a_message_finds_every_word(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab)
    assert "was sent" in send(tab)
    tab.leave(lambda: tab.click("a[href*='/consultation/r/']"))
    tab.leave(lambda: tab.click("a[href$='/message/']"))
    tab.type("[name=message]", TEXT)
    tab.click("[name=problem][value=no]")
    follow(tab, "/privacy/")
    tab.go_back()
    assert tab.call(VALUES) == f"message={TEXT}\nproblem=no"


def test_back_to_what_helps_to_prepare_finds_every_tick(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab)
    assert "was sent" in send(tab)
    tab.leave(lambda: tab.click("a[href$='/prepare/']"))
    for choice in ("scar_types][value=rolling", "health][value=cold_sores", "consent"):
        tab.click(f"[name={choice}]")
    typed = tab.call(VALUES)
    assert "health=cold_sores" in typed
    follow(tab, "/privacy/")
    tab.go_back()
    assert tab.call(VALUES) == typed


def test_after_sending_back_shows_nothing_of_it(tab: Tab) -> None:
    tab.goto(FORM)
    fill(tab, email="maria")
    assert send(tab).startswith("Error:")
    tab.type("[name=email]", "@example.com")
    assert "was sent" in send(tab)
    for _page in ("the answer with problems", "the form"):
        tab.go_back()
        tab.until(f"() => ({VALUES})() === 'language=en'")
