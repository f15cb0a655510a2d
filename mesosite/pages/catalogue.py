"""The site's content: `content()` reads each file of CONTENT_DIR once, pages and all."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString
from lxml.html import HtmlElement

from mesosite.pages.content.clinic import Clinic
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.files import ContentFiles
from mesosite.pages.content.front_matter import POINTS, PageFile, Review, read_page_file
from mesosite.pages.content.labels import Label
from mesosite.pages.content.page_files import INDEX, page_files
from mesosite.pages.content.references import Reference
from mesosite.pages.html_tree import labels_in, parse
from mesosite.pages.markup.body import read_body
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
    """A point as a page answers it: what clinics say, and the first Label of our findings."""

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
    summary: tuple[str, ...]
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

    @cached_property
    def pairs(self) -> list[Pair]:
        return list(_pairs(self.tree))

    @cached_property
    def words(self) -> int:
        return sum(len(words(piece.text)) for piece in self.pieces)

    @property
    def words_code(self) -> str:
        """A code of all words that a reader meets on the page: those that a reviewer signs.

        12 hexadecimal digits of SHA-256. Markup and line breaks may change without it.
        """
        facts = [text for fact in self.facts for text in fact.values()]
        asked = [question.text for question in self.questions]
        said = (self.title, self.description, self.audience, *self.summary, *facts, *asked)
        text = " ".join(" ".join((*said, *self.tree.itertext())).split())
        return sha256(text.encode()).hexdigest()[:12]

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))


def _pairs(tree: HtmlElement) -> Iterator[Pair]:
    for block in tree.find_class("pair"):
        said = [p.text for section in sections(block) for p in section.pieces if p.said]
        if said:
            label = next(map(Label, labels_in(block)), None)
            yield Pair(block.get("id", "").replace("c", "C", 1), " ".join(said), label)


def read_page(files: ContentFiles, file: PageFile) -> Page:
    """One content file as a Page. Raises ContentError."""
    values = dict(file.values)
    asked = values.get("questions", ())
    values["questions"] = tuple(Question(**item, page=values["nav"]) for item in asked)
    values["summary"] = tuple(values["summary"].strip().splitlines())
    body = read_body(files, file.language, file.path, file.line, file.text)
    names = ("address", "language", "url", "path", "line")
    place = {name: getattr(file, name) for name in names}
    return Page(**place, **values, **vars(body))


@dataclass(frozen=True, eq=False)
class Content(ContentFiles):
    """The content files and the pages that are made of them."""

    @cached_property
    def page_files(self) -> tuple[dict[str, PageFile], list[ContentError]]:
        """{url: file} of every page whose head can be read, and the errors of the others."""
        found: dict[str, PageFile] = {}
        places, errors = self._places()
        for place in places:
            try:
                file = read_page_file(*place)
            except ContentError as error:
                errors.append(error)
                continue
            if file.url in found:
                other = ContentError(found[file.url].path, 0, "").place
                message = f"Two files have the address {file.url}."
                errors.append(ContentError(file.path, 1, message, f"The other one: {other}."))
            found[file.url] = file
        return found, errors

    def _places(self) -> tuple[list[tuple[str, str, Path]], list[ContentError]]:
        """Every page's file as (language, address, path), and the files that are refused."""
        files, errors = [], []
        for language, _name in settings.LANGUAGES:
            found, refused = page_files(self.folder / language)
            files += [(language, address, path) for address, path in found]
            errors += refused
        return files, errors

    @cached_property
    def drafts(self) -> dict[str, PageFile]:
        """{url: file} of the pages that are not published. `make dev` shows them among the pages"""
        return {url: file for url, file in self.page_files[0].items() if file.draft}

    @cached_property
    def parsed(self) -> tuple[list[Page], list[ContentError]]:
        """The pages that can be read, in reading order, and the errors of the others."""
        files, errors = self.page_files[0].values(), list(self.page_files[1])
        pages = []
        for file in (file for file in files if settings.DEBUG or not file.draft):
            try:
                pages.append(read_page(self, file))
            except ContentError as error:
                errors.append(error)
        return sorted(pages, key=lambda page: (page.language, page.order, page.url)), errors

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every page as {address: Page}, in reading order; another language's as "el/risks".

        Raises ContentError for the first wrong page: `errors()` names them all.
        """
        pages, errors = self.parsed
        if errors:
            raise errors[0]
        return {page.url.strip("/"): page for page in pages}

    def errors(self) -> list[ContentError]:
        """The errors of all files, one a place: a shared file fails in every page that uses it."""
        errors = []
        for name in (n for n, of in vars(ContentFiles).items() if isinstance(of, cached_property)):
            try:
                getattr(self, name)
            except ContentError as error:
                errors.append(error)
        errors += self.parsed[1]
        return list({str(error): error for error in errors}.values())

    @cached_property
    def chapters(self) -> dict[tuple[str, str], list[Page]]:
        """The pages to be read in order as {(language, folder): pages}."""
        found: dict[tuple[str, str], list[Page]] = {}
        for page in self.pages.values():
            if page.group == "read" and page.layout == "page":
                found.setdefault((page.language, page.folder), []).append(page)
        for (_language, folder), pages in found.items():
            if folder:  # its first page leads to the others, whatever number it has
                pages.sort(key=lambda page: page.path.name != INDEX)
        return found


class NoPages(Content):
    """The content of a site that may show no page: the clinic's own data are what is read."""

    @cached_property
    def page_files(self) -> tuple[dict[str, PageFile], list[ContentError]]:
        return {}, []


@cache
def content() -> Content:
    """All content of the site. Every reader asks here, so that a test replaces it in one place."""
    found = (NoPages if settings.NO_PAGES else Content)(settings.CONTENT_DIR)
    found.state  # noqa: B018  (as it is before a file is read)
    return found


def clinic() -> Clinic:
    return content().clinic


def all_pages() -> dict[str, Page]:
    return content().pages


def reading_order(language: str = settings.LANGUAGE_CODE, folder: str = "") -> list[Page]:
    """The numbered pages of a language, or of a further treatment: folder "treatments/laser"."""
    return content().chapters.get((language, folder), [])


def treatments(language: str = settings.LANGUAGE_CODE) -> list[list[Page]]:
    """The pages of each further treatment, one list a folder, in the order of their first page."""
    chapters = content().chapters.items()
    return [pages for (found, folder), pages in chapters if folder and found == language]


def small_print(language: str = settings.LANGUAGE_CODE) -> list[Page]:
    """The pages that the footer names, without those of a further treatment."""
    pages = [page for page in all_pages().values() if page.group == "site"]
    return [page for page in pages if page.language == language and not page.folder]


def all_questions() -> dict[str, Question]:
    """Every question of every page as {id: Question}."""
    return {q.id: q for page in all_pages().values() for q in page.questions}


def all_pairs() -> list[tuple[Pair, Page]]:
    """Every pair with its page, in the order of the points."""
    found = [(pair, page) for page in all_pages().values() for pair in page.pairs]
    return sorted(found, key=lambda item: POINTS.index(item[0].id))
