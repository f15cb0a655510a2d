"""The site's pages: `content/<language>/**.md`, parsed once. `all_pages()` is the only list."""

import datetime
import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import markdown
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension

from mesosite.pages import front_matter
from mesosite.pages.blocks import MesositeBlocks
from mesosite.pages.charts import all_charts
from mesosite.pages.clinic import clinic
from mesosite.pages.errors import ContentError
from mesosite.pages.glossary import WordsExtension, all_words
from mesosite.pages.labels import Label
from mesosite.pages.markup import Citations, MesositeExtension
from mesosite.pages.prose import Piece, ProseReader, words
from mesosite.pages.references import Reference, read_references
from mesosite.pages.studies import all_studies

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Question:
    """A question worth asking, from a page's front matter.

    id: unique over the site; page: the short name of the page that it stands on.
    """

    id: str
    text: str
    page: str


@dataclass(frozen=True)
class Pair:
    """A point of the article as a page answers it: what clinics say, and how sure we are.

    label: the first Label of the answer, or None.
    """

    id: str
    says: str
    label: Label | None


@dataclass(frozen=True)
class Page:
    """One content file, ready to be rendered.

    address: "risks", "treatments/peel", "" for the home page; contents: ((id, text), …) of its
    h2 headings; references: in the order of their numbers; pieces: its prose, piece by piece;
    line: where the body begins.
    """

    address: str
    language: str
    path: object
    line: int
    title: str
    nav: str
    description: str
    order: int
    audience: str
    summary: tuple
    checked: datetime.date
    review_by: datetime.date
    html: SafeString
    contents: tuple
    references: tuple[Reference, ...]
    pairs: tuple[Pair, ...]
    pieces: tuple[Piece, ...]
    words: int
    layout: str = "page"
    group: str = "read"
    points: tuple = ()
    facts: tuple = ()
    questions: tuple[Question, ...] = ()
    reviewed_by: str = ""

    @property
    def url(self):
        prefix = "" if self.language == settings.LANGUAGE_CODE else f"/{self.language}"
        return f"{prefix}/{self.address}/" if self.address else f"{prefix}/"

    @property
    def folder(self):
        """The folder of a further treatment that the page belongs to, "" for the site's own."""
        parent = self.path.parent.relative_to(settings.CONTENT_DIR / self.language)
        return parent.as_posix().strip(".")

    @property
    def minutes(self):
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))


