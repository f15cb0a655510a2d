"""Tables of markdown: they lose no cell, and a narrow window shows each row as a card."""

import xml.etree.ElementTree as etree
from collections.abc import Sequence

from markdown import Markdown
from markdown.extensions.tables import TableExtension, TableProcessor
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.markup.elements import sub


class _WholeRows(TableProcessor):
    """Keeps a cell that is more than the head has, for the gate to name: the library drops it."""

    def _build_row(self, row: str, parent: etree.Element, align: Sequence[str | None]) -> None:
        super()._build_row(row, parent, align)  # type: ignore[misc]  # not in the stubs
        cells = self._split_row(row)  # type: ignore[attr-defined]  # not in the stubs
        for cell in cells[len(align) :]:
            sub(parent[-1], "td", cell.strip())


class Tables(TableExtension):
    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        processor = _WholeRows(md.parser, self.getConfigs())
        md.parser.blockprocessors.register(processor, "table", 75)


class StackedRows(Treeprocessor):
    """Makes the first cell of a row its heading, and tells each other cell the name of its column.

    Where the window is narrow, the stylesheet shows these names in place of the head.
    """

    def run(self, root: etree.Element) -> None:
        for table in root.iter("table"):
            if table.find("tbody/tr/td[@data-field]") is None:  # no side-by-side table
                table.set("class", "stacked")
                fields = ["".join(cell.itertext()) for cell in table.iterfind("thead/tr/th")]
                for row in table.iterfind("tbody/tr"):
                    _as_card(row, fields)


def _as_card(row: etree.Element, fields: Sequence[str]) -> None:
    """fields: the names of the columns; a cell that is more than they are gets none."""
    first, *others = row
    first.tag = "th"
    first.set("scope", "row")
    for cell, field in zip(others, fields[1:], strict=False):
        cell.set("data-field", field)
        inside = etree.Element("div")
        inside.text, cell.text = cell.text, None
        inside.extend(cell)
        cell[:] = [inside]
