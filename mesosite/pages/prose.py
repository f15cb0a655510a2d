"""The prose of a page, cut at its headings, and how hard it is to read."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lxml.html import HtmlElement

from mesosite.pages.html_tree import classes, text_of
from mesosite.pages.syllables import syllables

_PROSE = ("p", "li", "dd", "figcaption", "legend", "td", "th")
_HEADINGS = ("h2", "h3")
_NOT_PROSE = {"cite", "label", "drawing", "pair__head", "care__title", "safety"}
_WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
_PAUSE = re.compile(r"[.!?…][\"”’)]*\s+(?=([\"“‘(]*)(.))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|Fig|approx|e\.g|i\.e|cf|al)|"
    r"(?:^|(?:^|[\s(])(?:(?:Dr|Mr|Mrs|Ms|Prof|by)\.?|[A-Z]\.)\s+)[A-Z])\.\s+$"
)
"""A full stop that ends no sentence: of a title, or of an initial, as in “Dr. A. B. Smith”."""


@dataclass(frozen=True)
class Piece:
    """The text of one paragraph, item, definition, caption or cell.

    said: clinics say it; folded: it stands in a fold; drawn: it belongs to a drawing or a chart.
    """

    tag: str
    said: bool
    folded: bool
    drawn: bool
    text: str
    element: HtmlElement = field(repr=False, compare=False)


@dataclass
class Section:
    """The prose under one h2 or h3 of a page; anchor "" is what stands before the first."""

    anchor: str = ""
    heading: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def sentences(self) -> list[tuple[str, bool]]:
        """Each as (text, whether clinics say it and not we)."""
        return [(text, piece.said) for piece in self.pieces for text in sentences(piece.text)]


def sections(tree: HtmlElement) -> list[Section]:
    """The sections of some html, in its order; the first has no heading."""
    found = [Section()]
    for element in tree.iter(*_PROSE, *_HEADINGS):
        if element.tag in _HEADINGS and "pair__head" not in classes(element):
            found.append(Section(element.get("id", ""), text_of(element)))
        elif piece := _piece(element):
            found[-1].pieces.append(piece)
    return found


def _piece(element: HtmlElement) -> Piece | None:
    parents = [element, *element.iterancestors()]
    around = set().union(*map(classes, parents))
    text = " ".join("".join(_own_texts(element)).split())
    if not text or around & _NOT_PROSE:
        return None
    drawn = any(parent.tag == "figure" for parent in parents)
    return Piece(element.tag, "pair__say" in around, "fold" in around, drawn, text, element)


def _own_texts(element: HtmlElement) -> Iterator[str]:
    """The texts in an element, but for drawings, citations and other pieces of prose in it."""
    yield element.text or ""
    for child in element:
        if child.tag not in (*_PROSE, "svg") and not classes(child) & _NOT_PROSE:
            yield from _own_texts(child)
        yield child.tail or ""


def is_prose(piece: Piece) -> bool:
    """Whether a piece reads as sentences: a cell of five words or fewer does not."""
    return piece.tag not in ("td", "th") or len(piece.text.split()) > 5


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of one piece of prose; each but the last ends with . ! ? or …"""
    cuts = [0, *(pause.end() for pause in _PAUSE.finditer(text) if _ends(text, pause)), len(text)]
    parts = (text[start:end].strip() for start, end in pairwise(cuts))
    return [part for part in parts if words(part)]


def _ends(text: str, pause: re.Match[str]) -> bool:
    """Whether a sentence ends at a pause: no small letter follows, and it is no abbreviation."""
    number = pause[2].isdigit() and text[: pause.start()].endswith("No")
    return not (pause[2].islower() or number or _ABBREVIATION.search(text[: pause.end()]))


def no_terms(text: str) -> Iterable[str]:
    return ()


def grade(texts: Iterable[str], terms: Callable[[str], Iterable[str]] = no_terms) -> float:
    """Flesch-Kincaid grade of some prose (US school years); 0.0 without any.

    terms: finds the terms in a text that are explained to readers: each of their words counts two
    syllables at most. Source: Kincaid and others 1975, https://stars.library.ucf.edu/istlibrary/56/
    """
    found = [sentence for text in texts for sentence in sentences(text)]
    said = [word for sentence in found for word in words(sentence)]
    if not said:
        return 0.0
    explained = (word for text in found for term in terms(text) for word in words(term))
    spared = sum(max(0, syllables(word) - 2) for word in explained)
    each = (sum(map(syllables, said)) - spared) / len(said)
    return 0.39 * len(said) / len(found) + 11.8 * each - 15.59
