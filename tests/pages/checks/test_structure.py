"""Each rule of the publish gate: a page that breaks it is named with its line, once."""

import re

import pytest

from mesosite.pages.catalogue import all_pages
from mesosite.pages.checks.gate import check_content
from tests.pages.conftest import CHECKED, END, LINK, REVIEW_BY, added

RISKS, BENEFITS, OPTIONS = "en/risks.md", "en/benefits.md", "en/options.md"
COUNTED = re.compile(r"\[Counted in a study: @[^]]+\]")
BRUISES = re.compile(r"/// pair \| C18\n.*?\n///", re.DOTALL)
SUMMARY = re.compile(r"summary: \|\n(  .*\n)+")
GAIN = "Needling may soften some scars.\n[We are very unsure: @alam2014]"


def option(harms):
    """What `change` replaces, and by what, so that a choice with these harms stands first."""
    fields = {
        "How it works": "They pull.",
        "What is known": "We found no figure: ask.",
        "Harms": harms,
    }
    rows = "\n\n".join(f"{name}\n:   {text}" for name, text in fields.items())
    return "//// compare\n", f"//// compare\n/// option | Magnets\n{rows}\n///\n"


BROKEN = [
    # rule, file, what is changed, into what, words of the message
    (2, RISKS, *added("/// care | week\n\nGo."), "never closed"),
    (3, RISKS, LINK, "](benefits.md)", "The link benefits.md leads nowhere."),
    (3, RISKS, *added("See [help](#nowhere)."), "/risks/ has no place called #nowhere."),
    (11, RISKS, *added("#### Itching"), "The heading “Itching” is out of order."),
    (11, RISKS, *added("# Itching"), "The heading “Itching” is out of order."),
    (12, BENEFITS, "    alt: ", "    #: ", "The drawing “timeline” has no words"),
    (12, RISKS, *added("![](/static/img/timeline.svg)"), "has no words"),
    (13, RISKS, *added("![A rat.](/static/img/rat.svg)"), "is not there"),
    (13, RISKS, *added("![A rat.](https://rat.example/a.png)"), "not there"),
    (
        14,
        RISKS,
        BRUISES,
        "/// pair | C18\nIt is blue.\n\n---\n\nIt is [@chu2021].\n///",
        "pair C18 has no",
    ),
    (14, OPTIONS, *option("They pinch."), "“Harms” of “Magnets” has no"),
    (14, RISKS, COUNTED, "[Counted in a study]", "no source"),
    (15, BENEFITS, END, "/// timetable", "needs the box “What we do not know”"),
    (16, RISKS, *added("It is painless."), "“painless” promises"),
    (16, RISKS, "title: ", "title: A miracle, and ", "“miracle” promises"),
    (17, BENEFITS, *added(f"## Softer skin\n\n{GAIN}"), "“Softer skin”"),
    (18, RISKS, "/// safety", "/// care | week", "The page lacks a care card: emergency."),
    (18, RISKS, "/// care | talk", "/// care | week", "The page lacks a care card: talk."),
    (20, RISKS, "id: whom-to-call", "id: when-to-stop", "“when-to-stop” stands on “Benefits”"),
    (21, RISKS, SUMMARY, "summary: |\n" + 4 * "  So.\n", "The summary has 4 lines."),
    (22, RISKS, *added("No. No. No. No."), "4 sentences in one paragraph"),
    (23, RISKS, *added("It itches"), "does not end a sentence"),
    (24, RISKS, COUNTED, "[Rumoured]", "cannot be read: [Rumoured]"),
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
    content.change(RISKS, *added(denied))

    assert content.errors() == []


def test_a_denial_ends_at_a_comma(content):
    content.change(RISKS, *added("There is no cut, and it is painless."))

    assert [number for number, _message in content.errors()] == ["content.E016"]


def test_an_unsourced_cell_may_say_so(content):
    content.change(OPTIONS, *option("We found no figure: ask."))

    assert "content.E014" not in [number for number, _message in content.errors()]


@pytest.mark.parametrize("source", ["", ": @expert-table2015"])
def test_a_harm_that_nobody_counted_may_be_usual_practice_with_a_source_or_without(content, source):
    content.change(OPTIONS, *option(f"They pinch.\n    [Usual practice, not counted{source}]"))

    assert "content.E014" not in [number for number, _message in content.errors()]
    said = all_pages()["options"].html.split("They pinch.")[1].split("</td>")[0]
    assert "Usual practice, not counted" in said


def test_an_overdue_review_is_a_warning(content, monkeypatch):
    content.change(RISKS, CHECKED, "checked: 2020-01-22")
    content.change(RISKS, REVIEW_BY, "review_by: 2020-05-22")

    warnings = [problem for problem in check_content(None) if problem.id == "content.W001"]

    assert not any(problem.is_serious() for problem in warnings)
    assert any("risks.md:" in problem.msg and "22 May 2020" in problem.msg for problem in warnings)


def test_a_block_that_is_not_read_is_all_that_is_said(content):
    content.change(RISKS, "/// pair | C17", "/// pear | C17")

    assert [number for number, _message in content.errors()] == ["content.E002"]
