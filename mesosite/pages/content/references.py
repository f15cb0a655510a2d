"""The sources: CSL-JSON as Zotero exports it, printed in Vancouver style.

Formats: https://docs.citationstyles.org/ (CSL-JSON) and Citing Medicine,
https://www.ncbi.nlm.nih.gov/books/NBK7256/ (Vancouver). An unknown field is left out.
`content/studies.yaml` says in plain words what stands behind each source.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from mesosite.pages.content import csl
from mesosite.pages.content.errors import ContentError, WrongValue, read_text
from mesosite.pages.content.yaml_lines import Text, line_of, read_mapping

_MAX_AUTHORS, _OF_MANY, _FEW_WORDS = 6, 3, 5
_IN_PATH = "/:;()"
"""The signs of a DOI that need no percent sign in its address, beside letters, digits and -._~ ."""
_REGISTERS = (
    ("DOI", "DOI", "https://doi.org/{}"),
    ("PMID", "PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    ("PMCID", "PMC", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
)


@dataclass(frozen=True)
class Reference:
    """One source. csl: its fields as `csl.read_item` gives them."""

    key: str
    csl: dict[str, Any] = field(repr=False)

    @cached_property
    def authors(self) -> str:
        """Up to six, or the first three of more."""
        return _listed(self._names, _OF_MANY if len(self._names) > _MAX_AUTHORS else _MAX_AUTHORS)

    @cached_property
    def first_author(self) -> str:
        """`Alam M, et al`, where a list must be short."""
        return _listed(self._names, 1)

    @cached_property
    def _names(self) -> list[str]:
        return [_author(name) for name in self.csl.get("author", [])]

    @cached_property
    def name(self) -> str:
        """A short name: `Alam 2014`, or what it appeared in, or how its title begins."""
        author: dict[str, str] = next(iter(self.csl.get("author", [])), {})
        start = self.title.split()
        title = " ".join(start[:_FEW_WORDS]) + ("…" if len(start) > _FEW_WORDS else "")
        known = (author.get("family"), author.get("literal"), self._where, title)
        return f"{next(filter(None, known), self.key)} {self.year}".strip()

    @cached_property
    def journal(self) -> str:
        """Where it appeared, unless its short name says that already."""
        return "" if self.name.startswith(self._where) else self._where

    @cached_property
    def title(self) -> str:
        return self.csl.get("title", "").rstrip(".")

    @cached_property
    def year(self) -> str:
        parts = self.csl.get("issued", {}).get("date-parts", [[]])[0]
        return str(parts[0]) if parts else ""

    @cached_property
    def published(self) -> str:
        """Where and when: `JAMA Dermatology. 2014;150(8):844-849`, as far as it is known."""
        csl = self.csl
        volume = str(csl.get("volume", "")) + (f"({csl['issue']})" if "issue" in csl else "")
        when = self.year + (f";{volume}" if volume else "")
        when += f":{csl['page']}" if "page" in csl else ""
        return ". ".join(part for part in (self._where, when) if part)

    @cached_property
    def published_in(self) -> str:
        """The same in short: `JAMA Dermatology. 2014`."""
        return ". ".join(filter(None, (self._where, self.year)))

    @property
    def _where(self) -> str:
        return self.csl.get("container-title") or self.csl.get("publisher", "")

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """All that is known of ("DOI", address), ("PubMed", …), ("PMC", …) and its own page."""
        known = [row for row in _REGISTERS if row[0] in self.csl]
        found = [
            (name, address.format(quote(self.csl[key], _IN_PATH))) for key, name, address in known
        ]
        if own := self.csl.get("URL"):
            found.append(((urlsplit(own).hostname or own).removeprefix("www."), own))
        return found

    @cached_property
    def url(self) -> str:
        """The first of its links; "" if none."""
        return self.links[0][1] if self.links else ""


def _listed(names: list[str], limit: int) -> str:
    return ", ".join(names[:limit] + (["et al"] if len(names) > limit else []))


def _author(name: dict[str, str]) -> str:
    if "literal" in name:
        return name["literal"].removesuffix(".")
    initials = "".join(part[0] for part in re.split(r"[\s.-]+", name.get("given", "")) if part)
    return f"{name.get('family', '')} {initials}".strip()


def read_references(path: Path) -> dict[str, Reference]:
    """The file's sources as {key: Reference}. Raises ContentError."""
    text = read_text(path, "The list of sources is not there.")
    found: dict[str, Reference] = {}
    key = ""
    try:
        for item in csl.load(text):
            key = ""
            key = csl.read_key(item)
            if key in found:
                raise WrongValue("Another source has the same id.", "Give each its own.")
            found[key] = Reference(key, csl.read_item(item))
    except WrongValue as error:
        line = error.line or _line_of_source(text, key)
        message = f"Source “{key}”: {error.message}" if key else error.message
        raise ContentError(path, line, message, error.hint) from error
    return found


def _line_of_source(text: str, key: str) -> int:
    """The last line that says the id, 0 where none does."""
    said = re.compile(rf'"id"\s*:\s*"?{re.escape(key)}\b') if key else re.compile("(?!)")
    return max((n for n, row in enumerate(text.split("\n"), 1) if said.search(row)), default=0)


FIELDS = ("design", "people", "compared", "weakness")
_KNOWN_FIELDS = f"Known: {', '.join(FIELDS)}. What is not known stays empty."


@dataclass(frozen=True)
class Study:
    """A source as a reader of 13 understands it; line: of its entry in the file, or 0."""

    design: str = ""
    people: str = ""
    compared: str = ""
    weakness: str = ""
    line: int = 0

    @property
    def text(self) -> str:
        """`Trial …. 20 people. Compared … with …. Weak point: few people.`, as far as known."""
        said = (
            self.design and _("%s.") % self.design,
            self.people and _("%s.") % (self.people[0].upper() + self.people[1:]),
            self.compared and _("Compared %s.") % self.compared,
            self.weakness and _("Weak point: %s.") % self.weakness,
        )
        return " ".join(filter(None, said))


def read_studies(path: Path) -> dict[str, Study]:
    """The file's entries as {key: Study}. Raises ContentError with the line."""
    values = read_mapping(path, read_text(path, "The list of studies is not there."))
    return {str(key): _study(path, key, value) for key, value in values.items()}


def _study(path: Path, key: Text, value: Any) -> Study:
    if not isinstance(value, dict):
        raise ContentError(path, key.line, "This entry has no fields.", _KNOWN_FIELDS)
    for name, said in value.items():
        if name not in FIELDS:
            message = f"“{name}” is not a field of a study."
            raise ContentError(path, name.line, message, _KNOWN_FIELDS)
        if not isinstance(said, str):
            message, hint = f"“{name}” must be words.", "Such as: 20 people."
            raise ContentError(path, line_of(said, name.line), message, hint)
    return Study(**{str(name): said for name, said in value.items()}, line=key.line)
