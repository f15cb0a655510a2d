"""Elements of a page's tree."""

import xml.etree.ElementTree as etree


def sub(
    parent: etree.Element, tag: str, text: str | None = "", css: str = "", **attributes: str
) -> etree.Element:
    """A new last child of `parent`; css: its classes."""
    child = etree.SubElement(parent, tag, ({"class": css} if css else {}) | attributes)
    child.text = text or None
    return child
