"""The YAML block at the head of a content file, checked against what a page may hold."""

import datetime
import re
from dataclasses import dataclass

from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.yaml_lines import load_yaml

POINTS = (
    *("C1", "C2", "C3", "C4", "C4b", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12"),
    *("C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21", "C21b", "C21c"),
    *("C22", "C23", "C24", "C25", "C26", "C27"),
)
"""The points of the article that the site answers, each by a pair on one page."""
_KEYS = {
    "title": str,
    "nav": str,
    "description": str,
    "layout": str,
    "order": int,
    "group": str,
    "points": list,
    "audience": str,
    "summary": str,
    "facts": list,
    "questions": list,
    "checked": datetime.date,
    "review_by": datetime.date,
    "reviewed_by": str,
}
_REQUIRED = ("title", "nav", "description", "order", "audience", "summary", "checked", "review_by")
_WORDS = {str: "words", int: "a number", list: "a list", datetime.date: "a date: 2026-11-22"}
_ALLOWED = {"layout": ("home", "page"), "group": ("read", "site")}


@dataclass(frozen=True)
class FrontMatter:
    """The checked values, and where each key stands: {key: line}."""

    values: dict
    lines: dict


def split(path):
    """A content file as (front matter text, body text, line at which the body begins)."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(
            path, 0, "The file is not saved as UTF-8.", "Save it again with the encoding UTF-8."
        ) from error
    match = re.match(r"---\n(.*?\n)---\n", text.replace("\r\n", "\n"), re.DOTALL)
    if not match:
        raise ContentError(
            path, 1, "The file does not begin with front matter.", "Begin with a line --- ."
        )
    body = text.replace("\r\n", "\n")[match.end() :]
    return match[1], body, match[0].count("\n") + 1


def read(path, text):
    """Front matter from its YAML text. Raises ContentError with the file's line."""
    values, lines = load_yaml(path, text, first_line=2)
    for key, value in values.items():
        _check(path, lines[key], key, value)
    for key in _REQUIRED:
        if key not in values:
            raise ContentError(path, 1, f"“{key}” is missing.", f"Add a line “{key}: …”.")
    return FrontMatter(values, lines)


def _check(path, line, key, value):
    if key not in _KEYS:
        raise ContentError(
            path, line, f"“{key}” is not a key that a page knows.", f"Known: {', '.join(_KEYS)}."
        )
    if not isinstance(value, _KEYS[key]) or isinstance(value, bool | datetime.datetime):
        raise ContentError(path, line, f"“{key}” must be {_WORDS[_KEYS[key]]}.")
    if key in _ALLOWED and value not in _ALLOWED[key]:
        raise ContentError(path, line, f"“{key}” is one of: {', '.join(_ALLOWED[key])}.")
    for point in value if key == "points" else ():
        if point not in POINTS:
            raise ContentError(path, line, f"There is no point “{point}”.", "They go C1 to C27.")
    for item in value if key == "questions" else ():
        if not _holds_words(item) or set(item) != {"id", "text"}:
            raise ContentError(path, line, "Each question has an id and a text, nothing else.")
    for item in value if key == "facts" else ():
        if not _holds_words(item) or not {"term", "answer"} <= set(item):
            raise ContentError(path, line, "Each fact has a term, an answer and maybe a note.")


def _holds_words(item):
    return isinstance(item, dict) and all(isinstance(value, str) for value in item.values())
