"""The leaflet: reading pages bound into one document, with a code to check a printed copy by.

    code = which pages (two characters, or more where the site has over ten) + hash (eight)

The first part is a number whose bits are the pages in reading order; 0 stands for all of them.
The second is the first 40 bits of SHA-256 over the words of those pages.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString, mark_safe
from lxml.html import HtmlElement

from mesosite.pages.base32 import from_base32, in_groups, normal_code, to_base32
from mesosite.pages.content.references import Reference
from mesosite.pages.html_tree import HEADINGS, TO_SOURCE, inner_html
from mesosite.pages.page import Page

PAGES_WIDTH, HASH_WIDTH, HASH_BYTES = 2, 8, 5
_NAMES = ("id", "for", "name", "aria-labelledby", "aria-describedby")


def anchor(page: Page) -> str:
    """Where a page's chapter begins: the id of its section."""
    return page.address.replace("/", "-")


def sources_of(pages: Sequence[Page]) -> tuple[Reference, ...]:
    """The sources of some pages, each once, in the order in which a reader meets them."""
    return tuple({source.key: source for page in pages for source in page.references}.values())


def chapter_html(tree: HtmlElement, page: Page, pages: Sequence[Page]) -> SafeString:
    """A page's body for a leaflet of `pages`. Changes `tree`.

    Headings go one level down, names take the page's before them, citations the number that their
    source has in the whole leaflet, and links between its pages lead to their chapters. A region's
    name tells its page too. A label does not open: its sources stand in the leaflet's list. A fold
    is open for good.
    """
    keys = [source.key for source in sources_of(pages)]
    numbers = {str(n): str(keys.index(s.key) + 1) for n, s in enumerate(page.references, 1)}
    anchors = {bound.url: anchor(bound) for bound in pages}
    for label in tree.xpath(".//details[starts-with(@class, 'label ')][summary]"):
        summary = label.find("summary")
        label.tag, label.text, label[:] = "p", summary.text, list(summary)
    for fold in tree.xpath(".//details[@class='fold']"):
        fold.tag = "section"
        fold.find("summary").tag = "h3"
    for cite in tree.find_class("cite"):
        cite.text = _renumbered(cite.text, numbers)
        for link in cite:
            link.text, link.tail = _renumbered(link.text, numbers), _renumbered(link.tail, numbers)
    for region in tree.xpath(".//*[@role='region'][@aria-label]"):
        region.set("aria-label", f"{region.get('aria-label')}: {page.nav}")
    for element in tree.iter():
        if element.tag in HEADINGS[:-1]:
            element.tag = HEADINGS[HEADINGS.index(element.tag) + 1]
        for name in _NAMES:
            if names := element.get(name):
                element.set(name, " ".join(f"{anchor(page)}-{own}" for own in names.split()))
        if href := element.get("href"):
            element.set("href", _bound(href, anchor(page), anchors, numbers))
    return mark_safe(inner_html(tree))  # noqa: S308  (the clinic's own files)


def _renumbered(text: str | None, numbers: dict[str, str]) -> str:
    return re.sub(r"\d+", lambda match: numbers.get(match[0], match[0]), text or "")


def _bound(href: str, prefix: str, anchors: dict[str, str], numbers: dict[str, str]) -> str:
    """Where a link of a chapter leads in the leaflet."""
    if source := TO_SOURCE.fullmatch(href):
        return f"#s{numbers[source[1]]}"
    url, _hash, place = href.partition("#")
    target = anchors.get(url) if url else prefix
    if target is None or href == "#":
        return href
    return f"#{target}-{place}" if place else f"#{target}"


class Verdict(StrEnum):
    """The result of checking the code on a printed leaflet."""

    CURRENT = "current"
    CHANGED = "changed"
    NO_CODE = "no code"


@dataclass(frozen=True)
class Checked:
    """A checked code; pages: those that it names, in reading order."""

    verdict: Verdict
    pages: tuple[Page, ...] = ()


def reader_text(page: Page, body: HtmlElement) -> str:
    """The words that a reader of a page sees: markup and styles can change without it.

    body: the page's tree with its components in it.
    """
    text = " ".join(" ".join(body.itertext()).split())
    sources = [f"{source.authors} {source.title} {source.published}" for source in page.references]
    questions = [question.text for question in page.questions]
    said = (page.address, page.title, page.audience, *page.summary, text, *questions, *sources)
    review = page.reviewed
    signed = f"{review.by} {review.on.isoformat()}" if review else ""
    return "\n".join((*said, page.checked.isoformat(), signed))


def version_code(
    order: Sequence[Page], pages: Sequence[Page], cover: str, text_of: Callable[[Page], str]
) -> str:
    """The code of a leaflet of `pages`, some of `order`, as it is printed: `3Z7KQ-2M4XN`.

    cover: what stands around the pages, such as the clinic's phone; text_of(page): its words.
    """
    chosen = sum(1 << place for place, page in enumerate(order) if page in pages)
    named = 0 if len(pages) == len(order) else chosen
    text = "\n\n".join((cover, *map(text_of, pages)))
    digest = hashlib.sha256(text.encode()).digest()[:HASH_BYTES]
    hashed = to_base32(int.from_bytes(digest), HASH_WIDTH)
    return in_groups(to_base32(named, PAGES_WIDTH) + hashed)


def pages_of(code: str, order: Sequence[Page]) -> tuple[Page, ...]:
    """The pages that a normal code names; empty for a wrong code or a page that is not here."""
    if not 0 <= len(code) - PAGES_WIDTH - HASH_WIDTH <= len(order):
        return ()
    try:
        named = from_base32(code) >> 5 * HASH_WIDTH  # 5 bits a character
    except ValueError:
        return ()
    if named >> len(order):
        return ()
    return tuple(page for place, page in enumerate(order) if not named or named >> place & 1)


def check_code(
    typed: str, order: Sequence[Page], cover: str, text_of: Callable[[Page], str]
) -> Checked:
    """Whether a code that somebody typed is that of the pages as they are now."""
    code = normal_code(typed)
    pages = pages_of(code, order)
    if not pages:
        return Checked(Verdict.NO_CODE)
    same = code == normal_code(version_code(order, pages, cover, text_of))
    return Checked(Verdict.CURRENT if same else Verdict.CHANGED, pages)
