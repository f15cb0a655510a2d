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

from mesosite.pages.content.charts import all_charts
from mesosite.pages.markup.chart_svg import chart_svg


class Chart(Block):
    """Each chart by its name in charts.yaml; an unknown name is left standing, for the check."""

    NAME, ARGUMENT = "chart", True

    def on_validate(self, parent):
        return all(name in all_charts() for name in self._names())

    def on_create(self, parent):
        charts = [all_charts()[name] for name in self._names()]
        if len(charts) > 1:
            parent = etree.SubElement(parent, "div", {"class": "charts"})
        figures = [self._figure(parent, chart) for chart in charts]
        return parent if len(charts) > 1 else figures[0]

    def _names(self):
        return [name.strip() for name in self.argument.split(",")]

    def _figure(self, parent, chart):
        attributes = {"class": "chart", "id": f"chart-{chart.id}"}
        figure = etree.SubElement(parent, "figure", attributes)
        _sub(figure, "figcaption", chart.title)
        _sub(figure, "p", f"{chart.what} {chart.study}".strip() + f"[@{chart.source}]")
        _sub(figure, "div", self.md.htmlStash.store(chart_svg(chart)))
        label = etree.SubElement(figure, "p", {"class": f"label label--{chart.label.value}"})
        _sub(label, "b", str(chart.label.label))
        _sub(figure, "p", chart.caveat)
        if not chart.has_ranges:
            _sub(figure, "p", _("The likely ranges are not known to us."))
        details = etree.SubElement(figure, "details")
        _sub(details, "summary", _("The numbers"))
        _table(details, chart)
        return figure


def _sub(parent, tag, text=""):
    child = etree.SubElement(parent, tag)
    child.text = text or None
    return child


def _table(parent, chart):
    """The numbers as text; what the drawing shows at an axis stands in the head of a column."""
    table = etree.SubElement(parent, "table")
    head = etree.SubElement(table, "tr")
    for text in (_("Group"), chart.unit, *([_("Likely range")] if chart.has_ranges else ())):
        _sub(head, "th", text)
    for row in chart.rows:
        cells = etree.SubElement(table, "tr")
        note = f" ({row.note})." if row.note else ""
        for text in (row.label, row.shown + note, *([row.range] if chart.has_ranges else ())):
            _sub(cells, "td", text)