def content_files():
    """Every content file as (language, address, path), in the order of their paths."""
    for language, _name in settings.LANGUAGES:
        folder = settings.CONTENT_DIR / language
        for path in sorted(folder.rglob("*.md")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield language, "/".join(parts[:-1] if parts[-1] == "index" else parts), path


@cache
def all_references():
    return read_references(settings.CONTENT_DIR / "references.json")


def read_page(language, address, path):
    """One content file as a Page. Raises ContentError."""
    head, body, line = front_matter.split(path)
    values = dict(front_matter.read(path, head).values)
    nav = values["nav"]
    questions = tuple(Question(**q, page=nav) for q in values.pop("questions", ()))
    for key in ("points", "facts"):
        values[key] = tuple(values.get(key, ()))
    values["summary"] = tuple(values["summary"].strip().splitlines())
    with override(language):
        parsed = _parse(path, line, body)
    return Page(address, language, path, line, questions=questions, **values, **parsed)


def _parse(path: Path, line: int, body: str) -> dict[str, Any]:
    """The body's html and what is read from it, by Page's names. Raises ContentError."""
    language = get_language()
    surroundings = _surroundings(language)
    parse = _parsed if surroundings else _parsed.__wrapped__
    parsed, unknown = parse(body, language, surroundings)
    _refuse_unknown(path, line, body, unknown)
    references = all_references()
    return parsed | {"references": tuple(references[key] for key in parsed["references"])}


@cache
def _surroundings(language: str) -> bytes:
    """A digest of all other content that a page's html shows; b"" where a file of it is wrong."""
    try:
        sources = {key: source.csl for key, source in all_references().items()}
        given = (all_words(language), all_charts(), all_studies(), clinic().emergency_number)
    except ContentError:  # only the pages that need the file are wrong
        return b""
    return hashlib.sha256(repr((sources, *given)).encode()).digest()


@cache
def _parsed(body: str, language: str, surroundings: bytes) -> tuple[dict[str, Any], tuple]:
    """What `_parse` returns, but the references as keys, and the cited keys that are unknown.

    A process parses a body once. `surroundings` makes it parse it again for other surroundings.
    """
    citations = Citations(all_references())
    md = markdown.Markdown(
        extensions=[
            *("abbr", "attr_list", "def_list", "sane_lists", "smarty"),
            TableExtension(use_align_attribute=False),
            TocExtension(toc_depth=2),
            MesositeBlocks(emergency_number=clinic().emergency_number),
            MesositeExtension(citations),
            WordsExtension(language),
        ]
    )
    html = mark_safe(md.convert(body))  # noqa: S308  (the clinic's own files)
    reader = ProseReader(html)
    parsed = {
        "html": html,
        "contents": tuple((token["id"], token["name"]) for token in md.toc_tokens),
        "references": tuple(citations.keys),
        "pairs": tuple(_pairs(reader)),
        "pieces": tuple(reader.pieces),
        "words": sum(len(words(piece.text)) for piece in reader.pieces),
    }
    return parsed, tuple(citations.unknown)


def _refuse_unknown(path: Path, line: int, body: str, unknown: Iterable[str]) -> None:
    for key in unknown:
        at = line + next((n for n, row in enumerate(body.split("\n")) if f"@{key}" in row), 0)
        raise ContentError(
            path, at, f"There is no source “{key}”.", "Add it to content/references.json."
        )


def _pairs(reader):
    said = {}
    for piece in reader.pieces:
        if piece.said:
            said.setdefault(piece.pair, []).append(piece.text)
    for point, texts in said.items():
        label = reader.labels.get(point)
        yield Pair(point.replace("c", "C", 1), " ".join(texts), label and Label(label))


@cache
def read_pages():
    """Every content file, read once: (the pages in reading order, the ContentErrors met)."""
    pages, errors = {}, []
    for file in content_files():
        try:
            page = read_page(*file)
        except ContentError as error:
            errors.append(error)
            continue
        if page.url in pages:
            other = ContentError(pages[page.url].path, 0, "").place
            message = f"Two files have the address {page.url}."
            errors.append(ContentError(page.path, 1, message, f"The other one: {other}."))
        pages[page.url] = page
    return sorted(pages.values(), key=lambda page: (page.language, page.order, page.url)), errors


@cache
def all_pages():
    """Every page as {address: Page}, in reading order; another language's as "el/risks".

    Raises ContentError for the first wrong file: `manage.py check` lists them all.
    """
    pages, errors = read_pages()
    if errors:
        raise errors[0]
    return {page.url.strip("/"): page for page in pages}


@cache
def _chapters():
    """The pages to be read in order as {(language, folder): pages}."""
    found = {}
    for page in all_pages().values():
        if page.group == "read" and page.layout == "page":
            found.setdefault((page.language, page.folder), []).append(page)
    return found


def reading_order(language=settings.LANGUAGE_CODE, folder=""):
    """The numbered pages of a language: those between the home page and the small print.

    folder: that of a further treatment, such as "treatments/laser", which has an order of its own.
    """
    return _chapters().get((language, folder), [])


def treatments(language=settings.LANGUAGE_CODE):
    """The pages of each further treatment, one list a folder, in the order of their first page."""
    return [pages for (found, folder), pages in _chapters().items() if folder and found == language]


@cache
def small_print(language=settings.LANGUAGE_CODE):
    """The pages that the footer names; those of a further treatment are not among them."""
    return [
        page
        for page in all_pages().values()
        if page.group == "site" and page.language == language and not page.folder
    ]


def all_questions():
    """Every question of every page as {id: Question}."""
    return {q.id: q for page in all_pages().values() for q in page.questions}


def all_pairs():
    """Every pair as (Pair, Page), in the order of the points."""
    found = [(pair, page) for page in all_pages().values() for pair in page.pairs]
    return sorted(found, key=lambda item: front_matter.POINTS.index(item[0].id))
