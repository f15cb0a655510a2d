"""All sources of the site, each with what stands behind it and the places that rest on it."""

from collections import defaultdict
from dataclasses import dataclass

from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.content.references import Reference, Study
from mesosite.pages.html_tree import TO_SOURCE
from mesosite.pages.page import Page


@dataclass(frozen=True)
class CitedSource:
    """A source as `/references/` prints it; uses: ((Page, addresses of its places), …)."""

    reference: Reference
    study: Study
    uses: tuple[tuple[Page, tuple[str, ...]], ...]

    @property
    def letter(self) -> str:
        """The first letter of its entry, by which a reader looks for it."""
        return _first_words(self.reference)[0].upper()


def bibliography() -> list[CitedSource]:
    """Every source that a page cites, in alphabetical order."""
    uses: dict[str, list[tuple[Page, tuple[str, ...]]]] = defaultdict(list)
    for page in all_pages().values():
        for key, places in _places(page).items():
            uses[key].append((page, tuple(places)))
    found = [
        CitedSource(reference, content().studies.get(key, Study()), tuple(uses[key]))
        for key, reference in content().references.items()
        if key in uses
    ]
    return sorted(found, key=lambda source: _first_words(source.reference))


def _places(page: Page) -> dict[str, dict[str, None]]:
    """{key of a source: the places, each once, that stand next above its citations}."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    anchor = "main"
    for element in page.tree.iter():
        anchor = element.get("id", anchor)
        if cited := TO_SOURCE.fullmatch(element.get("href", "")):
            key = page.references[int(cited[1]) - 1].key
            found[key][f"{page.url}#{anchor}"] = None
    return found


def _first_words(reference: Reference) -> str:
    found = reference.authors or reference.title or reference.published
    return found.lstrip("[").casefold()
