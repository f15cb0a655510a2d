"""The YAML block at the head of a content file, checked against what a page may hold."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from mesosite.pages.content.errors import ContentError, WrongValue, read_text
from mesosite.pages.content.labels import split_label
from mesosite.pages.content.yaml_lines import Text, line_of, read_date, read_mapping

POINTS = (
    *("C1", "C2", "C3", "C4", "C4b", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12"),
    *("C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21", "C21b", "C21c"),
    *("C22", "C23", "C24", "C25", "C26", "C27"),
)
"""The points of the article that the site answers, each by a pair on one page."""
_TEXTS = ("title", "nav", "description", "audience", "summary", "layout", "group")
_DATES = ("checked", "review_by")
_LISTS = ("points", "facts", "questions")
_KEYS = (*_TEXTS, "order", *_LISTS, *_DATES, "reviewed", "draft")
_REQUIRED = ("title", "nav", "description", "order", "audience", "summary", "checked", "review_by")
_ALLOWED = {"layout": ("home", "page"), "group": ("read", "site")}
_FACT = {"term", "needling"}
"""What each fact says; “mixes” is left out where one answer holds for both."""
_HEAD = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BODY = re.compile(r"^(?:##|///) ", re.MULTILINE)
"""What begins a line of the text and none of the front matter."""
_REVIEWED_HINT = "Write it as reviewed: {by: …, on: 2026-11-22, words: …}, as content_report shows."


@dataclass(frozen=True)
class Review:
    """A clinician's signature: who read the page, on which day, and the code of those words."""

    by: str
    on: datetime.date
    words: str


@dataclass(frozen=True)
class PageFile:
    """A page's file. address: such as "treatments/peel"; values: its front matter; text: what
    follows, from `line` on."""

    language: str
    address: str
    path: Path
    values: dict[str, Any]
    text: str
    line: int

    @property
    def url(self) -> str:
        prefix = "" if self.language == settings.LANGUAGE_CODE else f"/{self.language}"
        return f"{prefix}/{self.address}/" if self.address else f"{prefix}/"

    @property
    def draft(self) -> bool:
        return bool(self.values.get("draft"))


def read_page_file(language: str, address: str, path: Path) -> PageFile:
    """Raises ContentError."""
    text = read_text(path, "The page is not there.")
    match = _HEAD.match(text)
    if text.startswith("---") and (not match or _BODY.search(match[1])):
        message = "The front matter does not end."
        raise ContentError(path, 1, message, "Put a line --- after it, before the text.")
    if not match:
        message = "The file does not begin with front matter."
        raise ContentError(path, 1, message, "Begin with a line --- .")
    given = read_mapping(path, match[1], first_line=2)
    values = {str(key): _value(path, key, value) for key, value in given.items()}
    for key in _REQUIRED:
        if key not in values:
            raise ContentError(path, 1, f"“{key}” is missing.", f"Add a line “{key}: …”.")
    if values["review_by"] < values["checked"]:
        line = line_of(given["review_by"], 1)
        raise ContentError(path, line, "“review_by” is before “checked”.", "Set the next check.")
    line = match[0].count("\n") + 1
    return PageFile(language, address, path, values, text[match.end() :], line)


def _value(path: Path, key: Text, value: Any) -> Any:
    try:
        return _read(key, value)
    except WrongValue as error:
        line = error.line or key.line
        raise ContentError(path, line, error.message, error.hint) from error


def _read(key: Text, value: Any) -> Any:
    if key == "reviewed_by":
        raise WrongValue("“reviewed_by” names no day and no words.", _REVIEWED_HINT)
    if key not in _KEYS:
        raise WrongValue(f"“{key}” is not a key that a page knows.", f"Known: {', '.join(_KEYS)}.")
    if key in _DATES:
        return _date(key, value)
    if key == "reviewed":
        return _review(value)
    if key == "order":
        return _order(value)
    if key == "draft":
        return _flag(key, value)
    if key in _LISTS:
        return _list(key, value)
    if not isinstance(value, str):
        hint = "Put a value that holds [ or { in quotes."
        raise WrongValue(f"“{key}” must be words.", hint)
    if not value.strip():
        raise WrongValue(f"“{key}” is empty.", f"Write it after “{key}:”, in quotes if it has a #.")
    if value not in _ALLOWED.get(key, (value,)):
        raise WrongValue(f"“{key}” is one of: {', '.join(_ALLOWED[key])}.")
    if key == "summary":
        return tuple(split_label(line) for line in value.strip().splitlines())
    return str(value)


def _date(key: str, value: Any) -> datetime.date:
    try:
        return read_date(value)
    except WrongValue as error:
        message = f"“{key}” must be a date: 2026-11-22. {error.message}"
        raise WrongValue(message, error.hint) from error


def _order(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch("-?[0-9]{1,6}", value):
        raise WrongValue("“order” must be a number.", "Such as 5: its place in the reading order.")
    return int(value)


def _flag(key: str, value: Any) -> bool:
    if value not in ("true", "false"):
        raise WrongValue(f"“{key}” is true or false.", f"Without “{key}: true” it is published.")
    return bool(value == "true")


def _review(value: Any) -> Review:
    if not isinstance(value, dict) or set(value) != {"by", "on", "words"}:
        raise WrongValue("“reviewed” has by, on and words.", _REVIEWED_HINT)
    if not all(isinstance(said, str) and said for said in value.values()):
        raise WrongValue("by, on and words of “reviewed” are words.", _REVIEWED_HINT)
    return Review(str(value["by"]), _date("on", value["on"]), str(value["words"]))


def _list(key: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        hint = "Such as points: [C17]." if key == "points" else "Each item begins with “- ”."
        raise WrongValue(f"“{key}” must be a list.", hint)
    for item in value:
        line = line_of(item, 0)
        if key == "points" and item not in POINTS:
            raise WrongValue(f"There is no point “{item}”.", "They go C1 to C27.", line)
        if key == "questions" and not (_holds_words(item) and set(item) == {"id", "text"}):
            message = "Each question has an id and a text, nothing else."
            raise WrongValue(message, "Put a text that holds a colon in quotes.", line)
        if key == "facts" and not (_holds_words(item) and _FACT <= set(item) <= _FACT | {"mixes"}):
            hint = "Leave “mixes” out where the answer under “needling” holds for both."
            raise WrongValue("Each fact has a term, needling and mixes.", hint, line)
    return tuple(value)


def _holds_words(item: Any) -> bool:
    """Whether an item is a mapping of words, none of them empty."""
    return isinstance(item, dict) and all(
        isinstance(value, str) and value.strip() for value in item.values()
    )
