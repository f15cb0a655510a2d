"""The evidence charts: numbers and words of `content/charts.yaml`, one study each.

`chart_svg` draws them, `chart_block` puts them into a page.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.labels import MARKDOWN_NAMES, Label
from mesosite.pages.content.yaml_lines import Text, line_of, read_mapping

MAX_STEPS = 8
MAX_PEOPLE = 300
"""People of a row, who are drawn one by one: about 20 kB of HTML."""
MAX_TEXT_WIDTH = 42
"""Letters of a row's label and number that fit on one line of the drawing."""

_REQUIRED = ("title", "what", "unit", "label", "source", "rows", "caveat", "means")
_OPTIONAL = ("study", "suffix", "axis", "start")
_KEYS: dict[str, type] = dict.fromkeys(_REQUIRED + _OPTIONAL, str)
_KEYS |= dict.fromkeys(("axis", "rows"), list)
_ROW_KEYS = ("label", "value", "low", "high", "n", "of", "note")

Axis = tuple[Decimal, Decimal, Decimal]
Places = dict[str | int, int]
"""{key of a chart, or number of a row, or "" for the whole chart: line of the file}."""


class ChartError(ContentError):
    """A chart that cannot be drawn as it is written."""

    number = 10


@dataclass(frozen=True)
class ChartRow:
    """One group of a study: a mean or a percentage, or a number of people.

    value: the number, `written` with the digits of the file; bounds: its likely range, (low, high),
    or None where it is not known; people: (n, of) where people were counted, and value is None.
    """

    label: str
    value: Decimal | None = None
    bounds: tuple[Decimal, Decimal] | None = None
    people: tuple[Decimal, Decimal] | None = None
    note: str = ""
    suffix: str = ""
    written: str = ""

    @property
    def shown(self) -> str:
        """The number as it is printed: `3.4`, `+14.4%`, `22 of 30 people`."""
        if self.people:
            return _("%(n)s of %(of)s people") % dict(zip(("n", "of"), self.people, strict=True))
        return number(self.written, self.suffix)

    @property
    def range(self) -> str:
        """The likely range, `0.2 to 6.5`, or "" where it is not known."""
        if not self.bounds:
            return ""
        low, high = (number(end, self.suffix) for end in self.bounds)
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    @property
    def said(self) -> str:
        """Number, likely range and note as they are read out."""
        parts = [self.shown]
        if self.range:
            parts.append(_("likely range %(range)s") % {"range": self.range})
        return ", ".join([*parts, self.note] if self.note else parts)

    @property
    def line(self) -> str:
        """Number and likely range in one line of text."""
        return (
            _("%(number)s, likely %(range)s") % {"number": self.shown, "range": self.range}
            if self.range
            else self.shown
        )


@dataclass(frozen=True)
class Chart:
    """One study's numbers for one outcome, on one axis.

    axis: (left end, right end, step) of the scale named in `unit`, the better end on the right, or
    None where people are counted; means: what a reader takes from it; start: where all groups
    began, or None; line: where its entry stands in the file.
    """

    id: str
    title: str
    what: str
    unit: str
    label: Label
    source: str
    rows: tuple[ChartRow, ...]
    caveat: str
    means: str
    line: int
    study: str = ""
    suffix: str = ""
    axis: Axis | None = None
    start: Decimal | None = None

    @property
    def has_ranges(self) -> bool:
        return any(row.range for row in self.rows)


def number(value: Decimal | str, suffix: str = "") -> str:
    """A number with a true minus sign, and the digits that it was written with."""
    return f"{value}{suffix}".replace("-", "−")


def read_charts(path: Path, sources: Container[str]) -> dict[str, Chart]:
    """The file's charts as {id: Chart}; `sources` holds the known keys. Raises ContentError."""
    text = read_text(path, "charts.yaml is not there.", "Restore it.", ChartError)
    entries = read_mapping(path, text)
    return {
        str(name): _Reader(path, name, _places(name, entry), sources).chart(entry)
        for name, entry in entries.items()
    }


def _places(name: Text, chart: Any) -> Places:
    found: Places = {"": name.line}
    if isinstance(chart, dict):
        found.update({str(key): key.line for key in chart})
        rows = chart.get("rows")
        for n, item in enumerate(rows if isinstance(rows, list) else ()):
            found[n] = line_of(item, found["rows"])
    return found


