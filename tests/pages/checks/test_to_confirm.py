"""What a clinician has still to confirm: each line stands on its page, and readers see the list."""

import html
import re

import pytest

ENTRY = """- page: /about/#a-line
  words: Your sight is “blurred”, or lost
  sources: [alam2014]
  read: second-hand
  ask: Is this sign right?
"""
LINE = '## A line\n\nYour *sight* is "blurred",[@alam2014] or lost.\n\n## '
SPOILED = [
    # what is changed, into what, words of the message
    ("- page: /about/#a-line", "- page: /about/#no-line", "no place called #no-line"),
    ("/about/#a-line", "/abut/", "The link /abut/ leads nowhere."),
    ("/about/#a-line", "/risks/", "These words do not stand on /risks/: “Your sight"),
    ("or lost", "and lost", "These words do not stand on /about/#a-line"),
    ("[alam2014]", "[nobody]", "There is no source “nobody”."),
    ("[alam2014]", "alam2014", "sources is a list"),
    ("  sources: [alam2014]\n", "", "“read: none” stands where there are no sources"),
    ("second-hand", "none", "“read: none” stands where there are no sources"),
    ("second-hand", "twice", "“read” is one of: abstract, start, second-hand, own page, none."),
    ("  ask: Is", "  asks: Is", "This entry is not complete"),
    ("  ask: Is this sign right?", "  ask:", "must be words"),
    (ENTRY, "page: /about/", "This is not a list."),
]


@pytest.fixture
def to_confirm(content):
    content.change("en/about.md", "## ", LINE)
    (content.folder / "to_confirm.yaml").write_text(ENTRY, "utf-8")
    return content


def listed(client):
    """The lines of the list on the page, without their markup."""
    page = client.get("/about/quality/").content.decode()
    _before, _title, after = page.partition("What a clinician has still to confirm</h2>")
    items = re.findall(r"<li>.*?</li>", after.partition("</ol>")[0], re.DOTALL)
    return [html.unescape(" ".join(re.sub("<[^>]+>", " ", item).split())) for item in items]


def test_a_reader_sees_what_is_to_be_confirmed_with_its_source_and_how_it_was_read(
    to_confirm, client
):
    assert to_confirm.errors() == []

    (line,) = [line for line in listed(client) if "Your sight" in line]
    assert line.startswith("“Your sight is “blurred”, or lost” ( About ) Is this sign right? Alam")
    assert line.endswith(". It was read in another text.")
    assert '<a href="/about/#a-line">' in client.get("/about/quality/").content.decode()


@pytest.mark.parametrize(("old", "new", "words"), SPOILED)
def test_a_wrong_entry_is_named_with_its_line(to_confirm, old, new, words):
    to_confirm.change("to_confirm.yaml", old, new)

    (error,) = [message for _id, message in to_confirm.errors() if "to_confirm.yaml:1: " in message]
    assert words in error


def test_usual_practice_without_a_source_is_listed_by_itself(content, client):
    with_source = "Wait a week.\n[Usual practice, not counted: @alam2014]\n\n"
    row = "| When | What |\n|---|---|\n| First | Keep it dry. [Usual practice, not counted] |\n\n"
    alone = "Use a sun cream.\n[Usual practice, not counted]\n\n"
    before = listed(client)
    content.change("en/about.md", "## ", f"## Care\n\n{with_source}{alone}{row}## ")

    new = [line for line in listed(client) if line not in before]
    asked = "( About ) Is this usual practice, and safe? No source was read."
    assert new == [f"“Use a sun cream.” {asked}", f"“First. What: Keep it dry.” {asked}"]
    assert '<a href="/about/#care">About</a>' in client.get("/about/quality/").content.decode()
