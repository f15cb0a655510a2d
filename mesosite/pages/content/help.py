"""Whom a reader can turn to, by country, from content/help.yaml.

Helplines, where to report harm, who hears complaints, and support. Each was read on its own page.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import phonenumbers

from mesosite.pages.content.emergency import is_emergency_digits
from mesosite.pages.content.errors import ContentError, WrongValue, read_text
from mesosite.pages.content.yaml_lines import Text, line_of, read_date, read_mapping

EVERYWHERE = "everywhere"
"""In the place of a country: what is named whatever the country is."""
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,18}[0-9]", re.ASCII)
_PAGE = re.compile(r"https://[\w.-]+(?:/\S*)?")
_LISTS = ("helplines", "report_harm", "complaints", "support")
_KEYS = ("emergency", *_LISTS)
_REQUIRED = {"helplines": ("name", "number", "hours", "page", "seen")} | dict.fromkeys(
    _LISTS[1:], ("name", "about", "page", "seen")
)
_FIELDS = ("name", "number", "hours", "about", "page", "seen")


@dataclass(frozen=True)
class Contact:
    """A line to call or a body to turn to.

    number: as it is shown; hours: when it answers; about: for what one turns there; page: the
    address of its own page, read on the day `seen`; line: of the file.
    """

    name: str
    number: str = ""
    hours: str = ""
    about: str = ""
    page: str = ""
    seen: datetime.date | None = None
    line: int = field(default=0, compare=False)

    @property
    def link(self) -> str:
        return f"tel:{self.number.replace(' ', '')}" if self.number else ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (f"{self.name} {self.number}".strip(), self.hours)))


@dataclass(frozen=True)
class Help:
    """What one country has; emergency: its number, "" where it is left to the phone data."""

    emergency: str = ""
    helplines: tuple[Contact, ...] = ()
    report_harm: tuple[Contact, ...] = ()
    complaints: tuple[Contact, ...] = ()
    support: tuple[Contact, ...] = ()

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return (*self.helplines, *self.report_harm, *self.complaints, *self.support)


def help_in(by_country: Mapping[str, Help], country: str, helpline: str = "") -> Help:
    """What is named in a country, given by its two letters, or where none is set ("").

    helpline: the clinic's own, in its words, which stands in the place of the country's. The
    country's support comes first, and what is named everywhere after it, each name once.
    """
    here, everywhere = (by_country.get(key, Help()) for key in (country, EVERYWHERE))
    names = {contact.name for contact in here.support}
    others = (contact for contact in everywhere.support if contact.name not in names)
    own = (_own_helpline(helpline),) if helpline else here.helplines
    return replace(here, helplines=own, support=(*here.support, *others))


def _own_helpline(text: str) -> Contact:
    """“10306, day and night” as a Contact: what stands before the number is the name."""
    found = _NUMBER.search(text)
    if not found:
        return Contact(text)
    name, hours = text[: found.start()].rstrip(" :,"), text[found.end() :].lstrip(" ,")
    return Contact(name, found[0], hours)


def read_help(path: Path) -> dict[str, Help]:
    """{two letters of a country, or EVERYWHERE: Help}, {} without a file.

    Raises ContentError with the line.
    """
    text = read_text(path, "") if path.exists() or path.is_symlink() else ""
    without_notes = re.sub(r"^#.*", "", text, flags=re.MULTILINE)
    given = read_mapping(path, text) if without_notes.strip() else {}
    return {_country(path, key): _help(path, key, value) for key, value in given.items()}


def _country(path: Path, key: Text) -> str:
    if key != EVERYWHERE and key not in phonenumbers.SUPPORTED_REGIONS:
        message = f"“{key}” is not the two letters of a country, and not “{EVERYWHERE}”."
        raise ContentError(path, key.line, message, "Such as GR for Greece.")
    return str(key)


def _help(path: Path, country: Text, given: Any) -> Help:
    if not isinstance(given, dict):
        message = f"“{country}” holds lines such as “helplines:”."
        raise ContentError(path, country.line, message, f"Known: {', '.join(_KEYS)}.")
    for key in given if country == EVERYWHERE else ():
        if key != "support":
            message = f"“{EVERYWHERE}” holds “support” alone, and no “{key}”."
            raise ContentError(path, key.line, message, "Write it under each country.")
    return Help(**{str(key): _value(path, key, value) for key, value in given.items()})


def _value(path: Path, key: Text, value: Any) -> Any:
    try:
        return _emergency(value) if key == "emergency" else _contacts(key, value)
    except WrongValue as error:
        line = error.line or line_of(value, key.line)
        raise ContentError(path, line, error.message, error.hint) from error


def _emergency(value: Any) -> str:
    if value != "" and not (isinstance(value, str) and is_emergency_digits(value)):
        raise WrongValue("“emergency” must be 2 to 6 digits.", "Such as 999.")
    return str(value)


def _contacts(key: Text, value: Any) -> tuple[Contact, ...]:
    if key not in _LISTS:
        message = f"“{key}” is not a key that help.yaml knows."
        raise WrongValue(message, f"Known: {', '.join(_KEYS)}.", key.line)
    if value and not isinstance(value, list):
        raise WrongValue(f"“{key}” must be a list.", "Each begins with “- name: …”.")
    return tuple(_contact(key, item, line_of(item, key.line)) for item in value)


def _contact(kind: Text, item: Any, line: int) -> Contact:
    hint = f"It has: {', '.join(_REQUIRED[kind])}."
    if not isinstance(item, dict) or not all(isinstance(text, str) for text in item.values()):
        raise WrongValue(f"This one in “{kind}” cannot be read.", hint, line)
    for key in item:
        if key not in _FIELDS:
            raise WrongValue(f"“{key}” is not known in “{kind}”.", hint, key.line)
    for name in _REQUIRED[kind]:
        if not item.get(name):
            raise WrongValue(f"This one in “{kind}” has no “{name}”.", hint, line)
    seen = read_date(item["seen"], line=item["seen"].line)
    if (number := item.get("number", "")) and not _NUMBER.fullmatch(number):
        message = f"“{number}” is not a number that can be dialled as it stands."
        raise WrongValue(message, "Digits and blanks, such as 116 123.", number.line)
    if not _PAGE.fullmatch(item["page"]):
        message = f"“{item['page']}” is not the address of a page."
        raise WrongValue(message, "Such as https://www.samaritans.org/.", item["page"].line)
    words = {str(key): " ".join(text.split()) for key, text in item.items() if key != "seen"}
    return Contact(**words, seen=seen, line=line)
