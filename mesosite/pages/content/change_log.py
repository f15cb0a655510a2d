"""The change log of the words, from content/changes.yaml: what changed, when and why."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesosite.pages.content.errors import ContentError, WrongValue, read_text
from mesosite.pages.content.yaml_lines import line_of, read_date, read_yaml

_KEYS = {"date", "what", "why"}
_HINT = "Each change has a date, a what and a why: see the first one in the file."


@dataclass(frozen=True)
class Change:
    date: datetime.date
    what: str
    why: str


def read_changes(path: Path) -> list[Change]:
    """The file's Changes, the newest first. Raises ContentError with the line."""
    text = read_text(path, "The change log is not there.", _HINT)
    values = read_yaml(path, text)
    if not isinstance(values, list):
        raise ContentError(path, 1, "The change log is not a list.", _HINT)
    found = [_change(path, line_of(value, 1), value) for value in values]
    return sorted(found, key=lambda change: change.date, reverse=True)


def _change(path: Path, line: int, value: Any) -> Change:
    if not isinstance(value, dict) or set(value) != _KEYS:
        raise ContentError(path, line, "This change is not complete.", _HINT)
    if not all(isinstance(value[key], str) and value[key].strip() for key in ("what", "why")):
        raise ContentError(path, line, "“what” and “why” must be words.", _HINT)
    try:
        return Change(read_date(value["date"]), value["what"], value["why"])
    except WrongValue as error:
        message = f"“date” must be a date: 2026-11-22. {error.message}"
        raise ContentError(path, line_of(value["date"], line), message, _HINT) from error
