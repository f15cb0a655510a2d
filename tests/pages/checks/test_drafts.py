"""A draft is shown by `make dev` alone: nothing of it is published, and it stops nothing."""

import pytest

from mesosite.pages import catalogue
from mesosite.pages.catalogue import all_pages, all_questions, reading_order
from mesosite.pages.middleware import content_problems
from mesosite.pages.publish import published_files
from tests.pages.checks.test_editing import CHART, SOURCE, STUDY, filled
from tests.pages.conftest import added

DRAFT = "en/at-home.md"


@pytest.fixture
def draft(content):
    """The content with a draft that alone uses a source, a chart and a question."""
    text = filled((content.folder / "skeleton.md").read_text("utf-8"), source="roller2026")
    text = text.replace("checked:", "draft: true\nchecked:", 1)
    text = text.replace("/// unknown", "/// chart | rollers\n///\n\n/// unknown")
    (content.folder / DRAFT).write_text(text, "utf-8")
    references = (content.folder / "references.json").read_text("utf-8").lstrip()
    (content.folder / "references.json").write_text(SOURCE + references.removeprefix("["), "utf-8")
    for name, more in {"studies.yaml": STUDY, "charts.yaml": CHART}.items():
        with (content.folder / name).open("a", encoding="utf-8") as file:
            file.write(more)
    catalogue.content.cache_clear()
    return content


@pytest.fixture
def developing(draft, settings):
    settings.DEBUG = True
    content_problems.cache_clear()
    catalogue.content.cache_clear()
    yield draft
    content_problems.cache_clear()


def test_nothing_of_a_draft_is_published(draft, client):
    files = dict(published_files())

    assert draft.errors() == []
    assert "at-home" not in all_pages()
    assert not [name for name in files if "at-home" in name]
    words = "/at-home/", "Rollers at home", "Most people saw a little change."
    assert not [name for name, text in files.items() if any(said in text for said in words)]
    assert "roller-at-home" not in all_questions()
    assert client.get("/at-home/").status_code == 404
    assert "/at-home/" not in client.post("/search/", {"q": "roller"}).content.decode()


def test_make_dev_shows_it_with_a_line_that_says_so(developing, client):
    html = client.get("/at-home/").content.decode()

    assert '<p class="notice">Draft: this page is not published.</p>' in html
    assert "<h1>Needling at home</h1>" in html
    assert "at-home" in [page.address for page in reading_order()]
    assert "Draft:" not in client.get("/risks/").content.decode()
    assert content_problems() == []


def test_make_dev_shows_it_before_all_rules_are_kept(developing):
    developing.change(DRAFT, "May I use my own roller?", "It is painless and proven.")

    assert content_problems() == []


def test_a_draft_becomes_a_page_when_its_line_is_taken_away(draft):
    draft.change(DRAFT, "draft: true\n", "")

    assert draft.errors() == []
    assert "at-home" in all_pages()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (DRAFT, "May I use my own roller?", "May I use it? It is painless and proven"),
        (DRAFT, "[Counted in a study: @roller2026]", "[Counted in a study: @nobody1999]"),
        (DRAFT, "/// unknown", "/// unknwon"),
        (DRAFT, "@roller2026", "@roller2026 and @alam2014"),
    ],
)
def test_what_is_wrong_in_a_draft_stops_no_publishing(draft, name, old, new):
    draft.change(name, old, new)

    assert draft.errors() == []


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("en/about.md", *added("See [rollers](/at-home/)."), "about.md:"),
        ("en/about.md", *added("See [rollers](/at-home/#sources)."), "about.md:"),
        ("redirects.yaml", "# Addresses", "/old/: /at-home/\n# Addresses", "redirects.yaml:1:"),
    ],
)
def test_a_page_that_leads_to_a_draft_is_refused_in_words(draft, name, old, new, words):
    draft.change(name, old, new)
    (message,) = [message for _number, message in draft.errors()]

    assert words in message
    assert "The link /at-home/ leads to a draft, which is not published." in message


def test_make_dev_names_a_link_to_a_draft_too(developing):
    developing.change("en/about.md", *added("See [rollers](/at-home/)."))

    assert [error.message for error in content_problems()] == [
        "The link /at-home/ leads to a draft, which is not published."
    ]


def test_a_word_is_explained_on_no_draft(draft):
    words = "roller:\n  means: A drum with needles.\n  explained: /at-home/\ngranuloma:"
    draft.change("en/words.yaml", "granuloma:", words)

    assert [number for number, _message in draft.errors()] == ["content.E030"]


def test_a_source_that_neither_a_page_nor_a_draft_cites_is_named(draft):
    text = (draft.folder / DRAFT).read_text("utf-8")
    text = text.replace("@roller2026", "@roller2026-b").replace("| rollers", "| rollers-b")
    (draft.folder / DRAFT).write_text(text, "utf-8")
    catalogue.content.cache_clear()

    assert [number for number, _message in draft.errors()] == ["content.E008", "content.E010"]


@pytest.mark.parametrize("value", ["yes", "1", "[true]", "True", "''"])
def test_a_draft_is_true_or_false(draft, value):
    draft.change(DRAFT, "draft: true", f"draft: {value}")

    assert "“draft” is true or false." in " ".join(message for _id, message in draft.errors())
