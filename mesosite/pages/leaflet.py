"""The leaflet: reading pages bound into one document, with a code to check a printed copy by.

    code = which pages (two characters, or more where the site has over ten) + hash (eight)

The first part is a number whose bits are the pages in reading order; 0 stands for all of them.
The second is the first 40 bits of SHA-256 over the words of those pages.

A page's html as a chapter of the leaflet, where all pages share headings, ids and sources.
"""

import hashlib
import html
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import escape
from django.utils.safestring import mark_safe

from mesosite.pages.base32 import from_base32, in_groups, normal_code, to_base32

_TAG = re.compile(r"<[^<>]+>")
_NUMBERS = re.compile(r'(?<=<sup class="cite">).*?(?=</sup>)')
_NUMBER = re.compile(r"\d+(?![^<]*>)")
_LABEL = re.compile(
    r'<details class="(label [^"]*)">\s*<summary>(.*?)</summary>.*?</details>', re.DOTALL
)
_HEADING = re.compile(r"^<(/?)h([1-5])\b")
_OWN_NAME = re.compile(r'\b(id|for|name|aria-labelledby|aria-describedby)="([^"]+)"')
_REGION = re.compile(r'<[^<>]*\brole="region"[^<>]*>')
_NAMED = re.compile(r'(aria-label="[^"]*)(")')
_TO_SOURCE = re.compile(r'href="#s(\d+)"')
_TO_PLACE = re.compile(r'href="#(?!s\d)([^"]+)"')
_TO_PAGE = re.compile(r'href="(/[^"#]*)(?:#([^"]*))?"')


def anchor(page):
    """Where a page's chapter begins: the id of its section."""
    return page.address.replace("/", "-")


def sources_of(pages):
    """The sources of some pages, each once, in the order in which a reader meets them."""
    return tuple({source.key: source for page in pages for source in page.references}.values())


def chapter_html(html, page, pages):
    """A page's body for a leaflet of `pages`.

    Headings go one level down, names take the page's before them, citations the number that their
    source has in the whole leaflet, and links between its pages lead to their chapters. A region's
    name tells its page too. A label that opens is shut for good: what it rests on stands in the
    leaflet's list of sources.
    """
    keys = [source.key for source in sources_of(pages)]
    numbers = {n: keys.index(own.key) + 1 for n, own in enumerate(page.references, 1)}
    anchors = {bound.url: anchor(bound) for bound in pages}
    html = _LABEL.sub(r'<p class="\1">\2</p>', html)
    html = _NUMBERS.sub(lambda m: _NUMBER.sub(lambda n: str(numbers[int(n[0])]), m[0]), html)
    named = f": {escape(page.nav)}"
    html = _REGION.sub(lambda m: _NAMED.sub(lambda n: n[1] + named + n[2], m[0]), html)
    html = _TAG.sub(lambda m: _tag(m[0], anchor(page), anchors, numbers), html)
    return mark_safe(html)  # noqa: S308  (the clinic's own files)


def _tag(text, prefix, anchors, numbers):
    """One tag, with its heading, its own names and its links as the leaflet needs them."""

    def own(match):
        names = " ".join(f"{prefix}-{name}" for name in match[2].split())
        return f'{match[1]}="{names}"'

    def to_page(match):
        if match[1] not in anchors:
            return match[0]
        place = f"-{match[2]}" if match[2] else ""
        return f'href="#{anchors[match[1]]}{place}"'

    text = _HEADING.sub(lambda m: f"<{m[1]}h{int(m[2]) + 1}", text)
    text = _TO_PLACE.sub(rf'href="#{prefix}-\1"', _OWN_NAME.sub(own, text))
    text = _TO_SOURCE.sub(lambda m: f'href="#s{numbers[int(m[1])]}"', text)
    return _TO_PAGE.sub(to_page, text)


PAGES_WIDTH, HASH_WIDTH, HASH_BYTES = 2, 8, 5
_MARKUP = re.compile(r"<[^<>]*>")


class Verdict(StrEnum):
    """What can be said of the code on a printed leaflet."""

    CURRENT = "current"
    CHANGED = "changed"
    NO_CODE = "no code"


@dataclass(frozen=True)
class Checked:
    """A code as it was looked up; pages: those that it names, in reading order."""

    verdict: Verdict
    pages: tuple = ()


def reader_text(page, body):
    """What a reader of a page sees in words: markup and styles can change without it.

    body: the page's html with its components in it.
    """
    text = html.unescape(" ".join(_MARKUP.sub(" ", body).split()))
    sources = [f"{source.authors} {source.title} {source.published}" for source in page.references]
    questions = [question.text for question in page.questions]
    said = (page.address, page.title, page.audience, *page.summary, text, *questions, *sources)
    return "\n".join((*said, page.checked.isoformat(), page.reviewed_by))


def version_code(order, pages, cover, text_of):
    """The code of a leaflet of `pages`, some of `order`, as it is printed: `3Z7KQ-2M4XN`.

    cover: what stands around the pages, such as the clinic's phone; text_of(page): its words.
    """
    chosen = sum(1 << place for place, page in enumerate(order) if page in pages)
    named = 0 if len(pages) == len(order) else chosen
    text = "\n\n".join((cover, *map(text_of, pages)))
    digest = hashlib.sha256(text.encode()).digest()[:HASH_BYTES]
    hashed = to_base32(int.from_bytes(digest), HASH_WIDTH)
    return in_groups(to_base32(named, PAGES_WIDTH) + hashed)


def pages_of(code, order):
    """The pages that a normal code names; none where it is no code, or names pages not here."""
    if len(code) < PAGES_WIDTH + HASH_WIDTH or len(code) > len(order) + PAGES_WIDTH + HASH_WIDTH:
        return ()
    try:
        named = from_base32(code[:-HASH_WIDTH])
        from_base32(code[-HASH_WIDTH:])
    except ValueError:
        return ()
    if named >> len(order):
        return ()
    return tuple(page for place, page in enumerate(order) if not named or named >> place & 1)


def check_code(typed, order, cover, text_of):
    """Whether a code that somebody typed is that of the pages as they are now: a Checked."""
    code = normal_code(typed)
    pages = pages_of(code, order)
    if not pages:
        return Checked(Verdict.NO_CODE)
    same = code == normal_code(version_code(order, pages, cover, text_of))
    return Checked(Verdict.CURRENT if same else Verdict.CHANGED, pages)
