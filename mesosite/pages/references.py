"""The sources: CSL-JSON as Zotero exports it, printed in Vancouver style.

Formats: https://docs.citationstyles.org/ (CSL-JSON) and Citing Medicine,
https://www.ncbi.nlm.nih.gov/books/NBK7256/ (Vancouver). A field that is not there is not known
and is left out.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property

from mesosite.pages.errors import ContentError

_MOST_AUTHORS = 6


@dataclass(frozen=True)
class Reference:
    """One source. `csl` is its CSL-JSON item."""

    key: str
    csl: dict = field(repr=False)

    @cached_property
    def authors(self):
        names = [_author(name) for name in self.csl.get("author", [])]
        return ", ".join(names[:_MOST_AUTHORS] + (["et al"] if len(names) > _MOST_AUTHORS else []))

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
        where = csl.get("container-title") or csl.get("publisher", "")
        volume = str(csl.get("volume", "")) + (f"({csl['issue']})" if "issue" in csl else "")
        when = self.year + (f";{volume}" if volume else "")
        when += f":{csl['page']}" if "page" in csl else ""
        return ". ".join(part for part in (where, when) if part)

    @cached_property
    def url(self):
        """The DOI, PubMed or PubMed Central address, or a regulator's own page; "" if none."""
        csl = self.csl
        if "DOI" in csl:
            return f"https://doi.org/{csl['DOI']}"
        if "PMID" in csl:
            return f"https://pubmed.ncbi.nlm.nih.gov/{csl['PMID']}/"
        if "PMCID" in csl:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{csl['PMCID']}/"
        return csl.get("URL", "")


def _author(name):
    if "literal" in name:
        return name["literal"]
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
