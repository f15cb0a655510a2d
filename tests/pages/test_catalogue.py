"""From markdown to a page."""

import re
import shutil

import pytest
from lxml import html

from mesosite.pages import catalogue
from mesosite.pages.catalogue import all_pages, all_pairs, all_questions, reading_order
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.front_matter import POINTS, read_page_file
from mesosite.pages.page import read_page
from mesosite.pages.prose import grade, sentences


def test_the_pages_are_read_in_the_order_of_their_numbers():
    own = [page for page in all_pages().values() if page.group == "read" and page.address]

    assert len(own) > 1
    assert reading_order() == sorted(own, key=lambda page: page.order)


def test_every_point_of_the_article_has_its_pair():
    assert tuple(pair.id for pair, _page in all_pairs()) == POINTS
    assert all(pair.says for pair, _page in all_pairs())


def test_question_ids_are_unique():
    questions = [q for page in all_pages().values() for q in page.questions]

    assert len(questions) == len(all_questions())


def body(content, text):
    path = content.folder / "en/benefits.md"
    head = path.read_text("utf-8").split("\n---\n")[0]
    path.write_text(f"{head}\n---\n{text}\n", "utf-8")
    return read_page(catalogue.content(), read_page_file("en", "benefits", path))


def test_citations_are_numbered_as_a_reader_meets_them_and_stand_in_that_order(content):
    page = body(content, "One. [@long2020]\n\n- Two. [@alam2014; @long2020]\n\nX. [@harris2015]")

    assert [source.key for source in page.references] == ["long2020", "alam2014", "harris2015"]
    assert '<a href="#s1">1</a> <a href="#s2">2</a>' in page.html


def test_a_label_stands_after_its_paragraph(content):
    page = body(content, "It may help.\n[We are not very sure: @alam2014]")

    assert page.html.startswith(
        '<p>It may help.</p>\n<details class="label label--not-very-sure">'
        '<summary><b>We are not very sure</b> <span class="cite">Source 1</span></summary>'
    )


@pytest.mark.parametrize(("under", "tag"), [("", "h2"), ("## A", "h3"), ("## A\n\n### B", "h4")])
def test_what_we_found_is_a_heading_one_level_below_the_one_above_it(content, under, tag):
    pair = "/// pair | C14\nThey say.\n\n---\n\nWe found.\n[No study found]\n///"
    page = body(content, f"{under}\n\n/// care | talk\nTalk.\n///\n\n{pair}")

    assert f'<{tag} class="pair__head">What we found</{tag}>' in page.html
    assert "What we found" not in str(page.contents)
    assert "What we found" not in [section.heading for section in page.sections]


def test_a_row_of_a_table_is_a_card_whose_cells_know_their_columns(content):
    html = body(content, "| Who | What *came* |\n|---|---|\n| Ten. | **No** change. |").html

    assert '<table class="stacked">' in html
    assert '<th scope="row">Ten.</th>' in html
    assert re.search(r'<td data-field="What came">\s*<div><strong>No</strong> change.</div>', html)


def test_a_pair_sets_what_clinics_say_against_what_we_found(content):
    page = body(content, "/// pair | C14\nThey say.\n\n---\n\nWe found.\n[No study found]\n///")

    assert [(p.id, p.says, p.label) for p in page.pairs] == [("C14", "They say.", "no-study")]
    assert '<div class="pair pair--no-study" id="c14">' in page.html


def test_a_pair_where_clinics_say_nothing_is_our_finding_under_the_heading_above(content, client):
    pair = "/// pair | C14\n---\n\nWe found.\n[No study found]\n///"
    page = body(content, f"## Pain\n\n### At night\n\n{pair}\n\n## Later")
    about = html.fromstring(client.get("/about/").content)
    (point,) = about.xpath("//table[contains(@class, 'points')]//a[@href='/benefits/#c14']")

    assert [(p.id, p.says, p.label) for p in page.pairs] == [("C14", "At night", "no-study")]
    assert point.text_content() == "At night"
    assert "What clinics say" not in page.html
    assert "pair__say" not in page.html
    assert '<h4 class="pair__head">What we found</h4>' in page.html


def test_a_care_card_names_the_number_of_the_clinics_country(content):
    content.change("clinic.yaml", "country: ", "country: GB #")

    assert "Call 999" in body(content, "/// care | emergency\nTrouble breathing.\n///").html


def test_aligned_tables_need_no_style(content):
    page = body(content, "| a | b |\n|---|--:|\n| 1 | 2 |")

    assert 'class="align-right"' in page.html
    assert "style" not in page.html


