"""What an editor did not mean is named with its line; what is right passes and looks right."""

import re

import pytest

from mesosite.pages import catalogue
from mesosite.pages.checks.checked_page import CheckedPage
from mesosite.pages.checks.markup import MARKUP
from mesosite.pages.content.front_matter import read_page_file
from mesosite.pages.page import read_page
from tests.pages.conftest import added

OPTION = """/// option | {name}
How it works
:   {name} is done.

What is known
:   We found no figure: ask.

Harms
:   {harms}
///
"""
TWO = (
    OPTION.format(name="Laser", harms="Burns.\n    [Reported, not counted: @chu2021]"),
    OPTION.format(name="Peel", harms="We found no figure: ask."),
)
NAMES = ("Ice-pick", "Boxcar", "Rolling", "Raised", "Flat marks", "Not sure")
SHAPES = "/// shapes\n" + "\n\n".join(f"{name}\n:   A look." for name in NAMES) + "\n///"
WAYS = "/// ways\n- **Leave it.** A choice.\n- **See** a doctor.\n- **Ask.** A clinic.\n///"
RIGHT = {
    SHAPES: "</svg>Ice-pick</dt>\n<dd>A look.</dd>\n</div>",
    WAYS: '<div class="ways">\n<ul>\n<li><strong>Leave it.</strong> A choice.</li>',
    "a <!-- TODO: ask --> b": "<p>a  b</p>",
    "<!-- TODO\n\n/// pair | C1\n-->\n\n- a\n<!-- b -->\n- c": "<ul>\n<li>a</li>\n<li>c</li>",
    "H<sub>2</sub>O<br>x<sup>2</sup>": "<p>H<sub>2</sub>O<br />\nx<sup>2</sup></p>",
    '<span lang="el">*ουλή*</span>': '<p><span lang="el"><em>ουλή</em></span></p>',
    "`<b>` and `**`": "<p><code>&lt;b&gt;</code> and <code>**</code></p>",
    "p < 0.05 & a > b": "<p>p &lt; 0.05 &amp; a &gt; b</p>",
    "<https://clinic.example>": '<a href="https://clinic.example">',
    "5*3 and 4*2": "<p>5*3 and 4*2</p>",
    "5 * 3 and a_b_c": "<p>5 * 3 and a_b_c</p>",
    "**All**, *some* and __none__.": "<p><strong>All</strong>, <em>some</em> and "
    "<strong>none</strong>.</p>",
    "It heals.\n---\nWe found": "<p>It heals.</p>\n<hr />\n<p>We found</p>",
    "Call us when:\n\n- it hurts": "<p>Call us when:</p>\n<ul>\n<li>it hurts</li>",
    "From 3\n- 4 visits".replace("\n- ", " - "): "<p>From 3 - 4 visits</p>",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |": '<th scope="row">3</th>\n<td data-field="b">',
    "## Ουλές ακμής": '<h2 id="ουλές-ακμής">',
    "## Шрамы от акне": '<h2 id="шрамы-от-акне">',
    "## Two days\n\n## Two days": '<h2 id="two-days_1">',
    "Number 5. Then 6. a": "<p>Number 5. Then 6. a</p>",
}
WRONG = [
    # the rule, a text, the line in it, words of the message
    (27, "a\n\n<iframe src=x></iframe>", 3, "<iframe src=x>"),
    (27, "a\n\n<div>", 3, "<div>"),
    (27, "a <b>bold</b>", 1, "<b>"),
    (27, "H<sub>2O", 1, "<sub>"),
    (27, 'a <span style="color: red">b</span>', 1, "<span style="),
    (27, 'a <span onclick="b()">b</span>', 1, "<span onclick="),
    (27, "a <script>b</script>", 1, "<script>"),
    (27, "a <!-- never closed", 1, "<!-- never closed"),
    (27, "a\n\n/// unknown\n- <em>b</em>\n///", 4, "<em>"),
    (27, "a <IMG SRC=b ONERROR=c>", 1, "<IMG SRC=b ONERROR=c>"),
    (27, "<!-- a\n-->\n\n<?php b ?>", 4, "<?php b ?>"),
    (27, "## A {: style=color:red }", 1, "“style”"),
    (27, "*a*{: onclick=b }", 1, "“onclick”"),
    (28, "| a | b |\n|---|---|\n| 1 | 2 | 3 |", 3, "The cell “3” has no column."),
    (29, "a **b", 1, "an unclosed **"),
    (29, "a__ b", 1, "an unclosed **"),
    (29, "a *b c", 1, "an unclosed *"),
    (29, "a _b c", 1, "an unclosed _"),
    (29, "~~a~~ b", 1, "a sign that is not read"),
    (29, "a ==b==", 1, "a sign that is not read"),
    (29, "a [^1]", 1, "a sign that is not read"),
    (29, "- [ ] wash hands", 1, "a sign that is not read"),
    (29, "a {: .b }", 1, "a sign that is not read"),
    (29, "a `b", 1, "an unclosed `"),
    (29, "It heals\n===", 1, "a heading that is not read"),
    (29, " ## A", 1, "a heading that is not read"),
    (29, "Call us when:\n- it hurts\n- it swells", 1, "a list that is not read"),
    (29, "Call us when:\n1. it hurts", 1, "a list that is not read"),
    (29, "A table:\n| a | b |\n|---|---|\n| 1 | 2 |", 1, "a table that is not read"),
    (50, SHAPES.replace("Boxcar", "Crater"), 1, "“Boxcar” stands 0 times among the shapes"),
    (50, SHAPES.replace("Boxcar", "Crater"), 1, "“Crater” is no scar shape."),
    (50, SHAPES.replace("Boxcar", "Rolling"), 1, "“Rolling” stands 2 times among the shapes"),
    (51, WAYS.replace("- **Ask.** A clinic.\n", ""), 1, "three named items: 2 are here"),
    (51, WAYS.replace("**Ask.** A", "A"), 1, "three named items: 2 are here"),
    (51, WAYS.replace("/// ways", "/// ways\nThree ways.\n"), 1, "three named items: 3 are here"),
    (35, "/// chart | needling\n///\n\n/// chart | needling\n///", 4, "called #chart-needling"),
    (35, "## A {: #b }\n\n## C {: #b }", 3, "called #b"),
]


