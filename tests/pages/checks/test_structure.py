"""Each rule of the publish gate: a page that breaks it is named with its line, once."""

import re

import pytest

from mesosite.pages.catalogue import all_pages
from mesosite.pages.checks.gate import check_content

RISKS, BENEFITS, OPTIONS = "en/risks.md", "en/benefits.md", "en/options.md"
BRUISES = "[Reported, not counted: @halachmi2013, @fillers-table]"
PUNCH = "[Reported, not counted: @expert-table2015]"
BROKEN = [
    # rule, file, what is changed, into what, words of the message
    (2, RISKS, "## Bruising", "/// care | week\n\nGo.\n\n## Bruising", "never closed"),
    (3, RISKS, "](/benefits/)", "](benefits.md)", "The link benefits.md leads nowhere."),
    (3, RISKS, "](#help)", "](#nowhere)", "/risks/ has no place called #nowhere."),
    (11, RISKS, "## Bruising", "#### Bruising", "The heading “Bruising” is out of order."),
    (11, RISKS, "## Bruising", "# Bruising", "The heading “Bruising” is out of order."),
    (12, BENEFITS, "    alt: A line of", "    #: A line of", "The drawing “timeline” has no words"),
    (12, RISKS, "## Bruising", "![](/static/img/timeline.svg)\n\n## Bruising", "has no words"),
    (13, RISKS, "## Bruising", "![A rat.](/static/img/rat.svg)\n\n## Bruising", "is not there"),
    (13, RISKS, "## Bruising", "![A rat.](https://rat.example/a.png)\n\n## Bruising", "not there"),
    (14, RISKS, BRUISES, "[@halachmi2013; @fillers-table]", "the pair C18 has no"),
    (14, OPTIONS, f"    {PUNCH}", "", "“Harms” of “Punch removal” has no"),
    (14, RISKS, BRUISES, "[Counted in a study]", "no source"),
    (15, BENEFITS, "/// unknown", "/// timetable", "needs the box “What we do not know”"),
    (16, RISKS, "We found no count", "It is painless. We found no count", "“painless” promises"),
    (16, RISKS, "title: Potential", "title: A miracle with potential", "“miracle” promises"),
    (
        17,
        BENEFITS,
        "Each can do [harm](/risks/) too",
        "Each can do harm too",
        "“Targeted approach”",
    ),
    (18, RISKS, "/// safety", "/// care | week", "The page lacks a care card: emergency."),
    (18, RISKS, "/// care | talk", "/// care | week", "The page lacks a care card: talk."),
    (20, RISKS, "id: whom-to-call", "id: when-to-stop", "“when-to-stop” stands on “Benefits”"),
    (21, RISKS, "summary: |\n", "summary: |\n  One more line.\n", "The summary has 4 lines."),
    (22, RISKS, "A good name is not enough.", "No. No. No. No.", "4 sentences in one paragraph"),
    (
        23,
        RISKS,
        "A good name is not enough.",
        "A good name is not enough",
        "does not end a sentence",
    ),
    (
        24,
        RISKS,
        BRUISES,
        "[Rumoured]",
        "cannot be read: [Rumoured]",
    ),
]


@pytest.mark.parametrize(("number", "name", "old", "new", "words"), BROKEN)
def test_a_broken_rule_is_named_with_its_line(content, number, name, old, new, words):
    content.change(name, old, new)

    found = [problem for problem in check_content(None) if problem.id == f"content.E{number:03}"]

    assert len(found) == 1, check_content(None)
    assert re.match(rf"content/{name}:\d+: ", found[0].msg)
    assert words in found[0].msg


def test_a_page_without_questions_is_named(content):
    path = content.folder / RISKS
    text = re.sub(r"questions:\n(  .*\n)+", "", path.read_text("utf-8"))
    path.write_text(text, "utf-8")

    errors = content.errors()

    assert errors == [
        ("content.E019", "content/en/risks.md:1: The page has no questions to take along.")
    ]


@pytest.mark.parametrize(
    "denied",
    [
        "It is not painless.",
        "No result is guaranteed.",
        "It isn't a miracle.",
        "There is no hurry.",
    ],
)
def test_what_is_denied_is_no_hype(content, denied):
    content.change(RISKS, "A good name is not enough.", denied)

    assert content.errors() == []


def test_a_denial_ends_at_a_comma(content):
    content.change(RISKS, "A good name is not enough.", "There is no cut, and it is painless.")

    assert [number for number, _message in content.errors()] == ["content.E016"]


def test_an_unsourced_cell_may_say_so(content):
    content.change(
        OPTIONS,
        f"Stitches for 8 to 10 days. A line or a small round scar can stay.\n    {PUNCH}",
        "We found no figure: ask.",
    )

    assert not [number for number, _message in content.errors() if number == "content.E014"]


@pytest.mark.parametrize("source", ["", ": @expert-table2015"])
def test_a_harm_that_nobody_counted_may_be_usual_practice_with_a_source_or_without(content, source):
    content.change(OPTIONS, PUNCH, f"[Usual practice, not counted{source}]")

    assert "content.E014" not in [number for number, _message in content.errors()]
    assert "Usual practice, not counted" in all_pages()["options"].html


def test_an_overdue_review_is_a_warning(content, monkeypatch):
    content.change(RISKS, "checked: 2026-11-22", "checked: 2020-01-22")
    content.change(RISKS, "review_by: 2027-05-22", "review_by: 2020-05-22")

    warnings = [problem for problem in check_content(None) if problem.id == "content.W001"]

    assert not any(problem.is_serious() for problem in warnings)
    assert any("risks.md:" in problem.msg and "22 May 2020" in problem.msg for problem in warnings)


def test_a_block_that_is_not_read_is_all_that_is_said(content):
    content.change(RISKS, "/// pair | C17", "/// pear | C17")

    assert [number for number, _message in content.errors()] == ["content.E002"]
