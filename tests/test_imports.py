"""Imports run one way: inbox -> enquiries -> pages, and inside each of them from right to left.

A row of ROOMS may import the rows above it. The names in one row are side by side: none of them
imports another. What no row names (urls, apps, commands) stands last.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = {
    "pages": [
        {"html_tree", "syllables", "base32", "same_origin", "published_folders", "compression"},
        {"prose"},
        {"content"},
        {"markup"},
        {"page"},
        {"catalogue"},
        {"checks", "search", "leaflet", "bibliography", "structured_data", "context_processors"}
        | {"unpublished"},
        {"rendering"},
        {"views"},
    ],
    "enquiries": [
        {"encryption", "transactions", "choices", "decorators"},
        {"models"},
        {"search", "rate_limits", "erasure", "answer_times", "digits"},
        {"mail", "audit"},
        {"visits", "undo", "address_confirmation"},
        {"workflow"},
        {"steps", "rights", "handing_on"},
        {"consultation"},
        {"maintenance"},
        {"patient"},
    ],
    "inbox": [],
}
APPS = list(ROOMS)
OUTSIDE = {app: {"parent_process", "normal_form"} for app in APPS}
OUTSIDE["inbox"] |= {"http"}  # sessions, which the login starts and keeps alive
"""What the apps may import from beside them; all else there is made of the apps."""
INBOX_READS = {
    *(
        "models",
        "workflow",
        "steps",
        "undo",
        "visits",
        "rights",
        "handing_on",
        "search",
        "encryption",
        "maintenance",
        "choices",
    ),
    *("transactions", "rate_limits", "mail", "audit", "answer_times", "digits"),
    *("consultation.contact_form", "consultation.form_fields", "consultation.phone_form"),
    *("consultation.consent", "patient.summary", "address_confirmation"),
}
"""The rooms of `enquiries` that the inbox may enter."""


def imported(path: Path) -> Iterator[str]:
    """Each module of the project that a file imports, as "enquiries.models.enquiry"."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mesosite"):
            for name in node.names:
                yield f"{node.module}.{name.name}".removeprefix("mesosite.")
        elif isinstance(node, ast.Import):
            yield from (n.name[9:] for n in node.names if n.name.startswith("mesosite."))


def files(app: str) -> list[Path]:
    return sorted((settings.BASE_DIR / "mesosite" / app).rglob("*.py"))


def row_of(app: str, room: str) -> int:
    return next((n for n, row in enumerate(ROOMS[app]) if room in row), len(ROOMS[app]))


@pytest.mark.parametrize("app", APPS)
def test_no_app_imports_one_that_stands_on_it(app: str) -> None:
    allowed = {*APPS[: APPS.index(app) + 1], *OUTSIDE[app]}

    assert files(app)
    assert {name.split(".")[0] for path in files(app) for name in imported(path)} <= allowed


@pytest.mark.parametrize("app", APPS[:-1])
def test_no_room_imports_one_beside_or_after_it(app: str) -> None:
    wrong = []
    for path in files(app):
        room = path.relative_to(settings.BASE_DIR / "mesosite" / app).with_suffix("").parts[0]
        for name in imported(path):
            parts = name.split(".")
            beside = parts[0] == app and parts[1] != room and row_of(app, room) < len(ROOMS[app])
            if beside and row_of(app, parts[1]) >= row_of(app, room):
                wrong.append(f"{path.name} of {room} imports {name}")
    assert wrong == []


def test_every_room_of_the_plan_is_there() -> None:
    for app, rows in ROOMS.items():
        there = {path.stem for path in (settings.BASE_DIR / "mesosite" / app).iterdir()}
        assert set().union(*rows) <= there


def test_the_inbox_enters_no_other_room_of_the_enquiries() -> None:
    names = {name for path in files("inbox") for name in imported(path)}
    entered = {name.removeprefix("enquiries.") for name in names if name.startswith("enquiries.")}
    strange = {name for name in entered if not name.startswith(tuple(INBOX_READS))}

    assert entered
    assert strange == set()
