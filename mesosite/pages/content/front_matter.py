"""The YAML block at the head of a content file, checked against what a page may hold."""

import datetime
import re
from pathlib import Path
from typing import Any

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.yaml_lines import load_yaml

POINTS = (
    *("C1", "C2", "C3", "C4", "C4b", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12"),
    *("C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21", "C21b", "C21c"),
    *("C22", "C23", "C24", "C25", "C26", "C27"),
)
"""The points of the article that the site answers, each by a pair on one page."""
_TEXTS = ("title", "nav", "description", "audience", "summary", "layout", "group", "reviewed_by")
_KEYS: dict[str, type] = dict.fromkeys(_TEXTS, str) | {
    **dict.fromkeys(("points", "facts", "questions"), list),
    **dict.fromkeys(("checked", "review_by"), datetime.date),
    "order": int,
}
_REQUIRED = ("title", "nav", "description", "order", "audience", "summary", "checked", "review_by")
_KINDS = {str: "words", int: "a number", list: "a list", datetime.date: "a date: 2026-11-22"}
_ALLOWED = {"layout": ("home", "page"), "group": ("read", "site")}


def read_page_file(path: Path) -> tuple[dict[str, Any], str, int]:
    """A page's file as (front matter, body, line at which the body begins). Raises ContentError."""
    text = read_text(path, "The page is not there.").replace("\r\n", "\n")
    match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if not match:
        message = "The file does not begin with front matter."
        raise ContentError(path, 1, message, "Begin with a line --- .")
    values, lines = load_yaml(path, match[1], first_line=2)
    for key, value in values.items():
        _check(path, lines[key], key, value)
    for key in _REQUIRED:
        if key not in values:
            raise ContentError(path, 1, f"“{key}” is missing.", f"Add a line “{key}: …”.")
    return values, text[match.end() :], match[0].count("\n") + 1


def _check(path: Path, line: int, key: str, value: Any) -> None:
    if key not in _KEYS:
        message = f"“{key}” is not a key that a page knows."
        raise ContentError(path, line, message, f"Known: {', '.join(_KEYS)}.")
    if not isinstance(value, _KEYS[key]) or isinstance(value, bool | datetime.datetime):
        raise ContentError(path, line, f"“{key}” must be {_KINDS[_KEYS[key]]}.")
    if key in _ALLOWED and value not in _ALLOWED[key]:
        raise ContentError(path, line, f"“{key}” is one of: {', '.join(_ALLOWED[key])}.")
    items: list[Any] = value if isinstance(value, list) else []
    for item in items:
        if key == "points" and item not in POINTS:
            raise ContentError(path, line, f"There is no point “{item}”.", "They go C1 to C27.")
        if key == "questions" and not (_holds_words(item) and set(item) == {"id", "text"}):
            raise ContentError(path, line, "Each question has an id and a text, nothing else.")
        if key == "facts" and not (_holds_words(item) and {"term", "answer"} <= set(item)):
            raise ContentError(path, line, "Each fact has a term, an answer and maybe a note.")


def _holds_words(item: Any) -> bool:
    return isinstance(item, dict) and all(isinstance(value, str) for value in item.values())
