"""A chart as one SVG: a bar with its likely range, or people, for each group, on one axis.

It is 320 units wide, so that its text is readable on the narrowest phone. Lines and hatching carry
the meaning; `.drawing` in the stylesheet adds colours.
"""

import textwrap
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mesosite.pages.content.charts import Chart, ChartRow, number
from mesosite.pages.content.labels import Label

WIDTH, EDGE = 320, 2
_MAX_UNIT_WIDTH = 46
_BAR, _TEXT, _GAP, _HATCH = 22, 14, 24, 7
_PEOPLE_A_LINE, _PERSON_WIDTH, _PERSON_HEIGHT = 10, 25, 38
_DASHES = {
    Label.NOT_VERY_SURE: ' stroke-dasharray="7 4"',
    Label.VERY_UNSURE: ' stroke-dasharray="0 5" stroke-linecap="round" stroke-width="3"',
}
"""The outline of the bars is as sure as we are: solid, long dashes, dots."""


def chart_svg(chart: Chart) -> SafeString:
    """The SVG element of a chart, its numbers said in words for those who do not see it."""
    parts, height = _Plot(chart).drawn()
    return mark_safe(  # noqa: S308  (the words are escaped where they are put in)
        f'<svg class="drawing" role="img" aria-label="{escape(_said(chart))}" viewBox="0 0 {WIDTH} '
        f'{height}" fill="none" stroke="currentColor" stroke-width="2">{"".join(parts)}</svg>'
    )


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


def _hatching(x: float, y: float, width: float, height: float) -> str:
    """Slanting lines that fill a bar."""
    d, foot = "", x - height + _HATCH
    while foot < x + width:
        first, last = max(0, x - foot), min(height, x + width - foot)
        d += f"M{foot + first:g} {y + height - first:g}l{last - first:g} {first - last:g}"
        foot += _HATCH
    return _path(d, ' class="a" stroke-width="1.2"')


def _outlined(x: float, y: float) -> str:
    """The outline of a person: a head and a body."""
    return f"M{x} {y - 4}a4 4 0 1 1-.1 0M{x - 5} {y + 12}a5 5 0 0 1 10 0v9a5 5 0 0 1-10 0z"


