"""The evidence charts: numbers and words of `content/charts.yaml`, one study each.

Drawn by `chart_drawing`, put into a page by `chart_block`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.labels import MARKDOWN_NAMES, Label
from mesosite.pages.content.references import read_references
from mesosite.pages.content.yaml_lines import load_yaml

MAX_STEPS = 8
MAX_TEXT_WIDTH = 40
"""How many letters of a row's label and number fit on one line of the drawing."""

_REQUIRED = ("title", "what", "unit", "axis", "label", "source", "rows", "caveat")
_OPTIONAL = ("study", "suffix", "ends", "start")
_LISTS = ("axis", "ends", "rows")
_ROW_KEYS = {"label", "value", "low", "high", "n", "of", "note"}


class ChartError(ContentError):
    """A chart that cannot be drawn as it is written."""

    number = 10


@dataclass(frozen=True)
class ChartRow:
    """One group of a study: a mean or a percentage (`value`, maybe `low` to `high`), or a number
    of people (`n` of `of`). A number keeps the digits that the file gives it."""

    label: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    n: Decimal | None = None
    of: Decimal | None = None
    note: str = ""
    suffix: str = ""
    written: str = ""

    @property
    def shown(self):
        """The number as it is printed: `3.4`, `+14.4%`, `22 of 30 people`."""
        if self.value is None:
            return _("%(n)s of %(of)s people") % {"n": self.n, "of": self.of}
        return number(self.written, self.suffix)

    @property
    def range(self):
        """The likely range, `0.2 to 6.5`, or "" where it is not known."""
        if self.low is None:
            return ""
        ends = {"low": number(self.low, self.suffix), "high": number(self.high, self.suffix)}
        return _("%(low)s to %(high)s") % ends

    @property
    def line(self):
        """Number and likely range in one line of text."""
        return f"{self.shown} ({self.range})" if self.range else self.shown


@dataclass(frozen=True)
class Chart:
    """One study's numbers for one outcome, on one axis.

    axis: (from, to, step) of the scale named in `unit`; ends: words for its two ends, or ();
    start: where all groups began, or None; place: {key: line of the file}.
    """

    id: str
    title: str
    what: str
    unit: str
    axis: tuple
    label: Label
    source: str
    rows: tuple[ChartRow, ...]
    caveat: str
    place: dict
    study: str = ""
    suffix: str = ""
    ends: tuple = ()
    start: Decimal | None = None

    @property
    def has_ranges(self):
        return any(row.range for row in self.rows)


def number(value, suffix=""):
    """A number with a true minus sign, and the digits that it was written with."""
    return f"{value}{suffix}".replace("-", "−")


@cache
def all_charts():
    """Every chart as {id: Chart}. Raises ContentError, with the line, for the first wrong one."""
    sources = read_references(settings.CONTENT_DIR / "references.json")
    return read_charts(settings.CONTENT_DIR / "charts.yaml", sources)


def read_charts(path, sources):
    """The file's charts as {id: Chart}; `sources` holds the known keys. Raises ContentError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ChartError(path, 0, "charts.yaml is not there.", "Restore it.") from error
    except UnicodeDecodeError as error:
        raise ChartError(path, 0, "The file is not saved as UTF-8.") from error
    _values, lines = load_yaml(path, text)
    places = {key.value: _places(node) for key, node in yaml.compose(text).value}
    # The base loader keeps each number as it is written.
    entries = yaml.BaseLoader(text).get_single_data().items()
    return {
        name: _Reader(path, name, places[name] | {"": lines[name]}, sources).chart(entry)
        for name, entry in entries
    }


def _places(node):
    """Where the keys of one chart, and its rows by their number, stand in the file."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    found = {key.value: key.start_mark.line + 1 for key, _value in node.value}
    rows = next((value for key, value in node.value if key.value == "rows"), None)
    for n, item in enumerate(rows.value if isinstance(rows, yaml.SequenceNode) else ()):
        found[n] = item.start_mark.line + 1
    return found


