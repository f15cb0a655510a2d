"""A wrong content file stops the check with its file and line, in words, and never a traceback."""

import pytest

from tests.pages.conftest import CHECKED, LINK, SOURCE, added

RISKS = "en/risks.md"
KEEP = ("clinic.yaml", "  booked: 30")
SPOILED = [
    (RISKS, "---\ntitle", "title", "content.E001", "risks.md:1: The file does not begin"),
    (RISKS, "nav: Risks", "nvb: Risks", "content.E001", "risks.md:3: “nvb” is not a key"),
    (RISKS, "nav: Risks\n", "", "content.E001", "risks.md:1: “nav” is missing"),
    (RISKS, "order: 5", "order: five", "content.E001", "“order” must be a number"),
    (RISKS, "nav: Risks", "nav: [", "content.E001", "cannot be read as YAML"),
    (RISKS, "group: read", "group: lost", "content.E001", "“group” is one of: read, site."),
    (RISKS, "[C17,", "[C99,", "content.E001", "There is no point “C99”"),
    (RISKS, SOURCE, "@nobody", "content.E001", "There is no source “nobody”"),
    (RISKS, "/// pair | C17", "/// pear | C17", "content.E002", "cannot be read: /// pear"),
    (RISKS, LINK, "](/benefit/)", "content.E003", "The link /benefit/ leads nowhere"),
    (RISKS, LINK, "](/benefits/#x)", "content.E003", "no place called #x"),
    (RISKS, "[C17, ", "[", "content.E004", "does not name the pair C17"),
    (RISKS, "/// pair | C17", "/// pair | C18", "content.E005", "The point C17 has 0 pairs"),
    (RISKS, "/// pair | C17", "/// pair | C18", "content.E005", "The point C18 has 2 pairs"),
    (RISKS, *added("So " + "we read " * 13 + "."), "content.E006", "words in one"),
    (RISKS, CHECKED, "checked: 2026-02-30", "content.E001", "not in the calendar"),
    (RISKS, CHECKED, "checked: 2026-11-22 10:00", "content.E001", "must be a date"),
    (RISKS, "nav: Risks", "nav: Risks\n1: x", "content.E001", "“1” is not a key"),
    (RISKS, "text: ", "text: [1]\n    #", "content.E001", "Each question has an id"),
    ("clinic.yaml", "hours: {}", "hours: never", "content.E001", "“hours” has a line for each day"),
    (
        "clinic.yaml",
        "country:",
        "country: Greece",
        "content.E001",
        "“Greece” is not the two letters",
    ),
    ("clinic.yaml", "phone:", "fone: 1", "content.E001", "“fone” is not a key"),
    ("clinic.yaml", "hours: {}", "hours: {monday: ['9']}", "content.E001", "“9” of monday is"),
    (*KEEP, "  booked: -5", "content.E001", "clinic.yaml:36: “booked” in “keep” must be a whole"),
    (*KEEP, "  booked: 0", "content.E001", "“booked” in “keep” must be a whole number of days"),
    (*KEEP, "  booked: yes", "content.E001", "“booked” in “keep” must be a whole number of days"),
    (*KEEP, "  booked: 30 days", "content.E001", "“booked” in “keep” must be a whole number"),
    (*KEEP, "  booked: 30.5", "content.E001", "“booked” in “keep” must be a whole number"),
    (*KEEP, "  booked: 9999999", "content.E001", "“booked” in “keep” must be a whole number"),
    (*KEEP, "  booked:", "content.E001", "“booked” in “keep” must be a whole number of days"),
    ("clinic.yaml", "  record: 1095", "  record: 29", "content.E001", "number of days, 30 to"),
    (*KEEP, "  boked: 30", "content.E001", "“keep” knows no “boked”"),
    ("clinic.yaml", "email:", "email: a@x.gr, b@x.gr", "content.E001", "“email” must be one"),
    ("clinic.yaml", "email:", "email: [a@x.gr]", "content.E001", "“email” must be one address"),
    ("clinic.yaml", "email:", "email: desk", "content.E001", "“email” must be one address"),
    ("references.json", "[", "", "content.E001", "cannot be read as JSON"),
    ("references.json", '"alam2014"', '"other"', "content.E001", "no source “alam2014”"),
]


@pytest.mark.parametrize(("name", "old", "new", "number", "words"), SPOILED)
def test_a_spoiled_file_is_named_with_its_line(content, name, old, new, number, words):
    content.change(name, old, new)

    errors = content.errors()

    assert [message for found, message in errors if found == number and words in message]


def test_the_errors_of_all_files_are_named_at_once(content):
    spoiled = {
        "clinic.yaml": ("country:", "country: Greece"),
        "changes.yaml": ("  why: ", "  because: "),
        "studies.yaml": ("design: Trial", "desing: Trial"),
        "charts.yaml": ("n: 5,", "n: 31,"),
        "en/words.yaml": ("dermis:\n", "dermis: [\n"),
        RISKS: ("nav: Risks", "nvb: Risks"),
        "en/faqs.md": ("nav: ", "nvb: "),
    }
    for name, (old, new) in spoiled.items():
        content.change(name, old, new)

    places = [message.split(":")[0] for _id, message in content.errors()]

    assert sorted(places) == sorted(f"content/{name}" for name in spoiled)


def test_a_page_is_checked_where_a_file_that_it_does_not_use_is_wrong(content):
    content.change("charts.yaml", "n: 5,", "n: 31,")
    content.change("en/overview.md", SOURCE, "@nobody")

    assert {message.split(":")[0] for _id, message in content.errors()} == {
        "content/charts.yaml",
        "content/en/overview.md",
    }


def test_the_site_as_it_is_has_no_error(content):
    assert content.errors() == []


def test_a_page_in_latin_1_is_named(content):
    (content.folder / RISKS).write_bytes("---\ntitle: caf\xe9\n---\n".encode("latin-1"))

    assert "not saved as UTF-8" in content.errors()[0][1]


def test_two_files_with_one_address_are_named(content):
    text = (content.folder / RISKS).read_text("utf-8")
    (content.folder / "en/risks").mkdir()
    (content.folder / "en/risks/index.md").write_text(text, "utf-8")

    assert content.errors()[0][1].endswith("Two files have the address /risks/.")


def test_a_missing_clinic_file_is_named(content):
    (content.folder / "clinic.yaml").unlink()

    assert "clinic.yaml is not there" in content.errors()[0][1]


def test_a_source_that_no_page_cites_is_named(content):
    path = content.folder / "references.json"
    path.write_text('[{"id": "unread"},' + path.read_text("utf-8").lstrip()[1:], "utf-8")

    assert ("content.E008", "content/references.json:1: No page cites the source “unread”.") in (
        content.errors()
    )


def test_a_page_that_is_too_hard_is_named(content):
    hard = "Percutaneous collagen induction demonstrably ameliorates atrophic cicatrisation. "
    content.change(RISKS, *added(hard * 60))

    assert [m for number, m in content.errors() if number == "content.E007" and "grade" in m]


@pytest.mark.parametrize("keep", ["0", "no", "30", "[booked]"])
def test_a_keep_without_its_lines_is_named(content, keep):
    (content.folder / "clinic.yaml").write_text(f"name:\nkeep: {keep}\n")

    assert "clinic.yaml:2: “keep” holds lines such as" in content.errors()[0][1]
