"""Elements of a page's tree."""

import xml.etree.ElementTree as etree

from pymdownx.blocks.block import Block


def sub(
    parent: etree.Element, tag: str, text: str | None = "", css: str = "", **attributes: str
) -> etree.Element:
    """A new last child of `parent`; css: its classes."""
    child = etree.SubElement(parent, tag, ({"class": css} if css else {}) | attributes)
    child.text = text or None
    return child


class Box(Block):
    """A block whose parts stand in a div of its name."""

    def on_create(self, parent: etree.Element) -> etree.Element:
        return sub(parent, "div", css=self.NAME)
