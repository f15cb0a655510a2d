"""The prose of a rendered page, and how hard it is to read.

A page cut at its headings: what search finds, and what the questions page answers.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

import pyphen

from mesosite.pages.html_tree import VOID

_PROSE = ("p", "li", "dd", "figcaption", "legend", "td", "th")
_NOT_PROSE = {"cite", "label", "drawing", "pair__head", "care__title"}
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))\s+")


@dataclass
class Piece:
    """The words of one paragraph, item, definition, caption or cell; pair: its point, or ""."""

    tag: str
    pair: str
    said: bool
    words: list = field(default_factory=list)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


class ProseReader(HTMLParser):
    """Reads html into `pieces` (of prose) and `labels` ({point: the first label in its pair})."""

    def __init__(self, html):
        super().__init__()
        self.pieces, self.labels, self._stack = [], {}, []
        self.feed(_DRAWING.sub("", html))
        self.pieces = [piece for piece in self.pieces if piece.text]

    @property
    def _pair(self):
        return next((point for _tag, css, point in reversed(self._stack) if "pair" in css), "")

    def _inside(self, names):
        return any(names & css for _tag, css, _id in self._stack)

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        attrs = dict(attrs)
        css = set((attrs.get("class") or "").split())
        self._stack.append((tag, css, attrs.get("id") or ""))
        if tag in _PROSE and not self._inside(_NOT_PROSE):
            self.pieces.append(Piece(tag, self._pair, self._inside({"pair__say"})))
        if "label" in css:
            value = next(name for name in css if name.startswith("label--"))
            self.labels.setdefault(self._pair, value.removeprefix("label--"))

    def handle_endtag(self, tag):
        while self._stack and self._stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.pieces and not self._inside(_NOT_PROSE) and self._inside_prose():
            self.pieces[-1].words.append(data)

    def _inside_prose(self):
        return any(tag in _PROSE for tag, _css, _id in self._stack)


def is_prose(piece):
    """A cell of five words or fewer is no sentence."""
    return piece.tag not in ("td", "th") or len(piece.text.split()) > 5


def words(text):
    return _WORD.findall(text)


def sentences(text):
    """The sentences of one piece of prose; each ends with . ! or ?"""
    return [part for part in _SENTENCE_END.split(text) if words(part)]


@cache
def _syllables(word):
    return len(_hyphenator().positions(word)) + 1


@cache
def _hyphenator():
    return pyphen.Pyphen(lang="en_US")


def grade(texts):
    """Flesch-Kincaid grade of some prose (US school years); 0.0 without any.

    Source: Kincaid and others 1975, https://stars.library.ucf.edu/istlibrary/56/. Syllables are
    counted at the hyphenation points of Hunspell's English dictionary.
    """
    found = [sentence for text in texts for sentence in sentences(text)]
    said = [word for sentence in found for word in words(sentence)]
    if not said:
        return 0.0
    syllables = sum(_syllables(word.lower()) for word in said)
    return 0.39 * len(said) / len(found) + 11.8 * syllables / len(said) - 15.59


def page_prose(page):
    """The prose of a page that a reader meets as text: its audience, summary and body."""
    body = (piece.text for piece in page.pieces if is_prose(piece))
    return [page.audience, *page.summary, *body]


_HEADINGS = ("h2", "h3")


@dataclass
class Section:
    """The prose under one h2 or h3 of a page; anchor "" is what stands before the first."""

    anchor: str
    words: list = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def heading(self):
        return " ".join("".join(self.words).split())

    @property
    def sentences(self):
        """Each as (text, whether clinics say it and not we)."""
        return [(text, piece.said) for piece in self.pieces for text in sentences(piece.text)]


class _SectionReader(ProseReader):
    def __init__(self, html):
        self.sections = [Section("")]
        super().__init__(html)

    def handle_starttag(self, tag, attrs):
        before = len(self.pieces)
        super().handle_starttag(tag, attrs)
        if tag in _HEADINGS:
            self.sections.append(Section(dict(attrs).get("id") or ""))
        self.sections[-1].pieces += self.pieces[before:]

    def handle_data(self, data):
        super().handle_data(data)
        if any(tag in _HEADINGS for tag, _css, _id in self._stack):
            self.sections[-1].words.append(data)


def sections(html):
    """The sections of a page's html, in its order; the first has no heading."""
    return _SectionReader(html).sections
