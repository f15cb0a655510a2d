"""The leaflet: what is in it, and the code by which a printed copy is checked."""

import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mesosite.pages.base32 import ALPHABET, from_base32, in_groups, normal_code, to_base32
from mesosite.pages.catalogue import all_pages, all_questions, reading_order
from mesosite.pages.html_tree import parse, text_of
from mesosite.pages.leaflet import Verdict, check_code, pages_of, version_code
from mesosite.pages.views import leaflet as leaflet_view
from tests.pages.conftest import CHECKED, added

SHEET, WHOLE = "/leaflet/", "/leaflet/book/"
PRINT, CHECK = "/leaflet/print/", "/leaflet/check/"
ORDER = reading_order()


def code_of(pages, order=ORDER, cover="", text_of=str):
    return version_code(order, pages, cover, text_of)


def said(answer):
    return answer.content.decode()


def choose(client, chosen=(), **headers):
    body = urlencode({"size": "a4"} | dict(chosen), doseq=True)
    kind = "application/x-www-form-urlencoded"
    return client.post(PRINT, body, content_type=kind, headers=headers)


def printed_code(html):
    return re.search(r'class="version">([0-9A-Z-]+)<', html)[1]


def checked(client, code):
    return said(client.get(CHECK, {"code": code}))


def test_a_code_has_two_groups_that_can_be_read_aloud():
    assert re.fullmatch(f"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", code_of(ORDER))
    assert code_of(ORDER).startswith("00")


@given(st.sets(st.integers(0, len(ORDER) - 1), min_size=1))
def test_a_code_says_which_pages_it_is_of(places):
    pages = tuple(ORDER[place] for place in sorted(places))

    found = check_code(code_of(pages).lower(), ORDER, "", str)

    assert (found.verdict, found.pages) == (Verdict.CURRENT, pages)


def test_a_code_tells_that_a_word_or_the_cover_has_changed():
    code = code_of(ORDER)
    new = [replace(ORDER[0], title="New"), *ORDER[1:]]

    assert check_code(code, new, "", str).verdict is Verdict.CHANGED
    assert check_code(code, ORDER, "new phone", str).verdict is Verdict.CHANGED


def test_a_code_of_some_pages_does_not_mind_the_others():
    new = [replace(ORDER[0], title="New"), *ORDER[1:]]

    assert check_code(code_of(ORDER[1:3]), new, "", str).verdict is Verdict.CURRENT


def test_a_site_of_many_pages_has_codes_too():
    many = [replace(ORDER[0], address=f"p{n}") for n in range(40)]
    code = code_of(many[38:], order=many)

    assert pages_of(normal_code(code), many) == tuple(many[38:])
    assert len(normal_code(code_of(many, order=many))) == 10


@given(st.text(max_size=40))
def test_any_text_can_be_checked(text):
    assert check_code(text, ORDER, "", str).verdict in Verdict


@given(st.integers(0, 2**50 - 1))
def test_numbers_come_back_from_their_code(number):
    assert from_base32(normal_code(in_groups(to_base32(number, 10)))) == number


def test_the_whole_leaflet_holds_every_page_and_question(client):
    html = said(client.get(WHOLE))

    for page in ORDER:
        assert f'<section class="chapter" id="{page.address}"' in html
        for question in page.questions:
            assert question.text in html.replace("&#x27;", "'")
    assert "new lumps weeks later can be an infection (mycobacteria)" in html.lower()


def side(html, number):
    """The words on one side of a sheet."""
    found = parse(html).find_class("side")
    assert len(found) == 2
    return text_of(found[number])


def test_the_sheet_holds_the_answer_in_short_and_what_to_have_at_hand(client):
    html, home = said(client.get(SHEET)), all_pages()[""]
    front, back = side(html, 0), side(html, 1)

    for words in (*home.summary, *(words for fact in home.facts for words in fact.values())):
        assert words in front
    assert printed_code(html) == printed_code(said(client.get(WHOLE))) in front
    assert "your sight is blurred, double or partly lost" in back
    assert "If you might hurt yourself now, call 112" in back
    assert "new lumps weeks later can be an infection (mycobacteria)" in back.lower()


def test_the_sheet_asks_what_the_first_page_asks(client):
    back = side(said(client.get(SHEET)), 1)

    assert all_pages()[""].questions
    for question in all_questions().values():
        assert (question.text in back) == (question in all_pages()[""].questions)


def test_a_sheet_without_questions_has_no_part_for_them(client, content):
    home = content.folder / "en/index.md"
    head, _questions, rest = re.split(r"^(questions:\n(?:  .*\n)+)", home.read_text(), flags=re.M)
    home.write_text(head + rest)

    assert "Questions to take with you" not in side(said(client.get(SHEET)), 1)


