"""A page says that it was checked and reviewed only on a day that was, and of the words it has."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from mesosite.pages.catalogue import all_pages
from tests.pages.conftest import added

RISKS = "en/risks.md"
TODAY = max(page.checked for page in all_pages().values())
TOMORROW, LATER = (TODAY + datetime.timedelta(days=n) for n in (1, 2))


def sign(content, on=TODAY):
    """Signs the page of risks as it is, by the code that the report prints."""
    code = all_pages()["risks"].words_code
    review = f"reviewed: {{by: Dr Example, on: {on}, words: {code}}}"
    content.change(RISKS, "checked:", f"{review}\nchecked:")


@pytest.fixture(autouse=True)
def day(monkeypatch):
    """It is the evening of TODAY in Greenwich, and the next day in New Zealand."""
    now = datetime.datetime.combine(TODAY, datetime.time(20), datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_review_is_shown_with_its_day(content, client):
    sign(content)

    assert content.errors() == []
    html = client.get("/risks/").content.decode()
    assert f"Reviewed by Dr Example on {TODAY:%-d %B %Y}." in html
    assert "Not yet reviewed by a clinician." not in html


def test_the_report_prints_the_code_of_the_words(content, capsys):
    call_command("content_report")

    row = next(row for row in capsys.readouterr().out.splitlines() if row.startswith("/risks/"))
    assert all_pages()["risks"].words_code in row.split()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (RISKS, *added("It itches.")),
        (RISKS, "title: ", "title: All "),
        (RISKS, "text: ", "text: Now, "),
        ("charts.yaml", re.compile(r"value: [\d.]+"), "value: 0.51"),
        ("studies.yaml", "gowda2021:\n  design: ", "gowda2021:\n  design: Short "),
    ],
)
def test_a_review_ends_with_the_words_that_were_reviewed(content, name, old, new):
    page = "en/evidence.md" if name == "charts.yaml" else RISKS
    address = page[3:-3]
    code = all_pages()[address].words_code
    review = f"reviewed: {{by: Dr Example, on: {TODAY}, words: {code}}}"
    content.change(page, "checked:", f"{review}\nchecked:")
    assert content.errors() == []

    content.change(name, old, new)

    ids = [number for number, message in content.errors() if "Dr Example reviewed other" in message]
    assert ids == ["content.E034"]


def test_a_review_outlives_a_change_of_lines(content):
    content.change(RISKS, *added("It is sore for some days."))
    sign(content)
    content.change(RISKS, "It is sore for", "It is sore\nfor")

    assert content.errors() == []


def check_on(content, day):
    """The page of risks says that it was checked on this day, for half a year."""
    text = (content.folder / RISKS).read_text("utf-8")
    until = day + datetime.timedelta(days=180)
    for key, value in {"checked": day, "review_by": until}.items():
        (row,) = re.findall(rf"^{key}: .*", text, re.MULTILINE)
        content.change(RISKS, row, f"{key}: {value}")


@pytest.mark.parametrize("day", [LATER, TODAY.replace(year=TODAY.year + 36)])
def test_a_day_still_to_come_is_refused(content, day):
    check_on(content, day)

    assert [number for number, _message in content.errors()] == ["content.E033"]


def test_a_day_that_has_begun_somewhere_is_taken(content):
    check_on(content, TOMORROW)

    assert content.errors() == []


def test_a_review_still_to_come_is_refused(content):
    sign(content, on=LATER)

    [(number, message)] = content.errors()
    assert number == "content.E033"
    rows = (content.folder / RISKS).read_text("utf-8").split("\n")
    line = next(n for n, row in enumerate(rows, 1) if row.startswith("reviewed:"))
    assert f"risks.md:{line}: “reviewed” says {LATER:%-d %B %Y}" in message
