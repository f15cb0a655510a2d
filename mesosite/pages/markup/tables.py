"""Tables of markdown that lose no cell."""

import xml.etree.ElementTree as etree
from collections.abc import Sequence

from markdown import Markdown
from markdown.extensions.tables import TableExtension, TableProcessor

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
