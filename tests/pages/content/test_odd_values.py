"""Any value at any key is read into what the site can use, or refused with its line.

Some 400 wrong files for clinic.yaml, as many for the head of a page, and more for the sources.
"""

import datetime
import json
from functools import partial

import pytest

from mesosite.pages.content.clinic import _READERS, read_clinic
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.front_matter import _KEYS, read_page_file
from mesosite.pages.content.references import read_references

ODD = (
    *("", "null", "~", "yes", "no", "0", "-1", "00", "1e999", ".inf", ".nan", "1_000", "0x1F"),
    *("2026-02-30", "2026-11-22", "10:30", "[]", "{}", "[[]]", "[null]", "[{a: b}]", "{a: b}"),
    *("{a: {b: [c]}}", "{monday: 9}", "{1: 2}", "- x", "? x", "|", ">", "'", '"', "%x", "@x", "`x"),
    *("*x", "&x y", "!x y", "!!python/name:os.system x", "\t", "x #y", "#y", "x: y", "[", "}", ","),
    *(
        r'"\0"',
        r'"\x85"',
        "\0",
        "\x85",
        "\u2028",
        "\ufeff",
        "🙂",
        "٣",
        "a" * 5000,
        "9" * 5000,
        "[" * 3000,
    ),
)
MOMENTS = [datetime.datetime(2026, 11, day, 12, tzinfo=datetime.UTC) for day in range(20, 27)]


def refusal(read, path, text):
    """The ContentError of a text, or None where it is read."""
    path.write_text(text, "utf-8")
    try:
        used = read(path)
    except ContentError as error:
        return error
    assert used is not None
    return None


def use(path):
    clinic = read_clinic(path)
    for moment in MOMENTS:
        due = clinic.answer_due(moment, clinic.answer_within_hours, clinic.closed)
        assert due is None or due > moment
    assert clinic.phone_link.startswith("tel:+") or not clinic.phone
    assert all(isinstance(line, str) for line in clinic.stored)
    return clinic


@pytest.mark.parametrize("key", _READERS)
def test_a_clinic_is_usable_or_refused(tmp_path, key):
    path = tmp_path / "clinic.yaml"
    rest = "" if key in ("hours", "answer_within_hours") else "hours: {friday: 9:00-17:00}\n"
    refused = [refusal(use, path, f"{rest}{key}: {odd}\n") for odd in ODD]

    assert sum(error is not None for error in refused) > len(ODD) / 2
    assert all(error.line >= 1 and error.path == path for error in refused if error)


@pytest.mark.parametrize("key", _KEYS)
def test_a_head_is_usable_or_refused(content, key):
    path = content.folder / "en/risks.md"
    rows = path.read_text("utf-8").split("\n")
    start = next((n for n, row in enumerate(rows) if row.startswith(f"{key}:")), 1)
    after = next(n for n, row in enumerate(rows) if n > start and not row.startswith(" "))
    after = after if rows[start].startswith(f"{key}:") else start
    texts = ["\n".join([*rows[:start], f"{key}: {odd}", *rows[after:]]) for odd in ODD]
    refused = [refusal(partial(read_page_file, "en", "risks"), path, text) for text in texts]

    assert sum(error is not None for error in refused) > len(ODD) / 2
    assert all(error.line >= 1 and error.path == path for error in refused if error)


@pytest.mark.parametrize(
    "field",
    [
        *("id", "author", "issued", "title", "container-title", "publisher", "volume", "issue"),
        *("page", "DOI", "PMID", "PMCID", "URL"),
    ],
)
def test_a_source_is_usable_or_refused(tmp_path, field):
    def use_source(path):
        (source,) = read_references(path).values()
        shown = (source.authors, source.name, source.title, source.year, source.published)
        assert "".join(shown).encode()  # half a sign cannot be published
        said = " ".join((*shown, source.published_in, *map(" ".join, source.links)))
        assert not any(sign in said for sign in ("None", "[]", "{}", "[[", "True"))
        return source

    odd = [
        *(
            None,
            True,
            0,
            -1,
            1.5,
            10**30,
            float("inf"),
            "",
            " ",
            "null\n",
            "x",
            "\0",
            "\ud800",
            "🙂",
        ),
        *([], {}, [[]], [None], [{}], {"a": 1}, ["a", "b"], [["a"]], {"date-parts": [[None, 1]]}),
        *(
            {"date-parts": {}},
            {"date-parts": [[[]]]},
            {"literal": 7},
            {"raw": None},
            [{"family": 1}],
        ),
        *([{"family": {}}], [{"given": [1]}], "javascript:x", "http://", "10.1/x", "10.1000/#<>"),
    ]
    path = tmp_path / "references.json"
    refused = [
        refusal(use_source, path, json.dumps([{"id": "a", "title": "T"} | {field: value}]))
        for value in odd
    ]

    assert any(refused)
    assert all(error.hint and error.path == path for error in refused if error)
