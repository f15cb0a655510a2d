"""The site's content: `content()` reads each file of CONTENT_DIR once, pages and all."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings

from mesosite.pages.content.clinic import Clinic
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.files import ContentFiles
from mesosite.pages.content.front_matter import POINTS, PageFile, read_page_file
from mesosite.pages.content.help import Help, help_in
from mesosite.pages.content.page_files import INDEX, page_files
from mesosite.pages.page import Page, Pair, Question, read_page


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


def help_here() -> Help:
    """Whom a reader can turn to in the clinic's country."""
    return help_in(content().help_by_country, clinic().country, clinic().helpline)


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
