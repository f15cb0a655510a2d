"""YAML as text: each value is the text that stands in the file, and knows its line.

No value is a number, a date, true or nothing by itself: its own reader makes it that. What YAML
would leave out, keep twice or put in from elsewhere is refused: a value cut by ` #`, a key that
stands twice, tags, anchors and aliases.
"""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mesosite.pages.content.errors import UNSEEN, ContentError, WrongValue

MAX_DEPTH = 8
"""How deep lists may stand in each other."""
_EVENTS = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same in C, eight times as fast
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOTHING = ("null", "Null", "NULL", "~")
_NOTE = re.compile(r"(?:[ \t]{2,}#[ \t]|[ \t]+#[ \t]{2}).*")
"""A note beside a value: two blanks before the #, or after it."""
_CUT_HINT = "Put the whole value in quotes; before a note put two blanks, and one after its #."


class Text(str):
    """A value or a key as it stands in a file. line: counted from 1."""

    __slots__ = ("line",)
    line: int

    def __new__(cls, text: str, line: int) -> "Text":
        made = super().__new__(cls, text)
        made.line = line
        return made


def line_of(value: Any, default: int) -> int:
    """The line of a Text, or of the first one in a list or mapping; `default` without one."""
    while value and isinstance(value, list | dict):
        value = next(iter(value))
    return value.line if isinstance(value, Text) else default


def read_date(text: Any, hint: str = "Such as 2026-11-22.", line: int = 0) -> datetime.date:
    """A day written as 2026-11-22. Raises WrongValue."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        said = f"“{text}”" if isinstance(text, str) else "A list"
        raise WrongValue(f"{said} is not a date.", hint, line)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise WrongValue(f"The day {text} is not in the calendar.", hint, line) from error


def read_mapping(path: Path, text: str, first_line: int = 1) -> dict[Any, Any]:
    """A YAML mapping from Text to Text, lists and mappings. Raises ContentError with the line."""
    values = read_yaml(path, text, first_line)
    if not isinstance(values, dict):
        raise ContentError(path, first_line, "This is not a list of “key: value” lines.")
    return values


def read_yaml(path: Path, text: str, first_line: int = 1) -> Any:
    """The one YAML document of a text: Text, list or dict; "" without one. Raises ContentError."""
    reader = _Reader(path, text, first_line)
    try:
        return reader.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line, len(reader.rows) - 1) if mark else 0
        message, hint = _advice(reader.rows[line])
        raise ContentError(path, line + first_line, message, hint) from error


def _advice(row: str) -> tuple[str, str]:
    if "\t" in row:
        return "This line holds a tab.", "Put blanks in its place."
    if sign := re.search(r"(?:[:-] |^)\s*([%@`*&!|>\]}{,])", row):
        hint = f"Quote a value that begins with “{sign[1]}”."
        return "This line cannot be read as YAML.", hint
    return "This line cannot be read as YAML.", "Quote words that hold a colon or quotes."


class _Reader:
    """Builds the values from YAML's events, and refuses what YAML would read otherwise."""

    def __init__(self, path: Path, text: str, first_line: int) -> None:
        self.path, self.first_line = path, first_line
        self.rows = text.split("\n")
        self.events = yaml.parse(text, Loader=_EVENTS)

    def document(self) -> Any:
        found = [
            self._value(event, 0) for event in self.events if isinstance(event, yaml.NodeEvent)
        ]
        if len(found) > 1:
            line = line_of(found[1], self.first_line)
            raise ContentError(self.path, line, "A second part begins here.", "Remove the ---.")
        return found[0] if found else ""

    def _value(self, event: Any, depth: int) -> Any:
        line = event.start_mark.line + self.first_line
        self._refuse_signs(event, line)
        if depth > MAX_DEPTH:
            message = f"Lists stand more than {MAX_DEPTH} deep in each other here."
            raise ContentError(self.path, line, message, "Quote a value that holds [ or {.")
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
        return self._mapping(depth)

    def _until(self, end: type[yaml.Event]) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def _mapping(self, depth: int) -> dict[Text, Any]:
        found: dict[Text, Any] = {}
        for event in self._until(yaml.MappingEndEvent):
            line = event.start_mark.line + self.first_line
            key = self._value(event, depth + 1)
            if not isinstance(key, Text):
                raise ContentError(self.path, line, "A key must be a word.", "Put it in quotes.")
            if key in found:
                first = next(other.line for other in found if other == key)
                message = f"“{key}” stands twice: on line {first} and on line {line}."
                raise ContentError(self.path, line, message, "Keep one of them.")
            found[key] = self._value(next(self.events), depth + 1)
        return found

    def _text(self, event: Any, line: int) -> Text:
        if event.implicit[0]:  # it stands without quotes
            end = event.end_mark
            rest = self.rows[end.line][end.column :] if end.line < len(self.rows) else ""
            cut = rest.lstrip()
            note = re.match(r"#[ \t]", cut) if not event.value else _NOTE.match(rest)
            if cut.startswith("#") and not note:
                message = f"“{event.value}” is cut here: “{cut.strip()}” is not read."
                raise ContentError(self.path, end.line + self.first_line, message, _CUT_HINT)
            if event.value in _NOTHING:
                message = f"“{event.value}” stands for nothing."
                raise ContentError(self.path, line, message, "Leave it empty, or quote the word.")
        if UNSEEN.search(event.value):
            message = "This value holds a control character that nobody sees."
            raise ContentError(self.path, line, message, "Type the value again.")
        return Text(event.value, line)

    def _refuse_signs(self, event: Any, line: int) -> None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if event.anchor else ""
        if sign or getattr(event, "tag", None):
            message = f"A value cannot begin with “{sign or '!'}”."
            raise ContentError(self.path, line, message, "Put the value in quotes.")