class _Plot:
    """Draws downwards: each part begins at `y` and moves it on."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.y = chart, 0
        self.parts: list[str] = []
        self.low, self.high, self.step = chart.axis
        self.bars: int | None = None

    def x(self, value: Decimal | int) -> float:
        inside = WIDTH - 2 * EDGE
        return round(float(EDGE + (value - self.low) / (self.high - self.low) * inside), 1)

    def drawn(self) -> tuple[list[str], int]:
        for place, row in enumerate(self.chart.rows):
            self._row(row, first=place == 0)
        if self.bars is not None:
            self._overlap(self.bars)
            self._start(self.bars)
            self._axis()
        self._unit()
        return self.parts, self.y

    def _row(self, row: ChartRow, first: bool) -> None:
        self.y += _TEXT
        self.parts.append(_text(0, self.y, row.label))
        self.parts.append(_text(WIDTH, self.y, row.line, "end", "n"))
        self.y += 8
        if row.people:
            self._people(*map(int, row.people))
        elif row.value is not None:
            self._bar(row.value, row.bounds, first)
        if row.note:
            self.y += _TEXT + 6
            self.parts.append(_text(0, self.y, row.note))
        self.y += _GAP - _TEXT

    def _bar(self, value: Decimal, bounds: tuple[Decimal, Decimal] | None, first: bool) -> None:
        self.bars = self.y if self.bars is None else self.bars
        left, right = sorted((self.x(0), self.x(value)))
        if first:
            self.parts.append(_hatching(left, self.y, right - left, _BAR))
        outline = f"M{left:g} {self.y}H{right:g}v{_BAR}H{left:g}z"
        css = ' class="a"' if first else ""
        self.parts.append(_path(outline, css + _DASHES.get(self.chart.label, "")))
        self.parts.append(_path(f"M{self.x(0):g} {self.y - 4}v{_BAR + 8}"))
        if bounds:
            self._whisker(*map(self.x, bounds))
        self.y += _BAR

    def _whisker(self, low: float, high: float) -> None:
        top, middle = self.y + 5, self.y + _BAR / 2
        ends = "".join(f"M{x:g} {top}v{_BAR - 10}" for x in (low, high))
        self.parts.append(_path(f"M{low:g} {middle:g}H{high:g}{ends}", ' stroke-width="2.6"'))

    def _people(self, full: int, everyone: int) -> None:
        """As many figures as people, in lines of ten: those who reached the target are filled."""
        heads, bodies, others = "", "", ""
        for n in range(everyone):
            line, column = divmod(n, _PEOPLE_A_LINE)
            x, y = 7 + column * _PERSON_WIDTH, self.y + 6 + line * _PERSON_HEIGHT
            heads += f"M{x} {y}h0" if n < full else ""
            bodies += f"M{x} {y + 13}v7" if n < full else ""
            others += _outlined(x, y) if n >= full else ""
        filled = ' class="a" stroke-linecap="round" stroke-width="{}"'
        self.parts += [
            _path(heads, filled.format(9)),
            _path(bodies, filled.format(12)),
            _path(others, ' stroke-width="1.4"'),
        ]
        self.y += _PERSON_HEIGHT * -(-everyone // _PEOPLE_A_LINE)

    def _overlap(self, top: int) -> None:
        """Shades what the likely ranges of all groups share."""
        ranges = [row.bounds for row in self.chart.rows if row.bounds]
        low, high = max((r[0] for r in ranges), default=0), min((r[1] for r in ranges), default=0)
        if len(ranges) < 2 or low >= high:
            return
        left, right, bottom = self.x(low), self.x(high), self.y + 4
        shade = f"M{left:g} {top - 4}H{right:g}V{bottom}H{left:g}z"
        self.parts.insert(0, _path(shade, ' fill="currentColor" fill-opacity=".13" stroke="none"'))
        self._remark((left + right) / 2, _("both ranges"))

    def _start(self, top: int) -> None:
        if (start := self.chart.start) is not None:
            x = self.x(start)
            self.parts.append(_path(f"M{x:g} {top}V{self.y}", ' stroke-dasharray="2 3"'))
            self._remark(x, _before(self.chart, start))

    def _remark(self, x: float, text: str) -> None:
        self.y += _TEXT + 4
        self.parts.append(_text(x, self.y, text, "middle"))
        self.y += 8

    def _axis(self) -> None:
        steps = int((self.high - self.low) / self.step)
        ticks = [self.low + self.step * n for n in range(steps + 1)]
        marks = "".join(f"M{self.x(tick):g} {self.y}v6" for tick in ticks)
        self.parts.append(_path(f"M{self.x(0):g} {self.y - 5}v12"))
        line = f"M{EDGE} {self.y}H{WIDTH - EDGE}{marks}"
        self.parts.append(_path(line, ' class="s" stroke-width="1.4"'))
        self.y += _TEXT + 8
        for tick in ticks:
            anchor = {self.low: "start", self.high: "end"}.get(tick, "middle")
            x = {"start": 0, "end": WIDTH}.get(anchor, self.x(tick))
            self.parts.append(_text(x, self.y, number(tick, self.chart.suffix), anchor))
        self._ends()

    def _ends(self) -> None:
        if not self.chart.ends:
            return
        self.y += _TEXT + 4
        worse, better = self.chart.ends
        if worse:
            self.parts.append(_text(0, self.y, f"← {worse}"))
        if better:
            self.parts.append(_text(WIDTH, self.y, f"{better} →", "end"))

    def _unit(self) -> None:
        for line in textwrap.wrap(self.chart.unit, _MAX_UNIT_WIDTH):
            self.y += _TEXT + 4
            self.parts.append(_text(WIDTH / 2, self.y, line, "middle"))
        self.y += 6
