"""The block that puts a chart, or two side by side, into a page.

    /// chart | needling
    ///

    /// chart | platelets-gain, platelets-no-gain
    ///

Two studies never share a drawing: side by side, each keeps its own axis.
"""

import xml.etree.ElementTree as etree

from django.utils.translation import gettext as _
from pymdownx.blocks.block import Block

from mesosite.pages.content.charts import Chart as ChartData
from mesosite.pages.markup.chart_svg import chart_svg, how_to_read
from mesosite.pages.markup.elements import sub


class Chart(Block):
    """Each chart by its name in charts.yaml; with an unknown name it stays text, for the check."""

    NAME, ARGUMENT = "chart", True

    def on_validate(self, parent: etree.Element) -> bool:
        return all(name in self.config["files"].charts for name in self._names())

    def on_create(self, parent: etree.Element) -> etree.Element:
        charts = [self.config["files"].charts[name] for name in self._names()]
        if len(charts) > 1:
            parent = sub(parent, "div", css="charts")
        figures = [self._figure(parent, chart) for chart in charts]
        return parent if len(charts) > 1 else figures[0]

    def _names(self) -> list[str]:
        return [name.strip() for name in self.argument.split(",")]

    def _figure(self, parent: etree.Element, chart: ChartData) -> etree.Element:
        figure = sub(parent, "figure", css="chart", id=f"chart-{chart.id}")
        sub(figure, "figcaption", chart.title)
        sub(figure, "p", f"{chart.what} {chart.study}".strip() + f"[@{chart.source}]")
        drawn = sub(figure, "div", self.md.htmlStash.store(chart_svg(chart)))
        sub(drawn, "p", how_to_read(chart), css="hint")
        label = sub(figure, "p", css=f"label label--{chart.label.value}")
        sub(label, "b", str(chart.label.label))
        sub(figure, "p", chart.caveat)
        if chart.axis and not chart.has_ranges:
            sub(figure, "p", _("The likely ranges are not known to us."))
        means = sub(figure, "p", css="chart__means")
        sub(means, "b", _("What this means for you:")).tail = f" {chart.means}"
        details = sub(figure, "details")
        sub(details, "summary", _("The numbers"))
        _table(details, chart)
        return figure


def _table(parent: etree.Element, chart: ChartData) -> None:
    """The numbers as text; what the drawing shows at an axis stands in the head of a column."""
    table = sub(parent, "table")
    fields = (_("Group"), chart.unit, *([_("Likely range")] if chart.has_ranges else ()))
    head, body = sub(sub(table, "thead"), "tr"), sub(table, "tbody")
    for text in fields:
        sub(head, "th", text, scope="col")
    for row in chart.rows:
        cells = sub(body, "tr")
        note = f" ({row.note})." if row.note else ""
        for text in (row.label, row.shown + note, *([row.range] if chart.has_ranges else ())):
            sub(cells, "td", text)
