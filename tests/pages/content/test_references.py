"""What stands behind a label and a source: studies.yaml, labels that open, the list of sources."""

import re

import pytest

from mesosite.pages.bibliography import bibliography
from mesosite.pages.catalogue import all_pages
from mesosite.pages.catalogue import content as site_content
from mesosite.pages.content.references import Reference, Study
from tests.pages.test_catalogue import body

STUDIES = "studies.yaml"
MOST_CHARACTERS = 120
ALAM = (
    "Trial on two halves of the face. 20 began, 15 finished. "
    "Compared needling with numbing cream. Weak point: few people, wide ranges."
)


def test_every_source_has_its_entry_in_few_words():
    assert site_content().studies.keys() == site_content().references.keys()
    for key, study in site_content().studies.items():
        said = study.design + study.people + study.compared + study.weakness
        assert study.design, key
        assert len(said) <= MOST_CHARACTERS, key


def test_a_study_says_only_what_is_known():
    assert site_content().studies["alam2014"].text == ALAM
    assert Study(design="Review", people="two groups").text == "Review. Two groups."
    assert Study().text == ""


SPOILED = [
    ("design: Trial", "desing: Trial", "studies.yaml:6: “desing” is not a field"),
    ("people: 20 began, 15 finished", "people: [20]", "studies.yaml:7: “people” must be words"),
    ("alam2014:\n", "alam2014: new\nold:\n", "studies.yaml:5: This entry has no fields"),
    ("alam2014:", "alam2014", "studies.yaml:6: This line cannot be read as YAML"),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILED)
def test_a_wrong_file_is_named_with_its_line(content, old, new, words):
    content.change(STUDIES, old, new)

    assert [m for number, m in content.errors() if number == "content.E001" and words in m]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.unlink(), "studies.yaml: The list of studies is not there."),
        (lambda path: path.write_bytes(b"a: \xe9"), "studies.yaml: The file is not saved as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(content, spoil, words):
    spoil(content.folder / STUDIES)

    assert [m for number, m in content.errors() if number == "content.E001" and words in m]


def test_an_entry_and_a_source_need_each_other(content):
    content.change(STUDIES, "alam2014:", "alam2041:")

    assert [m for number, m in content.errors() if number == "content.E009"] == [
        "content/studies.yaml: The source “alam2014” has no entry.",
        "content/studies.yaml:5: There is no source “alam2041”.",
    ]


def test_a_label_opens_to_its_sources(content):
    html = body(content, "Seen.[@chu2021]\n\nIt may help.\n[Counted in a study: @alam2014]").html

    assert html.endswith(
        '<details class="label label--counted"><summary><b>Counted in a study</b>'
        ' <span class="cite">Source 2</span></summary>'
        f'<ol><li value="2"><a href="#s2">Alam 2014</a>. {ALAM}</li></ol></details>'
    )


def test_the_numbers_of_a_label_and_its_sources_stand_in_order(content):
    label = "[Counted in a study: @alam2014, @chu2021]"
    html = body(content, f"Seen.[@chu2021]\n\nIt may help.\n{label}").html

    assert ' <span class="cite">Sources 1, 2</span></summary><ol><li value="1">' in html
    assert html.index("Chu 2021") < html.index("Alam 2014")


def test_a_label_without_sources_stays_closed(content):
    html = body(content, "Nobody knows.\n[No study found]").html

    assert html.endswith('<p class="label label--no-study"><b>No study found</b></p>')


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("| a | b |\n|---|---|\n| 1 | It helps. [Counted in a study: @alam2014] |", "td"),
        ("Harms\n:   Dark marks.\n    [Counted in a study: @alam2014]", "dd"),
        ("- Dark marks. [Counted in a study: @alam2014]", "li"),
    ],
)
def test_a_label_opens_in_cells_definitions_and_lists(content, text, inside):
    html = body(content, text).html

    assert re.search(
        rf"<{inside}[ >].*?<details.*?</details>(?:\s|</div>)*</{inside}>", html, re.DOTALL
    )


def test_a_label_inside_a_sentence_stays_in_it(content):
    html = body(content, "It [Counted in a study: @alam2014] may help.").html

    assert "<details" not in html
    assert '<sup class="cite"><a href="#s1">1</a></sup></span> may help.' in html


def test_a_label_is_no_prose(content):
    page = body(content, "It may help.\n[Counted in a study: @alam2014]")

    assert [piece.text for piece in page.pieces] == ["It may help."]


@pytest.mark.parametrize("page", all_pages().values(), ids=all_pages())
def test_no_label_stands_inside_a_paragraph_or_holds_a_link_in_its_summary(page):
    assert not re.search(r"<p[ >](?:(?!</p>).)*<details", page.html, re.DOTALL)
    assert not re.search(r"<summary>(?:(?!</summary>).)*<a ", page.html, re.DOTALL)


@pytest.mark.parametrize(
    ("csl", "name"),
    [
        ({"author": [{"family": "Alam"}], "issued": {"date-parts": [[2014]]}}, "Alam 2014"),
        ({"author": [{"literal": "EOF (Greece)"}]}, "EOF (Greece)"),
        ({"container-title": "PeerJ", "title": "A study"}, "PeerJ"),
        ({"title": "What we saw in many people"}, "What we saw in many…"),
        ({}, "unread"),
    ],
)
def test_a_source_has_a_short_name(csl, name):
    assert Reference("unread", csl).name == name


def test_of_many_authors_the_first_three_are_named():
    people = [{"family": name, "given": "X."} for name in "ABCDEFG"]

    assert Reference("x", {"author": people[:6]}).authors == "A X, B X, C X, D X, E X, F X"
    assert Reference("x", {"author": people}).authors == "A X, B X, C X, et al"
    assert Reference("x", {"author": people}).first_author == "A X, et al"


def test_an_address_without_a_host_is_named_by_itself():
    own = {"URL": "https://www.nice.org.uk/x"}

    assert Reference("x", own).links == [("nice.org.uk", "https://www.nice.org.uk/x")]
    assert Reference("x", {"URL": "nice.org.uk"}).links == [("nice.org.uk", "nice.org.uk")]


def test_the_list_links_every_address_of_every_source(client):
    html = client.get("/references/").content.decode()

    for reference in site_content().references.values():
        for _name, address in reference.links:
            assert f'href="{address}"' in html
    assert "How and when we searched" in html


def test_the_list_leads_back_to_each_place(client):
    html = client.get("/references/").content.decode()

    for entry in bibliography():
        assert entry.uses, entry.reference.key
        for page, places in entry.uses:
            assert entry.reference in page.references
            for place in places:
                assert f'href="{place}"' in html
                assert f' id="{place.partition("#")[2]}"' in page.html


def test_a_source_is_listed_with_what_stands_behind_it(client):
    html = client.get("/references/").content.decode()

    entry = next(item for item in html.split("<li>") if "Alam M, Han S, Pongprutthipan M" in item)
    assert "JAMA Dermatology. 2014;150(8):844-849." in entry
    assert ALAM in entry
    assert '>DOI</a> <a href="https://pubmed.ncbi.nlm.nih.gov/24919799/">PubMed</a>' in entry
    assert ">Evidence</a>" in entry
