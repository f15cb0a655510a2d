"""The labels of a page, each with the text that it stands at and the sources that it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from mesosite.pages.html_tree import HEADINGS, TO_SOURCE, classes, labels_in, text_of
from mesosite.pages.page import Page
from mesosite.pages.prose import sections

_BLOCKS = {"p", "ul", "ol", "dl", "table", "div", "blockquote"}


@dataclass(frozen=True)
class Claim:
    """label: its value; sources: their keys; about: the row and column, or the term, of a text;
    place: the id of the heading before it, "" without one.
    """

    label: str
    sources: tuple[str, ...]
    text: str
    about: str
    place: str


def claims_of(page: Page) -> Iterator[Claim]:
    place = ""
    for element in page.tree.iter():
        if element.tag in HEADINGS:
            place = element.get("id", place)
        elif is_label(element):
            figure = next(element.iterancestors("figure"), None)
            sources = tuple(_sources(page, element if figure is None else figure))
            kind, text = labels_in(element)[0], text_at(element)
            yield Claim(kind, sources, text, about(element), place)


def is_label(element: HtmlElement) -> bool:
    """Whether an element is a label of a claim, and not of a field."""
    return {"label"} < classes(element)


def _sources(page: Page, element: HtmlElement) -> Iterator[str]:
    """The keys of what is cited in an element."""
    for link in element.iter("a"):
        if match := TO_SOURCE.fullmatch(link.get("href", "")):
            yield page.references[int(match[1]) - 1].key


def text_at(label: HtmlElement) -> str:
    """What a label in the margin or under a chart stands at; else all since the label before it."""
    figure = next(label.iterancestors("figure"), None)
    if figure is not None:
        return _prose(figure)
    before = label.getprevious()
    while before is not None and _is_beside(before):
        before = before.getprevious()
    if before is not None and before.tag in _BLOCKS and "label" not in classes(before):
        return _prose(before)
    parent = label.getparent()
    return _since_the_last(label) or ("" if parent is None else _prose(parent))


def _is_beside(before: HtmlElement) -> bool:
    """Whether an element is a label of the same text as the one after it."""
    return "label" in classes(before) and not (before.tail or "").strip()


def _since_the_last(label: HtmlElement) -> str:
    parts: list[str] = []
    for before in label.itersiblings(preceding=True):
        parts.append(before.tail or "")
        if "label" not in classes(before):
            parts.append("" if "cite" in classes(before) else before.text_content())
        elif not _is_beside(before):
            break
    else:
        parent = label.getparent()
        parts.append("" if parent is None else parent.text or "")
    return " ".join("".join(reversed(parts)).split())


def _prose(element: HtmlElement) -> str:
    return " ".join(piece.text for section in sections(element) for piece in section.pieces)


def about(element: HtmlElement) -> str:
    """The row and column, or the term, that an element stands under in a table or a list."""
    for parent in (element, *element.iterancestors()):
        if parent.tag == "dd":
            term = next(parent.itersiblings("dt", preceding=True), None)
            return "" if term is None else text_of(term)
        if parent.tag == "td":
            row = parent.getparent()
            head = row[0] if row is not None else parent
            name = " ".join((head.text or "").split()) or text_of(head)
            return f"{name}. {parent.get('data-field', '')}"
    return ""
