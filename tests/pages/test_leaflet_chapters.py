"""A page's html becomes a chapter: headings, names, links and sources fit the whole leaflet."""

import re
from copy import deepcopy

import pytest

from mesosite.pages.catalogue import all_pages, reading_order
from mesosite.pages.html_tree import inner_html, parse
from mesosite.pages.leaflet import chapter_html, sources_of

EVIDENCE, RISKS = all_pages()["evidence"], all_pages()["risks"]
BOTH = (EVIDENCE, RISKS)


@pytest.mark.parametrize(
    ("html", "bound"),
    [
        ("<h2>a</h2>", "<h3>a</h3>"),
        ("a\x0bb <p>c\x01</p>", "a b <p>c </p>"),
        ('<h3 id="x">a</h3>', '<h4 id="risks-x">a</h4>'),
        ("<hr><header>a</header>", "<hr><header>a</header>"),
        ('<a href="#x">a</a>', '<a href="#risks-x">a</a>'),
        ('<a href="/risks/">a</a>', '<a href="#risks">a</a>'),
        ('<a href="/evidence/#c7">a</a>', '<a href="#evidence-c7">a</a>'),
        ('<a href="/faqs/#c23">a</a>', '<a href="/faqs/#c23">a</a>'),
        ('<a href="https://doi.org/1#x">a</a>', '<a href="https://doi.org/1#x">a</a>'),
        ('<input name="w-1" id="x">', '<input name="risks-w-1" id="risks-x">'),
        ('<p role="region" aria-label="a"></p>', '<p role="region" aria-label="a: Risks"></p>'),
        ('<label for="x">a</label>', '<label for="risks-x">a</label>'),
    ],
)
def test_headings_names_and_links(html, bound):
    assert chapter_html(parse(html), RISKS, BOTH) == bound


def test_citations_take_the_number_of_the_whole_leaflet():
    key = RISKS.references[0].key
    number = [source.key for source in sources_of(BOTH)].index(key) + 1

    bound = chapter_html(parse('<sup class="cite"><a href="#s1">1</a></sup>'), RISKS, BOTH)

    assert number > 1
    assert bound == f'<sup class="cite"><a href="#s{number}">{number}</a></sup>'


def test_a_label_that_opens_is_shut():
    html = '<details class="label label--x"><summary><b>a</b></summary><ul></ul></details>'

    assert chapter_html(parse(html), RISKS, BOTH) == '<p class="label label--x"><b>a</b></p>'


def test_sources_are_listed_once():
    listed = [source.key for source in sources_of(reading_order())]

    assert len(listed) == len(set(listed))
    assert set(listed) == {s.key for page in reading_order() for s in page.references}


def test_every_chapter_keeps_its_words():
    for page in reading_order():
        bound = chapter_html(deepcopy(page.tree), page, reading_order())

        assert re.findall("<p>", bound)
        assert "<h2" not in bound
        assert "<details class=" not in bound


def test_a_leaflet_leaves_the_pages_as_they_were(client):
    before = [inner_html(page.tree) for page in reading_order()]

    client.get("/leaflet/book/")

    assert [inner_html(page.tree) for page in reading_order()] == before