def compare(*options):
    return "\n".join(["//// compare", *options, "////"])


FIELDS = [
    # what is changed in the second option, into what, and words of the message
    ("\n\nHarms\n:   We found no figure: ask.", "", "“Peel” lacks the field “Harms”."),
    ("Harms\n", "Harm\n", "“Peel” has the field “Harm”, which the first option has not."),
    ("Harms\n", "Harm\n", "“Peel” lacks the field “Harms”."),
    ("What is known\n", "Harms\n", "“Peel” has the field “Harms” 2 times."),
    (":   Peel is done.", ":   Peel is done.\n:   Twice.", "“How it works” 2 times."),
    ("How it works\n:   Peel is done.\n\n", "", "“Peel” lacks the field “How it works”."),
    (
        "How it works\n",
        "It stings.\n\nHow it works\n",
        "stands in no field of an option: It stings.",
    ),
]


def problems(content, text, name="en/about.md"):
    """The page that a text makes, and what the rules say of it, with lines counted in the text."""
    path = content.folder / name
    head = path.read_text("utf-8").split("\n---\n")[0]
    path.write_text(f"{head}\n---\n{text}\n", "utf-8")
    page = read_page(catalogue.content(), read_page_file("en", "about", path))
    found = [problem for rule in MARKUP for problem in rule(CheckedPage(page))]
    return page, [(p.id, p.error.line - page.line + 1, p.error.message) for p in found]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_passes_and_looks_right(content, text):
    page, found = problems(content, text)

    assert found == []
    assert RIGHT[text] in page.html


@pytest.mark.parametrize(("number", "text", "line", "words"), WRONG)
def test_what_was_not_meant_is_named_with_its_line(content, number, text, line, words):
    _page, found = problems(content, text)

    assert (f"content.E{number:03}", line) in [(id_, at) for id_, at, _message in found]
    assert words in " ".join(message for _id, _at, message in found)


def test_html_that_is_refused_is_text_in_the_page(content):
    page, _found = problems(content, "<iframe src=x></iframe> <b>b</b>")

    assert re.findall(r"<(\w+)", page.html) == ["p"]


def test_an_option_is_right_with_every_field_in_any_order(content):
    turned = TWO[1].replace("\n\nHarms\n:   We found no figure: ask.", "")
    turned = turned.replace("How it works\n", "Harms\n:   Marks. [@chu2021]\n\nHow it works\n")
    page, found = problems(content, compare(TWO[0], turned))

    assert found == []
    assert re.findall('data-field="(.*?)"', page.html) == 2 * ["What is known", "Harms"]


@pytest.mark.parametrize(("old", "new", "words"), FIELDS)
def test_a_field_that_is_left_out_misspelt_or_doubled_is_named(content, old, new, words):
    assert old in TWO[1]
    _page, found = problems(content, compare(TWO[0], TWO[1].replace(old, new, 1)))

    assert {id_ for id_, _line, _message in found} == {"content.E028"}
    assert [message for _id, _line, message in found if words in message]


def test_a_misspelt_field_moves_no_harm_under_another_heading(content):
    page, _found = problems(content, compare(TWO[0], TWO[1].replace("Harms\n", "Harm\n")))

    row = page.html[page.html.index('role="rowheader">Peel') :]
    assert re.findall('data-field="(.*?)"', row) == ["What is known", "Harms", "Harm"]


@pytest.mark.parametrize("last", ["Harms", "What is known"])
@pytest.mark.parametrize("other", ["Risk", "Visits"])
def test_a_table_that_does_not_begin_with_what_is_known_and_harms_is_named(content, last, other):
    options = [option.replace(f"{last}\n", f"{other}\n") for option in TWO]
    _page, found = problems(content, compare(*options))

    assert [message for _id, _line, message in found] == [
        "A side-by-side table begins with “What is known” and “Harms”."
    ]


def test_the_gate_asks_these_rules(content):
    content.change("en/risks.md", *added("A ~~good~~ name is not enough."))

    assert [number for number, _message in content.errors()] == ["content.E029"]
