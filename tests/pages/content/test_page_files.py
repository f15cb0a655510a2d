"""Every file in a language's folder is a page, an editor's own, or refused with its name."""

import os
import shutil
from pathlib import Path

import pytest

from mesosite.pages import catalogue
from mesosite.pages.catalogue import all_pages
from tests.pages.conftest import CHECKED, REVIEW_BY

LASER = "en/treatments/laser.md"


def add(content, name):
    path = content.folder / name
    path.parent.mkdir(exist_ok=True)
    shutil.copy(content.folder / "en/about.md", path)
    catalogue.content.cache_clear()
    return path


def change_text(content, name, change):
    path = content.folder / name
    path.write_bytes(change(path.read_text("utf-8")).encode())
    catalogue.content.cache_clear()


@pytest.mark.parametrize(
    "name",
    [
        *("en/.#risks.md", "en/.git/x.md", "en/risks.md~"),
        *("en/#risks.md#", "en/~$risks.md", ".#clinic.yaml"),
    ],
)
def test_what_an_editor_keeps_beside_a_page_is_passed_over(content, name):
    before = list(all_pages())
    path = content.folder / name
    path.parent.mkdir(exist_ok=True)
    path.symlink_to("eleni@desk.1234:5678")  # Emacs locks a file so: a link that leads nowhere
    catalogue.content.cache_clear()

    assert content.errors() == []
    assert list(all_pages()) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("en/privacy copy.md", "privacy copy.md: The name “privacy copy.md” has other signs"),
        ("en/privacy (1).md", "privacy (1).md: The name"),
        ("en/privacy.sync-conflict-20261122-101010-ABC.md", "has other signs than a–z, 0–9"),
        ("en/Laser.md", "Laser.md: The name “Laser.md” has other signs"),
        ("en/λέιζερ.md", "has other signs than a–z, 0–9"),
        ("en/laser_peel.md", "has other signs than a–z, 0–9"),
        ("en/laser.MD", "laser.MD: A page's name ends with .md, and not with .MD"),
        ("en/laser.markdown", "laser.markdown: A page's name ends with .md"),
        ("en/laser.txt", "laser.txt: The site does not read this file"),
        ("en/laser.md.bak", "laser.md.bak: The site does not read this file"),
        ("en/Other Treatments/laser.md", "The name “Other Treatments” has other signs"),
    ],
)
def test_a_file_that_is_not_read_as_it_is_named_is_refused(content, name, words):
    add(content, name)

    assert [message for number, message in content.errors() if words in message]


def test_a_folder_that_is_a_link_is_refused(content, tmp_path):
    add(content, LASER).parent.rename(tmp_path / "elsewhere")
    (content.folder / "en/treatments").symlink_to(tmp_path / "elsewhere")

    assert "content/en/treatments: This folder is a link" in content.errors()[0][1]


def test_a_folder_that_cannot_be_read_is_named(content, monkeypatch):
    closed, scandir = str(add(content, LASER).parent), os.scandir

    def scan(path):
        if str(path) == closed:
            raise PermissionError(13, "Permission denied", closed)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)

    assert "content/en/treatments: The folder cannot be read: Perm" in content.errors()[0][1]


def test_a_file_that_cannot_be_read_is_named(content, monkeypatch):
    path, read_text = content.folder / "en/risks.md", Path.read_text

    def refuse(self, *args, **kwargs):
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return read_text(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refuse)

    assert "content/en/risks.md: The file cannot be read: Perm" in content.errors()[0][1]


@pytest.mark.parametrize(
    "name", ["en/risks.md", "clinic.yaml", "references.json", "studies.yaml", "en/words.yaml"]
)
def test_a_link_to_nowhere_and_a_folder_in_place_of_a_file_are_named(content, name):
    path = content.folder / name
    path.unlink()
    path.symlink_to("nowhere")
    catalogue.content.cache_clear()
    linked = [message for _number, message in content.errors()]
    path.unlink()
    path.mkdir()
    catalogue.content.cache_clear()
    folders = [message for _number, message in content.errors()]

    assert f"content/{name}: This link leads to no file." in linked
    assert [message for message in folders if message.startswith(f"content/{name}")]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("---\n", "---  \n", 1).replace("\n---\n", "\n--- \t\n", 1),
        lambda text: text.replace("nav: Risks\n", "nav: Risks  \n"),
    ],
)
def test_signs_at_the_ends_of_lines_change_nothing(content, change):
    before = all_pages()["risks"]
    change_text(content, "en/risks.md", change)

    assert content.errors() == []
    assert (all_pages()["risks"].nav, all_pages()["risks"].html) == (before.nav, before.html)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nav: Risks", "nav:\tRisks\n\tmore: x", "risks.md:4: This line holds a tab."),
        ("nav: Risks", "nav: Risk #5", "risks.md:3: “Risk” is cut here: “#5” is not read."),
        ("text: ", "text: Is it #50 or ", ": “Is it” is cut here: “#50 or "),
        ("nav: Risks", "nav: null", "risks.md:3: “null” stands for nothing."),
        ("nav: Risks", "nav:", "risks.md:3: “nav” is empty."),
        ("nav: Risks", "nav: ''", "risks.md:3: “nav” is empty."),
        ("nav: Risks", "nav: [Risks]", "risks.md:3: “nav” must be words."),
        ("nav: Risks", "nav: Risks\nquestions: []", "“questions” stands twice: on line 4 and on"),
        ("questions:", "facts:\nquestions:", "“facts” must be a list."),
        ("questions:", "facts:\n  - term: Pain\nquestions:", "Each fact has a term, needling and"),
        ("points: [", "points: []\nnope: [", "“nope” is not a key that a page knows."),
        ("order: 5", "order: 5.5", "“order” must be a number."),
        ("order: 5", "order: [5]", "“order” must be a number."),
        (CHECKED, "checked: 22.11.2026", "“checked” must be a date: 2026-11-22."),
        (CHECKED, "checked: 20261122", "“checked” must be a date: 2026-11-22."),
        (REVIEW_BY, "review_by: 2026-11-21", "“review_by” is before “checked”."),
        ("review_by:", "reviewed_by: Dr A\nreview_by:", "“reviewed_by” names no day and no words."),
        ("review_by:", "reviewed: Dr A\nreview_by:", "“reviewed” has by, on and words."),
        ("review_by:", "reviewed: {by: A, on: x, words: b}\nreview_by:", "“on” must be a date"),
        ("\n---\n", "\n", "risks.md:1: The front matter does not end."),
    ],
)
def test_a_wrong_head_is_named_with_its_line_and_what_to_do(content, old, new, words):
    content.change("en/risks.md", old, new)

    assert [message for _number, message in content.errors() if words in message]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("    " * n + "- deep" for n in range(300)),
        "\n".join("    " * n + "- deep" for n in range(30)),
        ">" * 300 + " deep",
    ],
)
def test_lists_that_stand_too_deep_are_named(content, text):
    change_text(content, "en/risks.md", lambda page: f"{page}\n\n{text}\n")

    assert [message for _number, message in content.errors() if "stand too deep" in message]
