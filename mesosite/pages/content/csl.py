"""CSL-JSON as Zotero, Mendeley, PubMed, Crossref and pandoc really write it, read field by field.

null, "" and what is not there are the same: not known. A number is read as its digits, a list of
one as that one. A field that cannot be read is refused in words.
Format: https://docs.citationstyles.org/en/stable/specification.html
"""

import json
import re
from typing import Any, NoReturn
from urllib.parse import urlsplit

from mesosite.pages.content.errors import UNSEEN, WrongValue

_TEXTS = ("title", "container-title", "publisher", "volume", "issue", "page")
_NAME = ("literal", "name", "family", "given", "dropping-particle", "non-dropping-particle")
_KEY = re.compile(r"[\w-]+")
_TAG = re.compile(r"</?(?:i|b|sc|sub|sup|span)\b[^>]*>", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", re.ASCII)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.I | re.ASCII)
_PMID = re.compile(r"(?:pmid:\s*)?(\d{1,9})", re.I | re.ASCII)
_PMCID = re.compile(r"(?:pmcid:\s*)?(?:PMC)?(\d{1,9})", re.I | re.ASCII)
_NUMBERS = {
    "DOI": (_DOI, "", "10.1001/jamadermatol.2013.8687"),
    "PMID": (_PMID, "", "24919799"),
    "PMCID": (_PMCID, "PMC", "PMC8501429"),
}
"""{field: (what it looks like, what stands before its group, an example)}."""
_AUTHOR_HINT = 'Such as [{"family": "Alam", "given": "Murad"}, {"literal": "A group"}].'
_DATE_HINT = 'Such as {"date-parts": [[2014, 8]]}; leave it out where it is not known.'


def load(text: str) -> list[Any]:
    """The items of a file. Raises WrongValue, with the line where it is known."""
    try:
        items = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message, hint = "This cannot be read as JSON.", "Export it from Zotero again."
        raise WrongValue(message, hint, error.lineno) from error
    except (RecursionError, ValueError) as error:
        message = "This cannot be read as JSON: lists stand too deep, or a number is too long."
        raise WrongValue(message, "Export it from Zotero again.") from error
    if not isinstance(items, list):
        raise WrongValue("The file is not a list of sources.", "Put [ before them and ] after.")
    return items


def read_key(item: Any) -> str:
    """The `id` of an item. Raises WrongValue."""
    if not isinstance(item, dict):
        raise WrongValue("A source is not a { … } with its fields.", "Export as CSL JSON.")
    key = _text("id", item.get("id"))
    if not key:
        raise WrongValue("A source has no “id”.", "Export as CSL JSON.")
    if not _KEY.fullmatch(key):
        hint = "Letters, digits and hyphens, such as alam2014: pages cite it as [@alam2014]."
        raise WrongValue(f"The id “{key}” cannot be cited.", hint)
    return key


def read_item(item: dict[str, Any]) -> dict[str, Any]:
    """The fields that are printed, those known. Raises WrongValue.

    Texts and numbers are str; author: [{"literal"} or {"family", "given"}]; issued:
    {"date-parts": [[year]]} with the year as str.
    """
    found: dict[str, Any] = {name: _text(name, item.get(name)) for name in _TEXTS}
    found |= {name: _number(name, item.get(name)) for name in _NUMBERS}
    found["author"] = _authors(item.get("author"))
    year = _year(item.get("issued"))
    found["issued"] = {"date-parts": [[year]]} if year else None
    found["URL"] = _url(item.get("URL"))
    return {name: value for name, value in found.items() if value}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        of = f" of “{found['id']}”" if found.get("id") else ""
        raise WrongValue(f"The field “{twice}”{of} stands twice.", "Keep one of them.")
    return found


def _no_number(name: str) -> NoReturn:
    raise WrongValue(f"{name} is not a number that a source can hold.", "Write it as words.")


def _text(name: str, value: Any) -> str:
    """A value as one line of words, "" where it is not known."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None or value == []:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WrongValue(f"“{name}” must be words.", f'Such as "{name}": "…".')
    text = " ".join(_TAG.sub("", str(value)).split())
    if UNSEEN.search(text):
        raise WrongValue(f"“{name}” holds a sign that nobody sees.", "Type the value again.")
    return text


def _number(name: str, value: Any) -> str:
    text = _text(name, value)
    pattern, before, example = _NUMBERS[name]
    match = pattern.fullmatch(text)
    if text and not match:
        raise WrongValue(f"“{name}” cannot be “{text}”.", f"Such as {example}.")
    return before + match[1] if match else ""


def _authors(value: Any) -> list[dict[str, str]]:
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise WrongValue("“author” must be a list of people.", _AUTHOR_HINT)
    return [_author(name) for name in value]


def _author(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        value = {"literal": value}
    if not isinstance(value, dict):
        raise WrongValue("An author must be a name.", _AUTHOR_HINT)
    name = {key: _text(key, said) for key, said in value.items() if key in _NAME}
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(filter(None, (*particles, name.get("family"))))
    literal = name.get("literal") or name.get("name") or ("" if family else name.get("given"))
    if not literal and not family:
        raise WrongValue("An author has no name.", _AUTHOR_HINT)
    return {"literal": literal} if literal else {"family": family, "given": name.get("given", "")}


def _year(value: Any) -> str:
    """The year of a date: its parts, or the one year in its words, "" where it is not known."""
    if isinstance(value, dict):
        known = (value.get(name) for name in ("date-parts", "literal", "raw"))
        value = next((said for said in known if said not in (None, "", [])), None)
    while isinstance(value, list):
        value = value[0] if value else None
    text = _text("issued", value)
    years = set(_YEAR.findall(text))
    if text and len(years) != 1:
        raise WrongValue(f"“issued” does not say one year: “{text}”.", _DATE_HINT)
    return years.pop() if years else ""


def _url(value: Any) -> str:
    text = _text("URL", value)
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        whole = False
    if text and not whole:
        raise WrongValue(f"“URL” is not an address: “{text}”.", "It begins with https://.")
    return text