def test_options_become_a_table_with_named_cells(content):
    text = "//// compare\n/// option | Laser\nVisits\n:   Three visits.\n///\n////"
    page = body(content, text)

    assert '<th role="rowheader">Laser</th>' in page.html
    assert '<td data-field="Visits" role="cell">\n<div>Three visits.</div>' in page.html


def test_a_nested_folder_becomes_a_nested_address(content, client):
    (content.folder / "en/treatments").mkdir()
    shutil.copy(content.folder / "en/about.md", content.folder / "en/treatments/laser.md")

    assert client.get("/treatments/laser/").status_code == 200
    assert all_pages()["treatments/laser"].url == "/treatments/laser/"


def test_a_page_that_is_not_there_helps(client):
    answer = client.get("/nothing/here/")

    assert answer.status_code == 404
    for page in reading_order():
        assert f'href="{page.url}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("The cat sat on the mat.", -1.45), ("Percutaneous collagen induction helps.", 21.4)],
)
def test_the_grade_is_flesch_and_kincaids(text, expected):
    assert grade([text]) == pytest.approx(expected, abs=0.3)


def test_sentences_end_at_full_stops_not_in_numbers():
    text = "It fell by 3.4 points. (Or 2.) Done?"

    assert sentences(text) == ["It fell by 3.4 points.", "(Or 2.)", "Done?"]


CONTENT = """A granuloma. [We are not very sure: @alam2014]

/// chart | needling
///

/// care | emergency
Trouble breathing.
///
"""


def parsed(content, text=CONTENT, language="en"):
    """The html of a body, as a start of the site parses it."""
    catalogue.content.cache_clear()
    path = content.folder / "en/benefits.md"
    head = path.read_text("utf-8").split("\n---\n")[0]
    path.write_text(f"{head}\n---\n{text}\n", "utf-8")
    return read_page(catalogue.content(), read_page_file(language, "benefits", path)).html


def test_an_unchanged_page_is_parsed_once(content):
    assert parsed(content) is parsed(content)


@pytest.mark.parametrize(
    ("name", "old", "new", "before", "after"),
    [
        ("references.json", '"Alam"', '"Alba"', "Alam 2014", "Alba 2014"),
        ("studies.yaml", "20 began", "21 began", "20 began", "21 began"),
        ("charts.yaml", "low: 0.2", "low: 0.3", "0.2 to 6.5", "0.3 to 6.5"),
        ("en/words.yaml", "granuloma:", "granule:", 'href="/words/#granuloma"', "granuloma"),
        ("clinic.yaml", "country: ", "country: GB #", "Call 112", "Call 999"),
    ],
)
def test_a_page_follows_the_other_content_that_it_shows(content, name, old, new, before, after):
    first = parsed(content)
    content.change(name, old, new)
    second = parsed(content)

    assert before in first
    assert after in second
    assert before not in second


def test_a_page_is_parsed_for_each_language(content, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    (content.folder / "de").mkdir()
    (content.folder / "de/words.yaml").write_text(
        "trouble:\n  means: Not well.\n  explained: /\n", "utf-8"
    )

    assert "/words/#granuloma" in parsed(content)
    assert "/words/#trouble" in parsed(content, language="de")


def test_a_wrong_file_stops_the_pages_that_show_it_and_no_other(content):
    good, chart = "A granuloma.", "/// chart | needling\n///"
    parsed(content, chart)
    content.change("charts.yaml", "source: alam2014", "source: nobody2014")

    assert "/words/#granuloma" in parsed(content, good)
    with pytest.raises(ContentError, match="nobody2014"):
        parsed(content, chart)


def test_the_last_page_ends_with_three_ways_of_which_the_clinic_is_one(client):
    *others, last = reading_order()

    tree = html.fromstring(client.get(last.url).content)
    ways = [strong.text for strong in tree.xpath("//section[@class='ways']//li/strong")]

    assert ways == [
        "Leave it for now.",
        "See your own doctor or a skin doctor.",
        "Ask this clinic.",
    ]
    assert 'class="ways"' not in client.get(others[0].url).content.decode()


def test_a_line_in_short_may_end_with_how_sure_we_are(content, client):
    content.change(
        "en/benefits.md", "summary: |\n", "summary: |\n  It may help. [We are very unsure]\n"
    )
    html = client.get("/benefits/").content.decode()

    assert all_pages()["benefits"].summary[0] == "It may help."
    assert re.search(
        r'<p>It may help\.\s<span class="label label--very-unsure"><b>We are very unsure</b>', html
    )


def test_a_word_that_is_no_label_ends_no_line_in_short(content):
    content.change("en/benefits.md", "summary: |\n", "summary: |\n  It may help. [We guess]\n")

    assert "“We guess” is not a label." in content.errors()[0][1]
