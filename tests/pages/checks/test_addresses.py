"""A page that the code needs is asked for, and no page takes an address that the site makes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import resolve

from mesosite.pages.checks.addresses import NEEDED, is_made
from mesosite.pages.middleware import content_problems, problems_page

LINK = re.compile(r"""href=\\?["'](/[a-z0-9/-]*)""")
FREE = [
    "needling-at-home",
    "treatments/index",
    "treatments/laser",
    "consultations",
    "laser2",
    "index-of-words",
]
TAKEN = {
    **dict.fromkeys(("consultation", "consultation/news"), "the request form"),
    **dict.fromkeys(("staff", "staff/login", "staff/rota"), "the inbox"),
    **dict.fromkeys(("healthz", "readyz"), "the health check"),
    **dict.fromkeys(("search", "leaflet", "leaflet/print", "leaflet/check"), "a view"),
    **dict.fromkeys(("words", "references", "about/quality"), "a page made from others"),
    **dict.fromkeys(("static", "static/img/scar"), "the static files"),
}


def added(content, addresses):
    """What is said of more pages, whose words are not wrong, as {address: errors}."""
    text = (content.folder / "en/privacy.md").read_text("utf-8")
    for number, address in enumerate(addresses):
        path = content.folder / f"en/{address}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("description: ", f"description: {number} "), "utf-8")
    errors = content.errors()
    return {
        address: [error for error in errors if f"en/{address}.md:" in error[1]]
        for address in addresses
    }


def test_a_page_may_have_any_free_address(content):
    assert added(content, FREE) == {address: [] for address in FREE}


def test_a_folder_is_a_section_only_with_its_first_page(content):
    added(content, ["treatments/laser", "treatments/laser/risks"])
    refused = [error[1] for error in content.errors() if error[0] == "content.E037"]

    assert refused == [
        f"content/en/{folder}: This folder has pages, and no index.md that leads to them."
        for folder in ("treatments", "treatments/laser")
    ]


def test_with_its_first_page_it_is_one(content):
    added(content, ["treatments/index", "treatments/laser"])
    content.change("en/treatments/index.md", "group: site", "group: read")

    assert "content.E037" not in [number for number, _message in content.errors()]


@pytest.mark.parametrize("line", ["draft: true", "group: site"])
def test_the_first_page_of_a_section_is_one_to_be_read(content, line):
    added(content, ["treatments/index", "treatments/laser"])
    content.change("en/treatments/index.md", "group: site", line)
    content.change("en/treatments/laser.md", "group: site", "group: read")

    assert "content.E037" in [number for number, _message in content.errors()]


def test_an_address_that_the_site_makes_is_refused(content):
    refused = "content/en/{0}.md: The address /{0}/ is taken: the site makes it itself."

    for address, errors in added(content, TAKEN).items():
        assert ("content.E026", refused.format(address)) in errors


def test_a_folder_may_not_take_the_address_of_a_language(content, settings):
    settings.LANGUAGES = [("en", "English"), ("el", "Greek")]

    (found,) = added(content, ["el/laser"])["el/laser"]

    assert found[0] == "content.E026"


def set_aside(path: Path) -> None:
    path.rename(path.with_name(f"old-{path.name}"))


@pytest.mark.parametrize("move", [Path.unlink, set_aside])
def test_a_page_that_the_code_leads_to_is_asked_for(content, move):
    for address in NEEDED:
        move(content.folder / f"en/{address or 'index'}.md")

    asked = [message for number, message in content.errors() if number == "content.E025"]

    assert asked[: len(NEEDED)] == [
        f"content/en/{address or 'index'}.md: This page must be there. {why}"
        for address, why in NEEDED.items()
    ]


def test_make_dev_asks_for_the_page_too(content):
    (content.folder / "en/privacy.md").unlink()
    content_problems.cache_clear()

    shown = problems_page(content_problems()).content.decode()
    content_problems.cache_clear()

    assert "The form asks for consent to its words." in shown


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("en/index.md", "layout: home", "layout: page"),
        ("en/index.md", "layout: home\n", ""),
        ("en/risks.md", "layout: page", "layout: home"),
    ],
)
def test_the_first_page_alone_has_the_layout_home(content, name, old, new):
    content.change(name, old, new)

    assert "content.E025" in [number for number, _message in content.errors()]


def test_every_link_of_templates_and_code_leads_to_a_page_that_is_asked_for():
    """Their own addresses are views, or pages that the gate asks for."""
    folders = settings.BASE_DIR / "templates", settings.BASE_DIR / "mesosite"
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    texts = [path.read_text("utf-8") for path in paths if path.suffix in (".html", ".py")]
    linked = {url for text in texts for url in LINK.findall(text)}
    led_to = {url.strip("/") for url in linked if resolve(url) and not is_made(url)}

    assert led_to == set(NEEDED)
