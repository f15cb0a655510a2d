"""The sources: CSL-JSON as Zotero exports it, printed in Vancouver style.

Formats: https://docs.citationstyles.org/ (CSL-JSON) and Citing Medicine,
https://www.ncbi.nlm.nih.gov/books/NBK7256/ (Vancouver). A field that is not there is not known
and is left out.

What stands behind each source, in plain words: `content/studies.yaml`.
"""

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.yaml_lines import load_yaml

_MAX_AUTHORS, _OF_MANY, _FEW_WORDS = 6, 3, 5
_REGISTERS = (
    ("DOI", "DOI", "https://doi.org/{}"),
    ("PMID", "PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    ("PMCID", "PMC", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
)


@dataclass(frozen=True)
class Reference:
    """One source. `csl` is its CSL-JSON item."""

    key: str
    csl: dict = field(repr=False)

    @cached_property
    def authors(self):
        """Up to six, or the first three of more."""
        return _listed(self._names, _OF_MANY if len(self._names) > _MAX_AUTHORS else _MAX_AUTHORS)

    @cached_property
    def first_author(self):
        """`Alam M, et al`, where a list must be short."""
        return _listed(self._names, 1)

    @cached_property
    def _names(self):
        return [_author(name) for name in self.csl.get("author", [])]

    @cached_property
    def name(self):
        """A short name: `Alam 2014`, or what it appeared in, or how its title begins."""
        author = next(iter(self.csl.get("author", [])), {})
        words = self.title.split()
        title = " ".join(words[:_FEW_WORDS]) + ("…" if len(words) > _FEW_WORDS else "")
        known = (author.get("family"), author.get("literal"), self._where, title)
        return f"{next(filter(None, known), self.key)} {self.year}".strip()

    @cached_property
    def title(self):
        return self.csl.get("title", "").rstrip(".")

    @cached_property
    def year(self):
        parts = self.csl.get("issued", {}).get("date-parts", [[]])[0]
        return str(parts[0]) if parts else ""

    @cached_property
    def published(self):
        """Where and when: `JAMA Dermatology. 2014;150(8):844-849`, as far as it is known."""
        csl = self.csl
        volume = str(csl.get("volume", "")) + (f"({csl['issue']})" if "issue" in csl else "")
        when = self.year + (f";{volume}" if volume else "")
        when += f":{csl['page']}" if "page" in csl else ""
        return ". ".join(part for part in (self._where, when) if part)

    @cached_property
    def published_in(self):
        """The same in short: `JAMA Dermatology. 2014`."""
        return ". ".join(filter(None, (self._where, self.year)))

    @property
    def _where(self):
        return self.csl.get("container-title") or self.csl.get("publisher", "")

    @cached_property
    def links(self):
        """All that is known of ("DOI", address), ("PubMed", …), ("PMC", …) and its own page."""
        found = [
            (name, at.format(self.csl[key])) for key, name, at in _REGISTERS if key in self.csl
        ]
        own = self.csl.get("URL")
        return found + ([(urlsplit(own).hostname.removeprefix("www."), own)] if own else [])

    @cached_property
    def url(self):
        """The first of its links; "" if none."""
        return self.links[0][1] if self.links else ""


def _listed(names, most):
    return ", ".join(names[:most] + (["et al"] if len(names) > most else []))


def _author(name):
    if "literal" in name:
        return name["literal"].removesuffix(".")
    initials = "".join(part[0] for part in name.get("given", "").replace("-", " ").split())
    return f"{name.get('family', '')} {initials}".strip()


def read_references(path):
    """The file's sources as {key: Reference}. Raises ContentError."""
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
        return {item["id"]: Reference(item["id"], item) for item in items}
    except FileNotFoundError as error:
        raise ContentError(path, 0, "The list of sources is not there.") from error
    except UnicodeDecodeError as error:
        raise ContentError(path, 0, "The file is not saved as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ContentError(
            path, error.lineno, "This cannot be read as JSON.", "Export it from Zotero again."
        ) from error
    except (KeyError, TypeError) as error:
        raise ContentError(path, 0, "A source has no “id”.", "Export as CSL JSON.") from error


FIELDS = ("design", "people", "compared", "weakness")


@dataclass(frozen=True)
class Study:
    """A source as a reader of 13 understands it. What is empty is not known.

    line: where its entry stands in the file, 0 for a source without one.
    """

    design: str = ""
    people: str = ""
    compared: str = ""
    weakness: str = ""
    line: int = 0

    @property
    def text(self):
        """`Trial …. 20 people. Compared … with …. Weak point: few people.`, as far as known."""
        said = (
            self.design and _("%s.") % self.design,
            self.people and _("%s.") % (self.people[0].upper() + self.people[1:]),
            self.compared and _("Compared %s.") % self.compared,
            self.weakness and _("Weak point: %s.") % self.weakness,
        )
        return " ".join(filter(None, said))


@cache
def all_studies():
    """Every entry as {key of the source: Study}. Raises ContentError."""
    return read_studies(settings.CONTENT_DIR / "studies.yaml")


def read_studies(path):
    """The file's entries as {key: Study}. Raises ContentError with the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ContentError(path, 0, "The list of studies is not there.") from error
    except UnicodeDecodeError as error:
        raise ContentError(path, 0, "The file is not saved as UTF-8.") from error
    values, lines = load_yaml(path, text)
    return {key: _study(path, text, lines[key], value) for key, value in values.items()}


def _study(path, text, line, value):
    if not isinstance(value, dict):
        raise ContentError(path, line, "This entry has no fields.", _known_fields())
    for name, said in value.items():
        if name not in FIELDS:
            place = _line_of(text, line, name)
            raise ContentError(path, place, f"“{name}” is not a field of a study.", _known_fields())
        if not isinstance(said, str | None):
            place = _line_of(text, line, name)
            raise ContentError(path, place, f"“{name}” must be words.", "Such as: 20 people.")
    return Study(**{field: value.get(field) or "" for field in FIELDS}, line=line)


def _line_of(text, line, field):
    """The line of a field in the entry that begins at `line`."""
    rows = enumerate(text.split("\n")[line:], line + 1)
    return next((n for n, row in rows if row.strip().startswith(f"{field}:")), line)


def _known_fields():
    return f"Known: {', '.join(FIELDS)}. What is not known stays empty."
