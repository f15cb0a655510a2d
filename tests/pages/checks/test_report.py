"""The pages in numbers: for editors, and for the public."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mesosite.pages.catalogue import all_pages
from mesosite.pages.catalogue import content as site_content
from mesosite.pages.checks.report import report
from tests.pages.conftest import added

SPOILED_CHANGES = [
    ("- date: 2026-11-22", "- date: soon", "changes.yaml:4: “date” must be a date"),
    ("  why: ", "  because: ", "changes.yaml:4: This change is not complete."),
    ("  what: First version of all pages.", "  what: [1]", "“what” and “why” must be words."),
    ("  what: First", "  what: [First", "cannot be read as YAML"),
]


def row(url):
    return next(row for row in report() if row.page.url == url)


def test_every_page_has_its_row():
    assert [row.page for row in report()] == list(all_pages().values())


def test_a_row_counts_labels_and_sources(content):
    before = row("/risks/")
    cited = {source.key for source in before.page.references}
    new = [id_ for id_ in site_content().references if id_ not in cited][:2]
    labels = f"[Reported, not counted: @{new[0]}, @{new[1]}]\n\nIt fades.\n[No study found]"
    content.change("en/risks.md", *added(f"It itches.\n{labels}"))

    after = row("/risks/")

    assert (after.harms, after.sources) == (before.harms + 1, before.sources + 2)
    assert dict(after.labels)["no-study"] == dict(before.labels).get("no-study", 0) + 1


def test_a_row_counts_long_sentences(content):
    content.change("en/risks.md", *added("So " + "we read " * 12 + "on."))

    assert row("/risks/").long == 1


def test_the_command_prints_a_table():
    out = StringIO()
    call_command("content_report", stdout=out)
    head, *rows = out.getvalue().splitlines()

    assert head.split()[:4] == ["page", "words", "folded", "grade"]
    assert len(rows) == len(all_pages()) + 3  # the average, and two counts of words
    assert f"{all_pages()[''].review_by}" in rows[0]


def test_the_command_names_a_wrong_file(content):
    content.change("en/risks.md", "nav: Risks", "nvb: Risks")

    with pytest.raises(CommandError, match=r"risks\.md:3"):
        call_command("content_report", stdout=StringIO())


def test_the_public_sees_the_same(client):
    html = client.get("/about/quality/").content.decode()

    for item in report():
        assert f'<a href="{item.page.url}">{item.page.nav}</a></th>' in html
        assert f">{item.words}</td>" in html
        assert f">{item.helps} : {item.harms}</td>" in html


def test_the_change_log_is_shown_the_newest_first(content, client):
    path = content.folder / "changes.yaml"
    newer = "- date: 2027-01-02\n  what: A figure for bruises.\n  why: A study counted them.\n"
    path.write_text(path.read_text("utf-8") + newer, "utf-8")

    html = client.get("/about/quality/").content.decode()

    years = [change.date.year for change in site_content().changes]
    assert years == sorted(years, reverse=True)
    assert years[:2] == [2027, 2026]
    assert html.index("A figure for bruises.") < html.index("First version of all pages.")


@pytest.mark.parametrize(("old", "new", "words"), SPOILED_CHANGES)
def test_a_wrong_change_log_is_named(content, old, new, words):
    content.change("changes.yaml", old, new)

    assert [number for number, _message in content.errors()] == ["content.E001"]
    assert words in content.errors()[0][1]


def test_a_change_log_that_is_no_list_is_named(content):
    (content.folder / "changes.yaml").write_text("date: 2026-11-22\n", "utf-8")

    assert "changes.yaml:1: The change log is not a list." in content.errors()[0][1]


def test_a_missing_change_log_is_named(content):
    (content.folder / "changes.yaml").unlink()

    assert "The change log is not there" in content.errors()[0][1]
