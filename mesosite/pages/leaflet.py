"""The leaflet: reading pages bound into one document, with a code to check a printed copy by.

    code = which pages (two characters, or more where the site has over ten) + hash (eight)

The first part is a number whose bits are the pages in reading order; 0 stands for all of them.
The second is the first 40 bits of SHA-256 over the words of those pages.
"""

import hashlib
import html
import re
from dataclasses import dataclass
from enum import StrEnum

from mesosite.pages.codes import from_base32, in_groups, normal_code, to_base32

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
