"""The clinic, from content/clinic.yaml. A value that is not set is empty and not shown."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumbers import SUPPORTED_REGIONS

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.yaml_lines import load_yaml

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EMERGENCY_NUMBERS = {"GB": "999", "US": "911", "CA": "911", "AU": "000", "NZ": "111"}
_MAX_DAYS_AHEAD = 60
_MAX_DAYS_KEPT = 36500  # a hundred years; far more passes the last date that Python knows
Stretch = tuple[datetime.time, datetime.time]
Hours = dict[int, tuple[Stretch, ...]]
Opening = tuple[datetime.datetime, datetime.datetime]


class _Wrong(Exception):
    """A value cannot be taken; the text says why, in an editor's words."""


@dataclass(frozen=True)
class Keep:
    """For how many days a request is kept, by how it ended."""

    spam: int = 30
    closed: int = 183
    booked: int = 30
    untouched: int = 90


@dataclass(frozen=True)
class Clinic:
    """hours: {0 to 6 (Monday first): ((opens, closes), …)} in `tz`; closed: set of dates.

    responsible, stored and authority: what the law has /privacy/ say, in the clinic's words.
    """

    name: str = ""
    country: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    publisher: str = ""
    helpline: str = ""
    responsible: str = ""
    stored: tuple[str, ...] = ()
    authority: str = ""
    tz: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    hours: Hours = field(default_factory=dict)
    answer_within_hours: float = 0
    closed: frozenset[datetime.date] = frozenset()
    keep: Keep = Keep()

    @property
    def demonstration(self) -> bool:
        return not self.name

    @property
    def emergency_number(self) -> str:
        """112 works in the EU and on most of the world's mobile phones."""
        return EMERGENCY_NUMBERS.get(self.country, "112")

    def answer_due(self, moment: datetime.datetime) -> datetime.datetime | None:
        """When a request made at `moment` (aware) is answered at the latest, or None.

        Counts `answer_within_hours` through the opening hours; None where the clinic has set
        no hours or no time to answer, so that nothing is promised.
        """
        left = datetime.timedelta(hours=self.answer_within_hours)
        if not self.hours or not left:
            return None
        for opens, closes in self._openings(moment.astimezone(self.tz)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return None

    def _openings(self, moment: datetime.datetime) -> Iterator[Opening]:
        """The clinic's open stretches from `moment` on, as pairs of aware datetimes."""
        for ahead in range(_MAX_DAYS_AHEAD):
            day = moment.date() + datetime.timedelta(days=ahead)
            for opens, closes in () if day in self.closed else self.hours.get(day.weekday(), ()):
                start = datetime.datetime.combine(day, opens, self.tz)
                end = datetime.datetime.combine(day, closes, self.tz)
                if end > moment:
                    yield max(start, moment), end


def read_clinic(path: Path) -> Clinic:
    """clinic.yaml as a Clinic. Raises ContentError with the line."""
    hint = "Restore it; all its values may be empty."
    values, lines = load_yaml(path, read_text(path, "clinic.yaml is not there.", hint))
    given = {k: v for k, v in values.items() if v or (k == "keep" and v is not None)}
    read = {key: _value(path, lines[key], key, value) for key, value in given.items()}
    if "time_zone" in read:
        read["tz"] = read.pop("time_zone")
    return Clinic(**read)


def _value(path: Path, line: int, key: str, value: Any) -> Any:
    readers: dict[str, Callable[[Any], Any]] = {
        "time_zone": ZoneInfo,
        "hours": _hours,
        "closed": _closed,
        "keep": _keep,
        "email": _email,
        "answer_within_hours": float,
        "country": _country,
        "stored": _lines,
    }
    if key not in readers and key not in Clinic.__dataclass_fields__:
        raise ContentError(path, line, f"“{key}” is not a key that clinic.yaml knows.")
    try:
        return readers.get(key, str)(value)
    except _Wrong as error:
        raise ContentError(path, line, str(error)) from error
    except (ValueError, TypeError, AttributeError, KeyError, ZoneInfoNotFoundError) as error:
        hint = "See the example beside it in clinic.yaml."
        raise ContentError(path, line, f"“{key}” cannot be read.", hint) from error


def _keep(value: Any) -> Keep:
    if not isinstance(value, dict):
        raise _Wrong("“keep” holds lines such as “booked: 30”.")
    for name, days in value.items():
        if name not in Keep.__dataclass_fields__:
            raise _Wrong(f"“keep” knows no “{name}”.")
        if type(days) is not int or not 1 <= days <= _MAX_DAYS_KEPT:
            raise _Wrong(f"“{name}” in “keep” must be a whole number of days, at least 1.")
    return Keep(**value)


def _email(value: Any) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise _Wrong("“email” must be one address, such as desk@clinic.example.") from error
    return value


def _country(value: Any) -> str:
    if (code := str(value).upper()) not in SUPPORTED_REGIONS:
        raise ValueError(code)
    return code


def _lines(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(value)
    return tuple(map(str, value))


def _hours(value: Any) -> Hours:
    return {DAYS.index(day): tuple(map(_stretch, stretches)) for day, stretches in value.items()}


def _stretch(value: str) -> Stretch:
    opens, closes = value.split("-")
    return datetime.time.fromisoformat(opens.strip()), datetime.time.fromisoformat(closes.strip())


def _closed(value: Any) -> frozenset[datetime.date]:
    days: set[datetime.date] = set()
    for item in value:
        first, _slash, last = str(item).partition("/")
        day = datetime.date.fromisoformat(first)
        end = datetime.date.fromisoformat(last or first)
        days.update(day + datetime.timedelta(n) for n in range((end - day).days + 1))
    return frozenset(days)
