"""A chart as one SVG: a dot on a line for each group, or people one by one.

On the axis right is always better. The line is the likely range, with a tick at each end, or the
way from no change to the result. The first group is filled, the others hollow. A chart is 320 units
wide, so that its text is readable on the narrowest phone; the stylesheet adds colours.
"""

import textwrap
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mesosite.pages.content.charts import Axis, Chart, ChartRow, number
from mesosite.pages.content.labels import HARM

WIDTH, EDGE = 320, 7
_TEXT, _LETTER, _DOT = 14, 7, 5
_MAX_UNIT_WIDTH = 34
_PEOPLE_A_LINE, _PERSON_WIDTH, _PERSON_HEIGHT = 15, 21, 34


def chart_svg(chart: Chart) -> SafeString:
    """The SVG element of a chart, its numbers said in words for those who do not see it."""
    drawing = _Plot(chart, chart.axis) if chart.axis else _Crowd(chart)
    parts, height = drawing.drawn()
    return mark_safe(  # noqa: S308  (the words are escaped where they are put in)
        f'<svg class="drawing" role="img" aria-label="{escape(_said(chart))}" viewBox="0 0 {WIDTH} '
        f'{height}" fill="none" stroke="currentColor" stroke-width="2">{"".join(parts)}</svg>'
    )


def how_to_read(chart: Chart) -> str:
    """What the marks of a chart are, in words for those who see it."""
    if chart.axis is None:
        return _("Each figure is one person. The filled ones had it.")
    if chart.has_ranges:
        return _("The dot is the result, the line its likely range.")
    if chart.start is not None:
        return _("The dot is the result, the line the way from the start.")
    return _("The dot is the result, the line the way from zero.")


def _said(chart: Chart) -> str:
    """The drawing in words: what was measured, then where all began, then each group's number."""
    parts = [f"{row.label}: {row.said}" for row in chart.rows]
    if chart.start is not None:
        parts.insert(0, _before(chart, chart.start))
    return f"{chart.unit}. {'; '.join(parts)}."


def _before(chart: Chart, start: Decimal) -> str:
    return _("before: %(grade)s") % {"grade": number(start, chart.suffix)}


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "") -> str:
    end = f' text-anchor="{anchor}"' if anchor != "start" else ""
    name = f' class="{css}"' if css else ""
    return (
        f'<text{name} x="{x:g}" y="{y:g}" fill="currentColor" stroke="none" '
        f'font-size="{_TEXT}"{end}>{escape(text)}</text>'
    )


def _path(d: str, more: str = "") -> str:
    return f'<path d="{d}"{more}/>'


