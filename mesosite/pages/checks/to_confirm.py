"""What a clinician has still to confirm stands on the page that is named, and readers see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml.html import HtmlElement

from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.checks.claims import claims_of
from mesosite.pages.checks.structure import dead_end
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.labels import Label
from mesosite.pages.content.to_confirm import Read
from mesosite.pages.html_tree import classes
from mesosite.pages.page import Page
from mesosite.pages.prose import words


@dataclass(frozen=True)
class Row:
    """A line for a clinician. href: its place; sources: their names; ask: what is asked."""

    page: Page
    href: str
    words: str
    sources: tuple[str, ...]
    read: Read
    ask: str | Promise


def rows() -> list[Row]:
    """Those of to_confirm.yaml, then each label “Usual practice, not counted” without a source."""
    named = []
    for entry in content().to_confirm:
        if page := all_pages().get(entry.page.partition("#")[0].strip("/")):
            sources = tuple(content().references[key].name for key in entry.sources)
            named.append(Row(page, entry.page, entry.words, sources, entry.read, entry.ask))
    return [*named, *(row for page in all_pages().values() for row in _without_source(page))]


def _without_source(page: Page) -> Iterator[Row]:
    for claim in claims_of(page):
        if claim.label == Label.USUAL and not claim.sources:
            said = f"{claim.about}: {claim.text}" if claim.about else claim.text
            href = f"{page.url}#{claim.place}" if claim.place else page.url
            yield Row(page, href, said, (), Read.NONE, _("Is this usual practice, and safe?"))


def unfound(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E043: words to confirm that stand on no page, or on another one."""
    texts = {checked.page.url: _plain(" ".join(_texts(checked))) for checked in checked_pages}
    path = settings.CONTENT_DIR / "to_confirm.yaml"
    for entry in content().to_confirm:
        fault = dead_end(entry.page)
        text = texts.get(entry.page.partition("#")[0], "")
        if not fault and _plain(entry.words) not in text:
            fault = f"These words do not stand on {entry.page}: “{entry.words}”"
        if fault:
            hint = "Copy them from the page, or remove the entry once a clinician has confirmed it."
            yield Problem(43, ContentError(path, entry.line, fault, hint))


def _plain(text: str) -> str:
    return f" {' '.join(words(text.replace('’', chr(39)))).lower()} "


def _texts(checked: CheckedPage) -> Iterator[str]:
    page = checked.page
    facts = (said for fact in page.facts for said in fact.values())
    asked = (question.text for question in page.questions)
    yield from (page.title, page.audience, *page.summary, *facts, *asked)
    yield from _said(page.tree)


def _said(element: HtmlElement) -> Iterator[str]:
    """The texts in an element, without the numbers of its sources."""
    if "cite" not in classes(element):
        yield element.text or ""
        for child in element:
            yield from _said(child)
            yield child.tail or ""
