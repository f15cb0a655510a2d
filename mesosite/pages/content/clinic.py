"""The clinic, from content/clinic.yaml. A value that is not set is empty and not shown."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from mesosite import normal_form
from mesosite.pages.content.emergency import EU_NUMBER, is_emergency_digits, known_number
from mesosite.pages.content.errors import ContentError, WrongValue, read_text
from mesosite.pages.content.help import Help
from mesosite.pages.content.opening_hours import (
    Hours,
    OpenDays,
    Opening,
    openings,
    read_closed,
    read_hours,
    week,
)
from mesosite.pages.content.yaml_lines import Text, line_of, read_mapping

DAYS_AHEAD = 60
"""How far an answer may be promised."""
MIN_DAYS_OF_RECORD = 30  # the database refuses less
MIN_IDLE, MAX_IDLE = 5, 60  # minutes
_MAX_DAYS_KEPT = 36500  # a hundred years; far more passes the last date that Python knows
_PHONE = re.compile(r"\+?[\d\s().-]+(?:(?:,|;)?\s*(?:ext\.?|x)\s*\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Keep:
    """For how many days a request is kept, by how it ended; and the record of what staff did."""

    spam: int = 30
    closed: int = 183
    booked: int = 30
    untouched: int = 90
    record: int = 1095


@dataclass(frozen=True)
class Clinic:
    """phone: as it is shown; hours: those of `tz`.

    answer_within_hours, closed: a manager sets them in the inbox now; the database takes over once
    what stands here.

    idle_minutes: without a request, after which a session of the staff is covered.

    sender: the name on mails and in calendars, which others than the patient see.

    responsible, stored and authority: what the law has /privacy/ say, in the clinic's words.
    """

    name: str = ""
    country: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    sender: str = ""
    publisher: str = ""
    helpline: str = ""
    emergency_number: str = EU_NUMBER
    responsible: str = ""
    stored: tuple[str, ...] = ()
    authority: str = ""
    tz: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    hours: Hours = field(default_factory=dict)
    answer_within_hours: float = 0
    answer_urgent_within_hours: float = 2
    closed: frozenset[datetime.date] = frozenset()
    keep: Keep = Keep()
    idle_minutes: int = 15

    @property
    def demonstration(self) -> bool:
        return not self.name

    @property
    def readable_email(self) -> str:
        return normal_form.readable_email(self.email)

    @cached_property
    def phone_link(self) -> str:
        """`tel:+302100000000`, with `;ext=12` (RFC 3966) where there is one; "" without a phone."""
        if not self.phone:
            return ""
        number = phonenumbers.parse(self.phone, self.country or None)
        dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return f"tel:{dialled}" + (f";ext={number.extension}" if number.extension else "")

    def works_on(self, day: datetime.date, closed: frozenset[datetime.date] = frozenset()) -> bool:
        """Whether it is open at any time of the day; without hours, from Monday to Friday."""
        opens = day.weekday() in self.hours if self.hours else day.weekday() < 5
        return opens and day not in closed

    @property
    def week(self) -> list[OpenDays]:
        return week(self.hours)

    def answer_due(
        self,
        moment: datetime.datetime,
        within_hours: float,
        closed: frozenset[datetime.date] = frozenset(),
    ) -> datetime.datetime | None:
        """When a request made at `moment` (aware) is answered at the latest, or None.

        Counts `within_hours` through the opening hours of the days that are not closed; None where
        the clinic has set no hours or no time to answer, so that nothing is promised.
        """
        left = datetime.timedelta(hours=within_hours)
        if not self.hours or not left:
            return None
        for opens, closes in openings(self.hours, closed, self.tz, moment, DAYS_AHEAD):
            if left <= closes - opens:
                return (opens + left).astimezone(self.tz)
            left -= closes - opens
        return None

    def opening(
        self, moment: datetime.datetime, closed: frozenset[datetime.date] = frozenset()
    ) -> Opening | None:
        """(opens, closes) of the hours at `moment` (aware) or next after it, or None.

        In the clinic's zone. Where the clinic is open, `opens` is `moment` itself. None without
        hours, or where all of DAYS_AHEAD are closed.
        """
        found = next(openings(self.hours, closed, self.tz, moment, DAYS_AHEAD), None)
        return found and (found[0].astimezone(self.tz), found[1].astimezone(self.tz))


def read_clinic(path: Path, by_country: Mapping[str, Help] | None = None) -> Clinic:
    """clinic.yaml as a Clinic. Raises ContentError with the line.

    by_country: {two letters: Help}, whose emergency number holds where the file names none.
    """
    hint = "Restore it; all its values may be empty."
    given = read_mapping(path, read_text(path, "clinic.yaml is not there.", hint))
    read = {str(key): _value(path, key, value) for key, value in given.items() if value != ""}
    if "time_zone" in read:
        read["tz"] = read.pop("time_zone")
    country = read.get("country", "")
    listed = (by_country or {}).get(country, Help()).emergency
    if not read.setdefault("emergency_number", listed or known_number(country)):
        message = f"112 may not work in {country}: which number brings an ambulance there?"
        hint = "Add a line such as emergency_number: 119."
        raise ContentError(path, line_of(given["country"], 0), message, hint)
    clinic = Clinic(**read)
    if phone := clinic.phone:
        _check_phone(path, line_of(given["phone"], 0), phone, clinic.country)
    return clinic


def _value(path: Path, key: Text, value: Any) -> Any:
    if key not in _READERS:
        message = f"“{key}” is not a key that clinic.yaml knows."
        raise ContentError(path, key.line, message, f"Known: {', '.join(_READERS)}.")
    try:
        return _READERS[key](key, value)
    except WrongValue as error:
        line = error.line or line_of(value, key.line)
        raise ContentError(path, line, error.message, error.hint) from error


def _words(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValue(f"“{key}” must be words.", "Put a value that holds [ or { in quotes.")
    return " ".join(value.split())


def _keep(key: str, value: Any) -> Keep:
    if not isinstance(value, dict):
        raise WrongValue("“keep” holds lines such as “booked: 30”.")
    for name, days in value.items():
        if name not in Keep.__dataclass_fields__:
            hint = f"Known: {', '.join(Keep.__dataclass_fields__)}."
            raise WrongValue(f"“keep” knows no “{name}”.", hint, name.line)
        digits = isinstance(days, str) and re.fullmatch("[0-9]{1,5}", days)
        least = MIN_DAYS_OF_RECORD if name == "record" else 1
        if not digits or not least <= int(days) <= _MAX_DAYS_KEPT:
            allowed = f"{least} to {_MAX_DAYS_KEPT}"
            message = f"“{name}” in “keep” must be a whole number of days, {allowed}."
            raise WrongValue(message, "Such as 30.", name.line)
    return Keep(**{str(name): int(days) for name, days in value.items()})


def _idle_minutes(key: str, value: Any) -> int:
    digits = isinstance(value, str) and re.fullmatch("[0-9]{1,3}", value)
    if not digits or not MIN_IDLE <= int(value) <= MAX_IDLE:
        allowed = f"{MIN_IDLE} to {MAX_IDLE}"
        raise WrongValue(f"“{key}” must be a whole number of minutes, {allowed}.", "Such as 15.")
    return int(value)


def _email(key: str, value: Any) -> str:
    try:
        return normal_form.email(_words(key, value))
    except (normal_form.AddressError, WrongValue) as error:
        message = "“email” must be one address, such as desk@clinic.example."
        raise WrongValue(message) from error


def _country(key: str, value: Any) -> str:
    if (code := _words(key, value).upper()) not in phonenumbers.SUPPORTED_REGIONS:
        hint = "Such as GR for Greece, or GB for the United Kingdom."
        raise WrongValue(f"“{value}” is not the two letters of a country.", hint)
    return code


def _emergency_number(key: str, value: Any) -> str:
    if not isinstance(value, str) or not is_emergency_digits(value):
        raise WrongValue(f"“{key}” must be 2 to 6 digits.", "Such as 119.")
    return str(value)


def _lines(key: str, value: Any) -> tuple[str, ...]:
    hint = f'Such as {key}: ["Server: Example Host, Greece"], each line in quotes.'
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise WrongValue(f"“{key}” must be a list of lines.", hint)
    return tuple(str(line) for line in value if line)


def _time_zone(key: str, value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(_words(key, value))
    except (ValueError, KeyError, OSError) as error:
        raise WrongValue(f"There is no time zone “{value}”.", "Such as Europe/Athens.") from error


def _hours_to_answer(key: str, value: Any) -> float:
    written = isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}(\.[0-9]+)?", value)
    if not written or not float(value):
        raise WrongValue(f"“{key}” must be a number of hours above 0.", "Such as 9, or 1.5.")
    return float(value)


def _check_phone(path: Path, line: int, phone: str, country: str) -> None:
    """Refuses a phone that cannot be dialled, or that is more than one number."""
    try:
        number = phonenumbers.parse(phone, country or None)
        wrong = not _PHONE.fullmatch(phone) or not phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        wrong = True
    if wrong:
        where = f" in {country}" if country else ", and no “country” is set"
        message = f"“phone” {phone} is not a number that can be dialled{where}."
        raise ContentError(path, line, message, "Such as +30 210 000 0000: one number, with its +.")


_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("name", "address", "phone", "sender", "publisher", "helpline"), _words),
    **dict.fromkeys(("responsible", "authority"), _words),
    "country": _country,
    "emergency_number": _emergency_number,
    "email": _email,
    "stored": _lines,
    "time_zone": _time_zone,
    "hours": lambda _key, value: read_hours(value),
    **dict.fromkeys(("answer_within_hours", "answer_urgent_within_hours"), _hours_to_answer),
    "closed": lambda _key, value: read_closed(value),
    "keep": _keep,
    "idle_minutes": _idle_minutes,
}
