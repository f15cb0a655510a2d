"""Search: forgiving of accents, endings and small slips, and what is searched is kept nowhere."""

import logging
import re
from urllib.parse import urlencode

import pytest

from mesosite.http.strict_input import FORM
from mesosite.pages.catalogue import all_pages
from mesosite.pages.search import search

ODD = [
    "",
    "   ",
    "\0",
    "a\0b",
    "x" * 10_000,
    "pain " * 2_000,
    "ألم الجلد",
    "\u202epain",
    "%%'\"",
    "_",
]


def found(query):
    return [result.entry.url for result in search(query)[0]]


def post(client, query):
    return client.post("/search/", urlencode({"q": query}), content_type=FORM)


def test_every_heading_is_found_by_its_words():
    headings = {
        f"{page.url}#{part.anchor}": part.heading
        for page in all_pages().values()
        for part in page.sections[1:]
    }
    missed = [url for url, heading in headings.items() if not found(heading)]

    assert missed == []
    assert all(url.split("#")[1] for url in headings)


@pytest.mark.parametrize(
    "query", ["isotretinoin", "ISOTRETINOIN", "ísótretinöin", "isotretinion", "isotret"]
)
def test_accents_case_slips_and_beginnings_are_forgiven(query):
    assert found(query)[0] == "/faqs/#i-take-isotretinoin-can-i-have-it"


@pytest.mark.parametrize(
    "query",
    ["i\u0301sotreti\u0300noi\u0308n", "iso\u00adtreti\u200bnoin", "\ufeffｉｓｏtretinoin\u202c"],
)
def test_a_decomposed_accent_or_an_invisible_sign_parts_no_word(query, client):
    assert found(query)[0] == "/faqs/#i-take-isotretinoin-can-i-have-it"
    assert 'href="/faqs/#i-take-isotretinoin-can-i-have-it"' in post(client, query).content.decode()


def test_a_word_of_a_page_is_found_and_marked_whole_however_its_accents_are_stored(content, client):
    content.change("en/risks.md", "On the whole the", "Cre\u0300me bru\u00adle\u0301e the")

    for query in ("crème", "cre\u0300me", "creme"):
        assert "<mark>Crème</mark> brulée the" in post(client, query).content.decode()


@pytest.mark.parametrize(("one", "other"), [("needles", "needling"), ("scar", "scars")])
def test_endings_are_forgiven(one, other):
    assert found(one) == found(other) != []


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("How long does recovery take?", "/faqs/#how-long-does-recovery-take"),
        ("pregnant", "/faqs/#i-am-pregnant-or-breastfeeding-can-i-have-it"),
        ("microneedling", "/approaches/#micro-needling-mesotherapy"),
        ("does needling hurt", "/benefits/"),
        ("PRP", "/approaches/#platelet-rich-plasma-prp-mesotherapy"),
        ("keloids", "/words/#keloid"),
        ("", None),
    ],
)
def test_the_best_place_comes_first(query, url):
    assert (found(query) or [None])[0] == url


def test_a_result_links_to_its_heading_and_marks_the_words(client):
    html = post(client, "mycobacteria").content.decode()

    assert '<a href="/risks/#infection">Infection</a>' in html
    assert "<mark>mycobacteria</mark>" in html


def test_what_clinics_say_is_never_shown_as_ours(content, client):
    content.change(
        "en/risks.md",
        "On the whole the treatment is safe, though there are some risks.",
        "It is a zebra.",
    )

    assert re.search(
        r"Clinics say:\s+It is a <mark>zebra</mark>", post(client, "zebra").content.decode()
    )


def test_text_and_query_are_escaped(content, client):
    content.change("en/risks.md", "On the whole the", "Zebras &lt;b&gt; the")
    html = post(client, 'zebras "<script>alert(1)</script>').content.decode()

    assert "<mark>Zebras</mark> &lt;b&gt;" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("query", ODD)
def test_odd_input_is_answered(client, query):
    assert post(client, query).status_code == 200


def test_nothing_found_leads_on(client):
    html = post(client, "qqqq").content.decode()

    assert "Nothing found" in html
    assert 'href="/overview/"' in html
    assert 'href="/words/"' in html


def test_what_is_searched_is_kept_by_the_readers_browser_alone(client, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = post(client, "keloid")

    assert answer["Cache-Control"] == "no-cache, private"
    assert not answer.cookies
    assert "keloid" not in caplog.text
    title = re.search(r"<title>(.*)</title>", answer.content.decode())[1]
    assert "keloid" not in title


def test_words_in_the_address_are_not_searched(client):
    html = client.get("/search/?q=keloid").content.decode()

    assert "keloid" not in html
    assert 'method="post" action="/search/"' in html


def test_a_page_that_is_not_there_offers_the_search(client):
    html = client.get("/nothing/").content.decode()

    assert 'action="/search/"' in html
    assert '<label class="field__label" for="q">' in html