def test_a_sheet_holds_the_chosen_questions_and_says_how_many_are_too_many(client):
    few, many = list(all_questions())[:2], list(all_questions())[:14]
    back = side(said(choose(client, {"questions": few, "size": "sheet"})), 1)
    full = side(said(choose(client, {"questions": many, "size": "sheet"})), 1)

    shown = [key for key, question in all_questions().items() if question.text in back]
    assert shown == few
    assert "too many" not in back
    assert [key for key in many if all_questions()[key].text in full] == many[:12]
    assert "2 more are too many for this sheet" in full


@pytest.mark.parametrize("url", [SHEET, WHOLE])
def test_names_in_the_leaflet_are_unique_and_links_lead_somewhere(client, url):
    html = said(client.get(url))
    names = re.findall(r'\bid="([^"]+)"', html)

    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(names)


@pytest.mark.parametrize("url", [SHEET, WHOLE])
def test_headings_go_down_by_one(client, url):
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", said(client.get(url)))]

    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_chosen_pages_and_questions_are_printed_and_no_other(client):
    asked = ORDER[0].questions[0]
    other = ORDER[0].questions[1]
    chosen = {"pages": ["risks", "faqs"], "questions": asked.id, "size": "large"}
    html = said(choose(client, chosen))

    assert re.findall('class="chapter" id="([^"]+)"', html) == ["risks", "faqs"]
    assert asked.text in html
    assert other.text not in html
    assert "leaflet-body--large" in html


def test_no_page_chosen_means_all(client):
    html = said(choose(client))

    assert html.count('class="chapter"') == len(ORDER)
    assert not any(question.text in html for question in all_questions().values())


@pytest.mark.parametrize("pages", [[], ["risks"], ["overview", "options"]])
def test_a_printed_code_is_current(client, pages):
    code = printed_code(said(choose(client, {"pages": pages})))
    html = checked(client, code)

    assert "Yes. These pages have not changed" in html
    assert html.count("Checked on") == len(pages or ORDER)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("en/risks.md", *added("It itches.")),
        ("en/risks.md", "    text: ", "    text: So, "),
        ("en/risks.md", CHECKED, "checked: 2026-11-23"),
        ("en/index.md", '    mixes: "', '    mixes: "So far: '),
        ("clinic.yaml", "phone:", 'phone: "+30 210 000 0000" #'),
    ],
)
def test_an_old_copy_is_told_that_the_pages_changed(client, content, name, old, new):
    code = printed_code(said(choose(client, {"pages": "risks"})))
    content.change(name, old, new)

    assert "No. The pages have changed since" in checked(client, code)


@pytest.mark.parametrize(
    "code", ["x", "ZZZZZ-ZZZZZ", "00000", "U" * 10, "٣" * 10, "0" * 9000, "\0"]
)
def test_what_is_no_code_gets_a_clear_answer(client, code):
    answer = client.get(CHECK, {"code": code})

    assert answer.status_code == 200
    assert "Yes." not in said(answer)


BAD = [
    {"pages": "nothing"},
    {"pages": ["risks", "../etc"]},
    {"pages": "\0"},
    {"questions": "nothing"},
    {"questions": "x" * 5000},
    {"size": "a0"},
]


@pytest.mark.parametrize("chosen", BAD)
def test_an_unknown_choice_is_answered_with_a_way_back(client, chosen):
    answer = choose(client, chosen)

    assert answer.status_code == 422
    assert 'href="/leaflet/"' in said(answer)


@pytest.mark.parametrize("size", [{}, {"size": "large"}])
def test_a_choice_is_kept_by_the_readers_browser_alone(client, size):
    for answer in (choose(client, size), client.get(PRINT)):
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-cache, private"
    assert "no-store" in client.get(CHECK).headers["Cache-Control"]


def test_the_same_choice_is_made_once_and_another_anew(client, monkeypatch):
    first = said(choose(client, {"pages": "risks"}))
    monkeypatch.setattr(leaflet_view, "render_book", lambda pages, *_chosen, **_: pages[0].url)

    assert said(choose(client, {"pages": "risks"})) == first
    assert said(choose(client, {"pages": "evidence", "size": "large"})) == "/evidence/"
    leaflet_view._chosen.cache_clear()


def test_another_sites_page_cannot_ask_for_a_leaflet():
    answer = choose(Client(enforce_csrf_checks=True), origin="https://evil.example")

    assert answer.status_code == 403
    assert f'href="{PRINT}"' in said(answer)


def test_the_address_of_the_print_alone_leads_to_the_choice(client):
    assert client.get(PRINT).headers["Location"] == SHEET


def test_the_leaflet_is_linked_and_in_the_sitemap(client):
    assert 'href="/leaflet/"' in said(client.get("/risks/"))
    assert "/leaflet/</loc>" in said(client.get("/sitemap.xml"))
