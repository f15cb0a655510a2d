"""All sources of the site, each with what stands behind it and the places that rest on it."""

import re
from dataclasses import dataclass

from mesosite.pages.catalogue import all_pages, all_references
from mesosite.pages.content.references import Reference, Study, all_studies

_TO_SOURCE = re.compile(r"#s(\d+)")


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
            reference, all_studies().get(reference.key, Study()), tuple(_uses(reference, used))
        )
        for reference in all_references().values()
    ]
    return sorted(entries, key=lambda entry: _first_words(entry.reference))


def _uses(reference, used):
    for page, places in used:
        if reference.key in places:
            yield page, tuple(f"{page.url}#{anchor}" for anchor in places[reference.key])


def _places(page):
    """{key of a source: the anchors next above its citations}, as far as the page has any."""
    found, anchor = {}, "main"
    for element in page.tree.iter():
        anchor = element.get("id", anchor)
        if cited := _TO_SOURCE.fullmatch(element.get("href", "")):
            key = page.references[int(cited[1]) - 1].key
            found.setdefault(key, {})[anchor] = None
    return found


def _first_words(reference):
    found = reference.authors or reference.title or reference.published
    return found.lstrip("[").casefold()
