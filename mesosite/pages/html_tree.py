"""The HTML of a page as a tree of lxml elements. A tree that others read too is copied first."""

import re

from lxml.html import HtmlElement, HTMLParser, fragment_fromstring, tostring

_PARSER = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
_NOT_XML = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TO_SOURCE = re.compile(r"#s(\d+)")
"""The href of a citation: the group is the number of the source in the page's list."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def parse(html: str) -> HtmlElement:
    """A div that holds what `html` holds, without its comments; a control character is a space."""
    html = _NOT_XML.sub(" ", html)  # lxml raises ValueError for them as soon as a text is set
    return fragment_fromstring(html, create_parent="div", parser=_PARSER)


def inner_html(element: HtmlElement) -> str:
    """The html inside an element, whose own tag has no attributes."""
    html = tostring(element, encoding="unicode", with_tail=False)
    return html.removeprefix(f"<{element.tag}>").removesuffix(f"</{element.tag}>")


def text_of(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def classes(element: HtmlElement) -> set[str]:
    return set(element.get("class", "").split())


def has_id(tree: HtmlElement, name: str) -> bool:
    return tree.get_element_by_id(name, None) is not None


def labels_in(*elements: HtmlElement) -> list[str]:
    """The values of the labels in some elements, in order: "not-very-sure", "counted", …"""
    labels = (label for element in elements for label in element.find_class("label"))
    kinds = (re.search(r"label--([\w-]+)", label.get("class", "")) for label in labels)
    return [kind[1] for kind in kinds if kind]
