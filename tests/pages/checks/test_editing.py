"""The tasks of an editor, as content/README.md teaches them, leave nothing for the gate to name."""

import re

import pytest

from mesosite.pages.catalogue import all_questions, reading_order
from tests.pages.conftest import added as at_the_end

PLACEHOLDER = re.compile(r"\[(?!We |Counted |risks)([^\]\[]+)\]")
FILLED = {
    "bracket": "[bracket]",
    "The title above the page": "Needling at home",
    "Short name in the menu": "At home",
    "What the page answers. 70 to 155 letters, for search engines and for lists of pages.": (
        "What is known about rolling needles over acne scars at home, and what can go wrong then."
    ),
    "A number of its own": "55",
    "For people who want to know something.": "For people who own a needle roller.",
    "The most important thing, in one sentence.": "We found one small trial.",
    "What can go wrong, in one sentence.": "Two people got dark marks.",
    "short-name-of-the-question": "roller-at-home",
    "What would you ask at a visit": "May I use my own roller?",
    "The day on which you read it against its sources": "2026-11-22",
    "Half a year later": "2027-05-22",
    "What this page is about, in one to three short sentences.": "Rollers are sold in shops.",
    "What it may do": "Does it soften scars?",
    "What was found, and in how many people.": "It may soften some scars, in 15 people.",
    "What can go wrong": "Dark marks",
    "Which harm was found, and in how many people.": "Two of 15 people got dark marks.",
    "A sign that must be looked at soon.": "A new lump appears.",
    "What nobody knows yet.": "How clean a roller stays.",
}
SOURCE = """[
  {"id": "roller2026", "type": "article-journal", "title": "Rollers at home",
   "author": [{"family": "Doe", "given": "J"}], "issued": {"date-parts": [[2026]]}},
"""
STUDY = """
roller2026:
  design: Trial without a second group
  people: 15 began and finished
  compared: needling at home, before and after
  weakness: few people
"""
CHART = """
rollers:
  title: Most people saw a little change.
  what: People rolled their own skin.
  unit: People who saw a change
  label: We are very unsure
  source: roller2026
  rows:
    - {label: Rollers, n: 9, of: 15}
  caveat: Nobody went without a roller.
  means: your scars may look a little softer.
"""


def filled(text, source="alam2014"):
    """The skeleton with words in place of its brackets."""
    text = PLACEHOLDER.sub(lambda match: FILLED[match[1]], text)
    return text.replace("@id-of-the-source", f"@{source}")


@pytest.fixture
def skeleton(content):
    return (content.folder / "skeleton.md").read_text("utf-8")


@pytest.fixture
def added(content, skeleton):
    """The folder with one more page."""
    (content.folder / "en/at-home.md").write_text(filled(skeleton), "utf-8")
    return content


def test_a_filled_skeleton_is_a_page_in_the_menu_and_the_sitemap(added, client):
    assert set(PLACEHOLDER.findall((added.folder / "skeleton.md").read_text())) == set(FILLED)
    assert added.errors() == []
    assert "at-home" in [page.address for page in reading_order()]
    html = client.get("/at-home/").content.decode()
    assert "<h1>Needling at home</h1>" in html
    assert "never published" not in html
    assert "/at-home/" in client.get("/sitemap.xml").content.decode()


def test_what_is_left_to_fill_is_named(content, skeleton):
    head, body = skeleton.split("\n---\n")
    (content.folder / "en/at-home.md").write_text(f"{filled(head)}\n---\n{body}", "utf-8")
    assert "There is no source “id-of-the-source”" in content.errors()[0][1]

    text = f"{filled(head)}\n---\n{body.replace('@id-of-the-source', '@alam2014')}"
    (content.folder / "en/at-home.md").write_text(text, "utf-8")
    content.change("en/at-home.md", "Needling at home", "Needling at home")

    named = " ".join(message for _number, message in content.errors())
    assert "[What nobody knows yet.]" in named
    assert "[What was found, and in how many people.]" in named


def test_a_question_is_added_and_retired(added):
    added.change("en/at-home.md", "checked:", "  - id: who-pays\n    text: Who pays?\nchecked:")
    assert added.errors() == []
    assert all_questions()["who-pays"].text == "Who pays?"

    added.change("en/at-home.md", "  - id: who-pays\n    text: Who pays?\n", "")
    assert added.errors() == []


def test_a_source_and_a_chart_are_added_and_retired(added):
    references = (added.folder / "references.json").read_text("utf-8")
    files = {
        "references.json": SOURCE + references.lstrip().removeprefix("["),
        "studies.yaml": (added.folder / "studies.yaml").read_text("utf-8") + STUDY,
        "charts.yaml": (added.folder / "charts.yaml").read_text("utf-8") + CHART,
    }
    before = {name: (added.folder / name).read_text("utf-8") for name in files}
    for name, text in files.items():
        (added.folder / name).write_text(text, "utf-8")
    shown = "/// chart | rollers\n///\n\n/// unknown"
    added.change("en/at-home.md", "/// unknown", shown)
    assert added.errors() == []

    added.change("en/at-home.md", shown, "/// unknown")
    for name, text in before.items():
        (added.folder / name).write_text(text, "utf-8")
    added.change("en/at-home.md", "Rollers are sold", "Rollers are sold")
    assert added.errors() == []


def test_a_page_is_moved_once_the_links_that_are_named_lead_to_it(added):
    added.change("en/about.md", *at_the_end("See [rollers](/at-home/)."))
    (added.folder / "en/at-home.md").rename(added.folder / "en/home-rollers.md")
    added.change("en/home-rollers.md", "Needling at home", "Rollers at home")
    assert [m for _number, m in added.errors() if "The link /at-home/ leads nowhere." in m]

    added.change("en/about.md", "(/at-home/)", "(/home-rollers/)")
    assert added.errors() == []


def test_a_page_is_retired(added):
    (added.folder / "en/at-home.md").unlink()

    assert added.errors() == []
