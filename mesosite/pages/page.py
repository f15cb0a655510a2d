"""A page of words: what its head says, its HTML, and what readers and rules take from it."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString
from lxml.html import HtmlElement

from mesosite.pages.content.files import ContentFiles
from mesosite.pages.content.front_matter import PageFile, Review
from mesosite.pages.content.labels import Label
from mesosite.pages.content.references import Reference
from mesosite.pages.html_tree import labels_in, parse, text_of
from mesosite.pages.markup.body import Body, read_body
from mesosite.pages.prose import Piece, Section, sections, words

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Question:
    """A question worth asking. id: unique over the site; page: the short name of its page."""

    id: str
    text: str
    page: str


@dataclass(frozen=True)
class Pair:
    """A point as a page answers it, and the first Label of our findings.

    says: what clinics say; where they say nothing, the heading above.
    """

    id: str
    says: str
    label: Label | None


@dataclass(frozen=True, eq=False)
class Page:
    """One content file, ready to be rendered.

    address: "risks", "treatments/peel", "" for the home page; url: with its slashes, and its
    language where that is not the site's first; contents: ((id, text), …) of its
    h2 headings; references: in the order of their numbers; line: where the body begins;
    other_html: the tags in its text that may not stand there.
    """

    address: str
    language: str
    url: str
    path: Path
    line: int
    title: str
    nav: str
    description: str
    order: int
    audience: str
    in_short: tuple[tuple[str, Label | None], ...]
    checked: datetime.date
    review_by: datetime.date
    html: SafeString
    contents: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    layout: str = "page"
    group: str = "read"
    points: tuple[str, ...] = ()
    facts: tuple[dict[str, str], ...] = ()
    questions: tuple[Question, ...] = ()
    reviewed: Review | None = None
    other_html: tuple[str, ...] = ()
    draft: bool = False

    @property
    def folder(self) -> str:
        """The folder of a further treatment that the page belongs to, "" for the site's own."""
        parent = self.path.parent.relative_to(settings.CONTENT_DIR / self.language)
        return parent.as_posix().strip(".")

    @cached_property
    def tree(self) -> HtmlElement:
        """The html as one tree, which no reader changes."""
        return parse(self.html)

    @cached_property
    def sections(self) -> list[Section]:
        return sections(self.tree)

    @cached_property
    def pieces(self) -> list[Piece]:
        return [piece for section in self.sections for piece in section.pieces]

    @property
    def summary(self) -> tuple[str, ...]:
        return tuple(line for line, _label in self.in_short)

    @cached_property
    def pairs(self) -> list[Pair]:
        return list(_pairs(self.tree))

    @cached_property
    def words(self) -> int:
        """Those that a reader meets who opens no fold."""
        return sum(len(words(piece.text)) for piece in self.pieces if not piece.folded)

    @property
    def words_code(self) -> str:
        """A code of all words that a reader meets on the page: those that a reviewer signs.

        12 hexadecimal digits of SHA-256. Markup and line breaks may change without it.
        """
        facts = [text for fact in self.facts for text in fact.values()]
        asked = [question.text for question in self.questions]
        said = (self.title, self.description, self.audience, *self.summary, *facts, *asked)
        said += tuple(str(label.label) for _line, label in self.in_short if label)
        text = " ".join(" ".join((*said, *self.tree.itertext())).split())
        return sha256(text.encode()).hexdigest()[:12]

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))


def _pairs(tree: HtmlElement) -> Iterator[Pair]:
    for block in tree.find_class("pair"):
        if block.find_class("pair__head"):
            said = [p.text for section in sections(block) for p in section.pieces if p.said]
            above = block.xpath("preceding::*[self::h2 or self::h3][not(@class)][1]")
            says = " ".join(said or map(text_of, above))
            label = next(map(Label, labels_in(block)), None)
            yield Pair(block.get("id", "").replace("c", "C", 1), says, label)


_read: dict[Path, tuple[PageFile, Body, Page]] = {}


def read_page(files: ContentFiles, file: PageFile) -> Page:
    """One content file as a Page, the same one until it changes. Raises ContentError."""
    body = read_body(files, file.language, file.path, file.line, file.text)
    before, same_body, page = _read.get(file.path, (None, None, None))
    if not page or before != file or same_body is not body:
        page = _page(file, body)
        _read[file.path] = file, body, page
    return page


def _page(file: PageFile, body: Body) -> Page:
    values = dict(file.values)
    asked = values.get("questions", ())
    values["questions"] = tuple(Question(**item, page=values["nav"]) for item in asked)
    values["in_short"] = values.pop("summary")
    names = ("address", "language", "url", "path", "line")
    place = {name: getattr(file, name) for name in names}
    return Page(**place, **values, **vars(body))