@dataclass
class _Reader:
    """Reads one entry of the file and refuses what is wrong, with its line."""

    path: object
    name: str
    places: dict
    sources: dict

    def refuse(self, key, message, hint=""):
        line = self.places.get(key, self.places[""])
        raise ChartError(self.path, line, f"Chart “{self.name}”: {message}", hint)

    def chart(self, entry):
        self._keys(entry)
        suffix = entry.get("suffix", "")
        rows = tuple(self._row(n, row, suffix) for n, row in enumerate(entry["rows"]))
        start = self._number("start", entry["start"]) if "start" in entry else None
        given = entry | {"rows": rows, "start": start, "axis": self._axis(entry["axis"])}
        given |= {"label": MARKDOWN_NAMES[entry["label"]], "ends": tuple(entry.get("ends", ()))}
        chart = Chart(id=self.name, place=self.places, **given)
        self._fits(chart)
        return chart

    def _keys(self, entry):
        if not isinstance(entry, dict):
            self.refuse("", "this is no list of “key: value” lines.")
        for key in entry:
            if key not in _REQUIRED + _OPTIONAL:
                known = ", ".join(_REQUIRED + _OPTIONAL)
                self.refuse(key, f"“{key}” is not a key that a chart knows.", f"Known: {known}.")
            kind = list if key in _LISTS else str
            if not isinstance(entry[key], kind):
                self.refuse(key, f"“{key}” must be {'a list' if kind is list else 'words'}.")
        for key in _REQUIRED:
            if not entry.get(key):
                self.refuse("", f"“{key}” is missing.", f"Add a line “{key}: …”.")
        self._choices(entry)

    def _choices(self, entry):
        if len(entry.get("ends", ("", ""))) != 2:
            self.refuse("ends", '“ends” has a word for each end of the axis, or "".')
        if entry["label"] not in MARKDOWN_NAMES:
            self.refuse("label", f"“label” is one of: {', '.join(MARKDOWN_NAMES)}.")
        if entry["source"] not in self.sources:
            message = f"there is no source “{entry['source']}”."
            self.refuse("source", message, "Add it to content/references.json.")

    def _number(self, place, text):
        if not isinstance(text, str) or not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
            self.refuse(place, f"“{text}” must be a number.")
        return Decimal(text)

    def _axis(self, value):
        axis = tuple(self._number("axis", end) for end in value)
        hint = "Such as [0, 100, 20]; zero is always on it."
        if len(axis) != 3 or not axis[0] <= 0 <= axis[1] or axis[2] <= 0:
            self.refuse("axis", "“axis” is where it starts, where it ends, and its step.", hint)
        if not 1 <= (axis[1] - axis[0]) / axis[2] <= MAX_STEPS:
            self.refuse("axis", f"“axis” has room for 1 to {MAX_STEPS} steps.", hint)
        return axis

    def _row(self, place, row, suffix):
        if not isinstance(row, dict) or not row.get("label") or set(row) - _ROW_KEYS:
            known = "label, value, low, high, n, of, note"
            self.refuse(place, "this row cannot be read.", f"A row knows: {known}.")
        words = {key: row[key] for key in ("label", "note") if key in row}
        numbers = {key: self._number(place, row[key]) for key in row if key not in words}
        kind = set(numbers)
        if kind not in ({"value"}, {"value", "low", "high"}, {"n", "of"}):
            self.refuse(place, "a row has a value, or value, low and high, or n and of.")
        read = ChartRow(**words, **numbers, suffix=suffix, written=row.get("value", ""))
        if "low" in kind and not read.low <= read.value <= read.high:
            self.refuse(place, "the value must lie between low and high.")
        if "of" in kind and not (0 <= read.n <= read.of and read.n % 1 == read.of % 1 == 0):
            self.refuse(place, "“n” must be a number of people, at most “of”.")
        if len(read.label + read.line) > MAX_TEXT_WIDTH:
            self.refuse(place, "the label is too long for one line.", "Use fewer words.")
        return read

    def _fits(self, chart):
        low, high, _step = chart.axis
        for place, row in enumerate(chart.rows):
            numbers = [n for n in (row.value, row.low, row.high, chart.start) if n is not None]
            if any(not low <= n <= high for n in numbers):
                self.refuse(place, "a number lies outside the axis.", "Make “axis” longer.")
