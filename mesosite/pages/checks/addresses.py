"""Which pages there must be, and which addresses are taken already."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import Resolver404, get_resolver, resolve

from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.page_files import INDEX

NEEDED = {
    "": "It is the first page of the site.",
    "about": "Every page leads there.",
    "faqs": "The form leads there.",
    "risks": "Every page leads there after a treatment that went wrong.",
    "privacy": "The form asks for consent to its words.",
}
"""The pages that templates and code lead to as {address: why}."""


def missing_pages(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E025: a page that the code leads to is not there."""
    there = {checked.page.url.strip("/") for checked in checked_pages}
    for address, why in NEEDED.items():
        if address not in there:
            path = settings.CONTENT_DIR / settings.LANGUAGE_CODE / f"{address or 'index'}.md"
            hint = "Restore it, or give its new file this name."
            yield Problem(25, ContentError(path, 0, f"This page must be there. {why}", hint))


def misplaced_homes(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E025 too: the first page of a language, and no other, has the layout `home`."""
    for checked in checked_pages:
        home = checked.page.path.relative_to(settings.CONTENT_DIR).parts[1:] == ("index.md",)
        if home != (checked.page.layout == "home"):
            line = checked.raw_line("layout:") or 1
            message = f"The layout of this page must be “{'home' if home else 'page'}”."
            yield checked.problem(25, line, message, "Only index.md has the layout “home”.")


def taken_addresses(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E026: an address that the site makes itself, or that belongs to another language."""
    others = {code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
    for checked in checked_pages:
        page = checked.page
        if is_taken(page.address, page.url) or page.address.split("/")[0] in others:
            message = f"The address {page.url} is taken: the site makes it itself."
            yield checked.problem(26, 0, message, "Give the file another name.")


def sections_without_index(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E037: a folder with pages and no first page. With one it is a section of its own."""
    pages = [checked.page for checked in checked_pages if checked.page.folder]
    first = {page.path.parent for page in pages if page.path.name == INDEX and page.group == "read"}
    for folder in sorted({page.path.parent for page in pages} - first):
        beside = next(page.path for page in pages if page.path.parent == folder)
        message = f"This folder has pages, and no {INDEX} that leads to them."
        hint = f"Write {INDEX} there, with “group: read”, or move {beside.name} out of the folder."
        yield Problem(37, ContentError(folder, 0, message, hint))


def is_taken(address: str, url: str) -> bool:
    """Whether the site itself answers an address, with or without its last slash, or one above it.

    address: without its language and its outer slashes; url: with them.
    """
    first = address.split("/")[0]
    served = {str(pattern.pattern).strip("/") for pattern in get_resolver().url_patterns}
    reserved = {*(served - {""}), settings.STATIC_URL.strip("/")}
    return first in reserved or is_made(url) or is_made(url.rstrip("/") or "/")


def is_made(url: str) -> bool:
    """Whether the site itself answers a URL, and not with a page of content/."""
    try:
        return resolve(url).url_name not in ("page", "home")
    except Resolver404:
        return False
