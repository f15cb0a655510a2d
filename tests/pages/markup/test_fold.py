"""A fold is closed until a reader opens it; links lead to it, and its words are counted apart."""

from copy import deepcopy

import pytest

from mesosite.pages.catalogue import all_pages
from mesosite.pages.checks.report import report
from mesosite.pages.leaflet import chapter_html

ABOUT = "en/about.md"
FOLD = "/// fold | Two *old* studies\nThey are old. [Ask us](/about/#{}).\n///\n\n## "


def counts():
    return next((row.words, row.folded) for row in report() if row.page.url == "/about/")


@pytest.fixture
def folded(content):
    content.change(ABOUT, "## ", FOLD.format("two-old-studies"))
    return content


def test_a_fold_opens_by_its_heading(folded, client):
    html = client.get("/about/").content.decode()

    assert '<details class="fold" id="two-old-studies">' in html
    assert "<summary>Two <em>old</em> studies</summary>" in html
    assert folded.errors() == []


def test_a_link_to_a_fold_that_is_not_there_is_named(content):
    content.change(ABOUT, "## ", FOLD.format("two-new-studies"))

    assert [number for number, _message in content.errors()] == ["content.E003"]


def test_the_words_in_a_fold_are_counted_apart(content):
    before, minutes = counts(), all_pages()["about"].words
    content.change(ABOUT, "## ", FOLD.format("two-old-studies"))

    assert counts() == (before[0], before[1] + 5)
    assert all_pages()["about"].words == minutes


def test_a_fold_without_a_heading_is_named(content):
    content.change(ABOUT, "## ", "/// fold\nThey are old.\n///\n\n## ")

    assert content.errors()[0][0] == "content.E002"


def test_a_printed_fold_is_open(folded):
    about = all_pages()["about"]

    html = chapter_html(deepcopy(about.tree), about, [about])

    assert '<section class="fold" id="about-two-old-studies">' in html
    assert "<h4>Two <em>old</em> studies</h4>" in html
    assert "<details class=" not in html
