"""All sources of the site, each with what stands behind it and the places that rest on it."""

import re
from dataclasses import dataclass

from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.content.references import Reference, Study

_PLACE = re.compile(r' id="([^"]+)"|href="#s(\d+)"')


@dataclass(frozen=True)
class CitedSource:
    """A source as `/references/` prints it; uses: ((Page, addresses of its places), …)."""

    reference: Reference
    study: Study
    uses: tuple


def bibliography():
    """Every source as an Entry, in alphabetical order."""
    used = [(page, _places(page)) for page in all_pages().values()]
    entries = [
        CitedSource(
            reference, content().studies.get(reference.key, Study()), tuple(_uses(reference, used))
        )
        for reference in content().references.values()
    ]
    return sorted(entries, key=lambda entry: _first_words(entry.reference))


def _uses(reference, used):
    for page, places in used:
        if reference.key in places:
            yield page, tuple(f"{page.url}#{anchor}" for anchor in places[reference.key])


def _places(page):
    """{key of a source: the anchors next above its citations}, as far as the page has any."""
    found, anchor = {}, "main"
    for match in _PLACE.finditer(page.html):
        anchor = match[1] or anchor
        if match[2]:
            key = page.references[int(match[2]) - 1].key
            found.setdefault(key, {})[anchor] = None
    return found


def _first_words(reference):
    found = reference.authors or reference.title or reference.published
    return found.lstrip("[").casefold()
