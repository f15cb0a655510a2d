"""Short sentences that follow each other are named, and so are pages with too many words."""

import pytest

from mesosite.pages.catalogue import all_pages
from mesosite.pages.checks.gate import check_content
from mesosite.pages.checks.report import report
from mesosite.pages.checks.rhythm import choppy
from tests.pages.checks.test_wording import page

SHORT = "It is sore. It is red. It fades."
RIGHT = [
    # joined, broken by a long one, in lists and boxes, or apart from each other
    "It is sore and red, but it fades.",
    "It is sore. It is red, and in a few days all of it fades. It fades.",
    "- It is sore.\n- It is red.\n- It fades.",
    f"/// care | week\n{SHORT}\n///",
    f"/// unknown\n{SHORT}\n///",
    f"| When | What |\n|---|---|\n| First. | {SHORT} Then all is well. |",
    "It is sore. It is red.\n\n## Later\n\nIt fades.",
    "It is sore. It is red.\n\n- It itches.\n\nIt fades.",
    "It is sore. It is red.\n[Counted in a study: @alam2014]\n\nIt fades.",
]
WRONG = [
    SHORT,
    "It is sore.\n\nIt is red.\n\nIt fades.",
    f"In the first days this is what most people feel. {SHORT}",
    f"/// pair | C14\nIt is good.\n\n---\n\n{SHORT}\n///",
    f"/// fold | Later\n{SHORT}\n///",
]


def budget_problems():
    found = [problem for problem in check_content(None) if problem.id == "content.W007"]
    return [(problem.msg, problem.is_serious()) for problem in found]


@pytest.mark.parametrize("text", RIGHT)
def test_sentences_that_are_joined_or_stand_apart_pass(content, text):
    assert list(choppy(page(content, text))) == []


@pytest.mark.parametrize("text", WRONG)
def test_three_short_sentences_in_a_row_are_named_once(content, text):
    (problem,) = choppy(page(content, text))

    assert problem.id == "content.E040"
    assert problem.msg.endswith(f"Three short sentences in a row: “{SHORT}”")


def test_words_a_sentence_are_counted_outside_lists(content):
    page(content, "One two three four. One two three four five six.\n\n- One.\n- Two.")

    assert next(row.mean for row in report() if row.page.url == "/about/") == 5


@pytest.mark.parametrize(
    ("name", "most", "said"),
    [("index", 1300, "This page has"), ("risks", 7000, "The pages to be read have")],
)
def test_pages_with_too_many_words_are_warned_of(content, name, most, said):
    before = [message for message, _serious in budget_problems() if said in message]
    text = "We read all of it, and it said little that is of use to you. " * (most // 14)
    content.change(f"en/{name}.md", "\n---\n", f"\n---\n/// fold | More\n{text}\n///\n\n")
    assert [message for message, _serious in budget_problems() if said in message] == before

    content.change(f"en/{name}.md", "/// fold | More\n", "")
    content.change(f"en/{name}.md", "\n///\n", "\n")

    (found,) = [item for item in budget_problems() if said in item[0]]
    assert not found[1]
    assert f"en/{name}.md:1: {said}" in found[0]
    assert found[0].endswith(f" words, and {most} at most.")


def test_the_pages_as_they_are_keep_to_their_words():
    assert budget_problems() == []


def test_the_public_sees_the_words_of_the_pages_together(client):
    html = client.get("/about/quality/").content.decode()
    counts = {row.page.url: row.words for row in report()}
    read = [page for page in all_pages().values() if page.group == "read" and page.order]

    assert f"Home: {counts['/']} words, and 1300 at most." in html
    assert f": {sum(counts[page.url] for page in read)} words, and 7000 at most." in html