class _Drawing:
    """Draws downwards: each part begins at `y` and moves it on."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.y = chart, 0
        self.parts: list[str] = []

    def unit(self, width: int) -> None:
        for line in textwrap.wrap(self.chart.unit, width):
            self.y += _TEXT + 4
            self.parts.append(_text(0, self.y, line))
        self.y += 6


class _Plot(_Drawing):
    """Each group as a dot and a line on one axis."""

    def __init__(self, chart: Chart, axis: Axis) -> None:
        super().__init__(chart)
        self.left, self.right, self.step = axis
        self.base = self.x(chart.start or Decimal(0))

    def x(self, value: Decimal) -> float:
        inside = WIDTH - 2 * EDGE
        return round(float(EDGE + (value - self.left) / (self.right - self.left) * inside), 1)

    def drawn(self) -> tuple[list[str], int]:
        for place, row in enumerate(self.chart.rows):
            self._row(row, ' class="a"' if place == 0 else "")
        self._base()
        self._axis()
        self.parts.append(_text(WIDTH, self.y + _TEXT + 4, _("better →"), "end"))
        self.unit(_MAX_UNIT_WIDTH)
        return self.parts, self.y

    def _row(self, row: ChartRow, css: str) -> None:
        value = row.value or Decimal(0)
        dot, ends = self.x(value), [self.x(end) for end in row.bounds or ()] or [self.base]
        left, right = min(dot, *ends), max(dot, *ends)
        self.y += _TEXT
        self.parts.append(_text(0, self.y, row.label))
        beside = right + 2 * _DOT + len(row.line) * _LETTER <= WIDTH
        x, y, anchor = (
            (right + 2 * _DOT, self.y + 21, "start") if beside else (WIDTH, self.y, "end")
        )
        self.parts.append(_text(x, y, row.line, anchor, "n"))
        self.y += 16
        self._line(left, right, dot, css)
        if row.bounds:
            ticks = "".join(f"M{x:g} {self.y - 5}v10" for x in (left, right))
            self.parts.append(_path(ticks, css))
        if css:
            filled = f'{css} stroke-linecap="round" stroke-width="13"'
            self.parts.append(_path(f"M{dot:g} {self.y}h0", filled))
        else:
            self.parts.append(f'<circle cx="{dot:g}" cy="{self.y}" r="{_DOT}"/>')
        self.y += 18

    def _line(self, left: float, right: float, dot: float, css: str) -> None:
        """From one end to the other, but not through the dot."""
        sides = ((left, dot - _DOT), (dot + _DOT, right))
        d = "".join(f"M{start:g} {self.y}H{end:g}" for start, end in sides if start < end)
        self.parts.append(_path(d, css))

    def _base(self) -> None:
        """The upright line from which one reads: no change, or where all began."""
        self.parts.insert(0, _path(f"M{self.base:g} 0V{self.y}", ' class="s" stroke-width="1.2"'))
        if (start := self.chart.start) is not None:
            self.y += _TEXT
            self.parts.append(_text(self.base, self.y, _before(self.chart, start), "middle"))
            self.y += 6

    def _axis(self) -> None:
        count = int(abs(self.right - self.left) / self.step)
        step = (self.right - self.left) / count
        ticks = [self.left + step * n for n in range(count + 1)]
        marks = "".join(f"M{self.x(tick):g} {self.y}v5" for tick in ticks)
        line = f"M{EDGE} {self.y}H{WIDTH - EDGE}{marks}"
        self.parts.append(_path(line, ' class="s" stroke-width="1.4"'))
        self.y += _TEXT + 7
        for tick in ticks:
            anchor = {self.left: "start", self.right: "end"}.get(tick, "middle")
            x = {"start": 0, "end": WIDTH}.get(anchor, self.x(tick))
            said = number(f"{tick.normalize():f}", self.chart.suffix)
            self.parts.append(_text(x, self.y, said, anchor))


class _Crowd(_Drawing):
    """As many figures as people, in lines: those who had it are filled."""

    def drawn(self) -> tuple[list[str], int]:
        for row in self.chart.rows:
            self.y += _TEXT
            self.parts.append(_text(0, self.y, row.label))
            self.parts.append(_text(WIDTH, self.y, row.line, "end", "n"))
            self.y += 9
            self._people(*map(int, row.people or (0, 0)))
            self.y += 10
        self.unit(WIDTH // _LETTER)
        return self.parts, self.y

    def _people(self, full: int, everyone: int) -> None:
        heads, bodies, others = "", "", ""
        for n in range(everyone):
            line, column = divmod(n, _PEOPLE_A_LINE)
            x, y = 9 + column * _PERSON_WIDTH, self.y + 6 + line * _PERSON_HEIGHT
            heads += f"M{x} {y}h0" if n < full else ""
            bodies += f"M{x} {y + 11}v6" if n < full else ""
            others += _outlined(x, y) if n >= full else ""
        css = "c" if self.chart.label in HARM else "a"
        filled = f' class="{css}" stroke-linecap="round" stroke-width="{{}}"'
        self.parts += [
            _path(heads, filled.format(8)),
            _path(bodies, filled.format(10)),
            _path(others, ' class="s" stroke-width="1.3"'),
        ]
        self.y += _PERSON_HEIGHT * -(-everyone // _PEOPLE_A_LINE)


def _outlined(x: float, y: float) -> str:
    """The outline of a person: a head and a body."""
    return f"M{x} {y - 3.4}a3.4 3.4 0 1 1-.1 0M{x - 4} {y + 10}a4 4 0 0 1 8 0v8a4 4 0 0 1-8 0z"