@dataclass
class _Reader:
    """Reads one entry of the file and refuses what is wrong, with its line."""

    path: Path
    name: str
    places: Places
    sources: Container[str]

    def refuse(self, key: str | int, message: str, hint: str = "") -> NoReturn:
        line = self.places.get(key, self.places[""])
        raise ChartError(self.path, line, f"Chart “{self.name}”: {message}", hint)

    def chart(self, entry: Any) -> Chart:
        self._keys(entry)
        suffix = entry.get("suffix", "")
        rows = tuple(self._row(n, row, suffix) for n, row in enumerate(entry["rows"]))
        start = self._number("start", entry["start"]) if "start" in entry else None
        axis = self._axis(entry["axis"]) if "axis" in entry else None
        given = entry | {"rows": rows, "start": start, "axis": axis}
        given |= {"label": MARKDOWN_NAMES[entry["label"]]}
        chart = Chart(id=self.name, line=self.places[""], **given)
        self._fits(chart)
        return chart

    def _keys(self, entry: Any) -> None:
        if not isinstance(entry, dict):
            self.refuse("", "this is not a list of “key: value” lines.")
        for key, value in entry.items():
            if key not in _KEYS:
                hint = f"Known: {', '.join(_KEYS)}."
                self.refuse(key, f"“{key}” is not a key that a chart knows.", hint)
            if not isinstance(value, _KEYS[key]):
                self.refuse(key, f"“{key}” must be {'words' if _KEYS[key] is str else 'a list'}.")
        for key in _REQUIRED:
            if not entry.get(key):
                self.refuse("", f"“{key}” is missing.", f"Add a line “{key}: …”.")
        self._choices(entry)

    def _choices(self, entry: dict[str, Any]) -> None:
        if entry["label"] not in MARKDOWN_NAMES:
            self.refuse("label", f"“label” is one of: {', '.join(MARKDOWN_NAMES)}.")
        if entry["source"] not in self.sources:
            message = f"there is no source “{entry['source']}”."
            self.refuse("source", message, "Add it to content/references.json.")

    def _number(self, place: str | int, text: Any) -> Decimal:
        if not isinstance(text, str) or not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
            self.refuse(place, f"“{text}” must be a number.")
        return Decimal(text)

    def _axis(self, value: list[Any]) -> Axis:
        numbers = [self._number("axis", end) for end in value]
        hint = "Such as [0, 100, 20], or [20, -20, 10] where less is better; zero is always on it."
        if len(numbers) != 3 or numbers[0] * numbers[1] > 0 or numbers[2] <= 0:
            self.refuse("axis", "“axis” is its left end, its right end, and its step.", hint)
        left, right, step = numbers
        if not 1 <= abs(right - left) / step <= MAX_STEPS:
            self.refuse("axis", f"“axis” has room for 1 to {MAX_STEPS} steps.", hint)
        return left, right, step

    def _row(self, place: int, row: Any, suffix: str) -> ChartRow:
        texts = isinstance(row, dict) and all(isinstance(text, str) for text in row.values())
        if not texts or not row.get("label") or set(row) - set(_ROW_KEYS):
            self.refuse(place, "this row cannot be read.", f"A row knows: {', '.join(_ROW_KEYS)}.")
        given = {key: text for key, text in row.items() if key not in ("label", "note")}
        numbers = {key: self._number(place, text) for key, text in given.items()}
        value, bounds, people = numbers.get("value"), None, None
        match numbers:
            case {"value": mean, "low": low, "high": high} if len(numbers) == 3:
                bounds = low, high
                if not low <= mean <= high:
                    self.refuse(place, "the value must lie between low and high.")
            case {"n": n, "of": of} if len(numbers) == 2:
                people = n, of
                if not (0 <= n <= of and n % 1 == of % 1 == 0):
                    self.refuse(place, "“n” must be a number of people, at most “of”.")
                if of > MAX_PEOPLE:
                    message = f"{of} people are too many to draw: at most {MAX_PEOPLE}."
                    self.refuse(place, message, "Say the number in the text of the page.")
            case _ if set(numbers) != {"value"}:
                self.refuse(place, "a row has a value, or value, low and high, or n and of.")
        label, note, written = (row.get(key, "") for key in ("label", "note", "value"))
        read = ChartRow(label, value, bounds, people, note, suffix, written)
        if len(read.label + read.line) > MAX_TEXT_WIDTH:
            self.refuse(place, "the label is too long for one line.", "Use fewer words.")
        return read

    def _fits(self, chart: Chart) -> None:
        counted = [row for row in chart.rows if row.people]
        if chart.axis is None and len(counted) < len(chart.rows):
            self.refuse("", "“axis” is missing.", "Such as axis: [0, 100, 20].")
        if chart.axis is None:
            return
        if counted:
            self.refuse("rows", "people and other numbers never share a chart.", "Make it two.")
        low, high = sorted(chart.axis[:2])
        for place, row in enumerate(chart.rows):
            numbers = (row.value, *(row.bounds or ()), chart.start)
            if any(n is not None and not low <= n <= high for n in numbers):
                self.refuse(place, "a number lies outside the axis.", "Make “axis” longer.")
