"""One finding has one label and one number on every page."""

import pytest

from mesosite.pages.checks.findings import other_than_found
from tests.pages.checks.test_wording import page

FINDINGS = """redness:
  words: [red / redness, days]
  source: chu2021
  label: Reported, not counted
pain:
  words: [needling, hurts / pain]
  number: 1 out of 10
  never: ["1.08"]
visits:
  words: [platelets, visits]
  number: 3 to 6
dents:
  never: [most dents stay]
"""
OPTION = "//// compare\n/// option | Platelets\nVisits\n:   {}\n///\n////"
CELL = "| What | How often |\n|---|---|\n| Redness | For days. [{}] |"
RIGHT = [
    "Redness lasts for days.\n[Reported, not counted: @chu2021]",
    # another source, other words, no label
    "Redness lasts for days.\n[Counted in a study: @alam2014]",
    "Redness may last.\n[Counted in a study: @chu2021]",
    "Reduced for days.\n[Counted in a study: @chu2021]",
    "Redness lasts for days.[@chu2021]",
    # two texts beside each other, each with its own label
    "- It hurts. [Counted in a study: @chu2021] Red for days. [Reported, not counted: @chu2021]",
    "Needling hurts: one of 10, for 2 days.",
    "Needling takes 2 out of 10 hours. It hurts.",
    OPTION.format("Three to six."),
    OPTION.format("It may be two."),
    "Two to four platelets.",
    "Dents may stay. Most do.",
]
WRONG = [
    (
        "Redness lasts for days.\n[Counted in a study: @chu2021]",
        "“Counted in a study”, and “redness”",
    ),
    ("- Red for two days. [Counted in a study: @alam2014, @chu2021]", "and “redness” in"),
    (CELL.format("Counted in a study: @chu2021"), "For days."),
    ("Needling hurts about two out of 10.", "“2 of 10” stands in"),
    ("Needling hurts. With cream, the pain of needling is 3 of 10.", "“3 of 10” stands in"),
    ("It was 1.08 then.", "“1.08” stands in “It was 1.08 then.”: never"),
    (OPTION.format("2 to 4."), "“2 to 4” stands in “2 to 4.”"),
    ("Most dents stay.", "“most dents stay” stands in"),
]
SPOILED = [
    ("  source: chu2021", "  source: nobody", "“redness”: there is no source “nobody”."),
    ("Reported, not counted", "Reported", "“redness”: “label” is one of"),
    ("[platelets, visits]", "platelets", "“visits”: “words” is a list"),
    ("  words: [platelets, visits]\n", "", "“visits”: “words” tells which texts"),
    (
        "  never: [most dents stay]",
        "  words: [dents]",
        "“dents”: it has a label, a number or never",
    ),
    ("  number: 3 to 6", "  number: [3, 6]", "“visits”: source, label and number are words"),
    ("  number: 3 to 6", "  figure: 3 to 6", "“visits”: it has words, source, label"),
    (FINDINGS, "- redness", "This is not a list of “key: value” lines."),
]


@pytest.fixture
def findings(content):
    (content.folder / "findings.yaml").write_text(FINDINGS, "utf-8")
    return content


@pytest.mark.parametrize("text", RIGHT)
def test_a_text_that_says_what_was_found_passes(findings, text):
    assert list(other_than_found(page(findings, text))) == []


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_another_label_or_number_is_named(findings, text, words):
    (problem,) = other_than_found(page(findings, text))

    assert problem.id == "content.E041"
    assert words in problem.msg
    assert "findings.yaml" in problem.msg


def test_the_first_page_says_what_was_found_too(findings):
    findings.change("en/index.md", "\nfacts:", "\nfacts:\n  - {term: Pain, needling: 4 of 10.}")

    assert [message for number, message in findings.errors() if number == "content.E041"]


@pytest.mark.parametrize(("old", "new", "words"), SPOILED)
def test_a_wrong_file_is_named_with_its_line(findings, old, new, words):
    findings.change("findings.yaml", old, new)

    (error,) = [message for _id, message in findings.errors() if "findings.yaml:" in message]
    assert words in error


@pytest.mark.parametrize(
    ("there", "here", "clash"),
    [
        (
            "8 out of 97 fell.\n[We are very unsure: @alam2014]",
            "We are not very sure: @alam2014",
            1,
        ),
        ("8 of the 97 fell.\n[We are very unsure: @alam2014]", "No study found: @alam2014", 1),
        ("Eight of 97 fell.\n[We are very unsure: @alam2014]", "We are very unsure: @alam2014", 0),
        ("8 of 97 fell.\n[We are very unsure: @alam2014]", "We are not very sure: @chu2021", 0),
        ("8 of 97 fell.\n[We are very unsure: @alam2014]", "Counted in a study: @alam2014", 0),
        ("8 of 98 fell.\n[We are very unsure: @alam2014]", "We are not very sure: @alam2014", 0),
    ],
)
def test_a_figure_of_one_source_has_one_label(content, there, here, clash):
    content.change("en/risks.md", "## ", f"{there}\n\n## ")
    content.change("en/about.md", "## ", f"8 of 97 fell.\n[{here}]\n\n## ")

    found = [message for number, message in content.errors() if number == "content.E042"]
    assert len(found) == clash
    assert all("about.md:" in message and "“Risks”" in message for message in found)
