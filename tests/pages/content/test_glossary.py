"""The explained words: one list, linked where a reader meets them first."""

import re

import pytest

from mesosite.pages.catalogue import all_pages
from mesosite.pages.catalogue import content as site_content
from mesosite.pages.markup.glossary_links import MAX_LINKS
from tests.pages import test_catalogue

WORDS = "en/words.yaml"
LINK = re.compile(r'<a href="/words/#([\w-]+)">')
SPOILED = [
    ("dermis:\n", "dermis: [\n", "words.yaml:", "cannot be read as YAML"),
    ("  means: The middle layer", "  mean: The middle layer", "words.yaml:", "“dermis”: it has"),
    ("A gel that holds water.", "So " + "we read " * 12 + ".", "words.yaml:", "at most 20 words"),
    ("A gel that holds water.", "A gel. It holds water.", "words.yaml:", "one sentence"),
    ("forms: [granulomas]", "forms: granulomas", "words.yaml:", "forms is a list"),
    ("forms: [granulomas]", "forms: [keloid]", "words.yaml:", "belongs to “granuloma” already"),
    ("/risks/#infection", "/risks/#x", "words.yaml:", "not explained at /risks/#x"),
    ("/risks/#infection", "/risk/", "words.yaml:", "not explained at /risk/"),
]


def explained():
    return site_content().glossaries["en"].words


@pytest.mark.parametrize(("old", "new", "place", "words"), SPOILED)
def test_a_spoiled_file_is_named_with_its_line(content, old, new, place, words):
    content.change(WORDS, old, new)

    errors = [message for _id, message in content.errors()]

    assert len(errors) == 1
    assert re.match(r"content/en/words\.yaml:\d+: ", errors[0])
    assert words in errors[0]


def test_a_missing_file_is_named(content):
    (content.folder / WORDS).unlink()

    assert "The list of words is not there" in content.errors()[0][1]


def test_each_word_stands_on_the_page_from_a_to_z(client):
    html = client.get("/words/").content.decode()
    terms = re.findall(r"<dt>(.*?)</dt>", html)

    assert sorted(terms, key=str.casefold) == terms
    assert len(terms) == len(explained()) >= 25
    assert all(word.means in html for word in explained())
    assert '<a href="/risks/#infection">Risks</a>' in html
    assert not LINK.search(html)


def test_every_place_that_the_page_names_is_there(client):
    for url, anchor in re.findall(
        r'<a href="(/[\w/]*)(?:#([\w-]+))?">', client.get("/words/").content.decode()
    ):
        if page := all_pages().get(url.strip("/")):
            assert not anchor or f'id="{anchor}"' in page.html, (url, anchor)


@pytest.mark.parametrize("address", [*all_pages()])
def test_a_page_links_a_word_once_and_not_too_many(address):
    linked = LINK.findall(all_pages()[address].html)

    assert len(linked) == len(set(linked)) <= MAX_LINKS
    assert set(linked) <= {word.anchor for word in explained()}


def body(content, text):
    return test_catalogue.body(content, text).html


def test_the_first_use_in_the_text_is_linked(content):
    html = body(content, "## Keloids\n\nA **keloid** and a keloid, [granuloma](/risks/).")

    assert html.count('href="/words/') == 1
    assert '<strong><a href="/words/#keloid">keloid</a></strong> and a keloid,' in html


def test_several_words_of_one_sentence_keep_their_places(content):
    html = body(content, "The Dermis, *not* collagen or granulomas.")

    assert re.sub("<.*?>", "", html) == "The Dermis, not collagen or granulomas."
    assert LINK.findall(html) == ["dermis", "collagen", "granuloma"]


def test_labels_captions_and_parts_of_words_are_left_alone(content):
    html = body(content, "Dermislike.\n[No study found]\n\n| Collagen | b |\n|--|--|\n| c | d |")

    assert not LINK.search(html)


def test_where_there_are_many_the_first_of_the_file_are_linked(content):
    words = [word.term for word in reversed(explained())]

    linked = LINK.findall(body(content, ", ".join(words) + "."))

    assert sorted(linked) == sorted(word.anchor for word in explained()[:MAX_LINKS])


@pytest.mark.parametrize("text", ["DERMİS", "DERMIS", "dermıs", "Dermis"])
def test_a_word_is_found_with_every_i(content, text):
    page = test_catalogue.body(content, f"The {text} is deep.")

    assert f'<a href="/words/#dermis">{text}</a>' in page.html


@pytest.mark.parametrize("text", ["ΟΥΛΉ", "ουλή"])
def test_a_greek_word_has_its_place(content, text):
    content.change(WORDS, "granuloma:", "ουλή:")

    assert f'<a href="/words/#ουλή">{text}</a>' in test_catalogue.body(content, f"A {text}.").html


def test_an_upper_case_spelling_belongs_to_its_word(content):
    content.change(WORDS, "forms: [granulomas]", "forms: [DERMİS]")

    assert "“dermis” belongs to “granuloma” already" in content.errors()[0][1]
