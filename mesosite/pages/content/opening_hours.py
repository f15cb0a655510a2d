"""When the clinic works: hours and closed days, as clinic.yaml says them and as time counts."""

import datetime
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS

from mesosite.pages.content.errors import WrongValue
from mesosite.pages.content.yaml_lines import line_of, read_date

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_CLOSED_DAYS = 366
"""The longest range of closed days."""
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)
_MIDNIGHT = 24 * 60
_SPANS_HINT = 'Such as monday: ["09:00-17:00"], or ["09:00-13:00", "16:00-20:00"].'
_CLOSED_HINT = "Such as closed: [2026-12-25, 2026-12-24/2027-01-02]."
Span = tuple[datetime.time, datetime.time]
Opening = tuple[datetime.datetime, datetime.datetime]
Hours = dict[int, tuple[Span, ...]]
"""{0 to 6 (Monday first): ((opens, closes), …)}, in order; closes 00:00 is the end of the day."""


class OpenDays(NamedTuple):
    """Days in a row, by name, and their hours; () where they are closed."""

    first: str
    last: str
    spans: tuple[str, ...]


def read_hours(value: Any) -> Hours:
    """The hours of each day, or {}. Raises WrongValue."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise WrongValue("“hours” has a line for each day.", _SPANS_HINT)
    found: Hours = {}
    for day, spans in value.items():
        if day.lower() not in DAYS:
            raise WrongValue(f"“{day}” is not a day.", f"Days: {', '.join(DAYS)}.", day.line)
        number = DAYS.index(day.lower())
        if number in found:
            raise WrongValue(f"“{day}” stands twice in “hours”.", "Keep one of them.", day.line)
        found[number] = _spans(day, spans, line_of(spans, day.line))
    return {number: spans for number, spans in found.items() if spans}


def _spans(day: str, value: Any, line: int) -> tuple[Span, ...]:
    spans = sorted(_span(day, item, line) for item in _items(value))
    for (_opens, closes), (opens, _closes) in pairwise(spans):
        if opens < closes:
            until, again = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (closes, opens))
            message = f"The hours of {day} overlap: until {until}, and again from {again}."
            raise WrongValue(message, "Join the two parts.", line)
    return tuple((_time(opens), _time(closes)) for opens, closes in spans)


def _span(day: str, text: Any, line: int) -> tuple[int, int]:
    """Opening and closing in minutes from 00:00."""
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        said = f"“{text}”" if isinstance(text, str) else "A value"
        raise WrongValue(
            f"{said} of {day} is not an opening and a closing time.", _SPANS_HINT, line
        )
    hours = [int(part) for part in match.groups()]
    opens, closes = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if max(hours[1], hours[3]) > 59 or max(opens, closes) > _MIDNIGHT:
        message = f"“{text}” of {day} holds a time that no clock shows."
        raise WrongValue(message, "Times go from 00:00 to 24:00.", line)
    if opens >= closes:
        hint = "A night ends at 24:00 and goes on at 00:00 of the next day."
        raise WrongValue(f"“{text}” of {day} closes before it opens.", hint, line)
    return opens, closes


def _items(value: Any) -> list[Any]:
    """A list, or what stands between the commas of a text."""
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return value if isinstance(value, list) else [value]


def _time(minutes: int) -> datetime.time:
    return datetime.time(minutes // 60 % 24, minutes % 60)


def week(hours: Hours) -> list[OpenDays]:
    """The week as people read it: days in a row with the same hours together. [] without hours."""
    found: list[OpenDays] = []
    for day in range(7) if hours else ():
        spans = tuple(
            f"{opens:%H:%M}–{closes:%H:%M}".replace("–00:00", "–24:00")
            for opens, closes in hours.get(day, ())
        )
        if found and found[-1].spans == spans:
            found[-1] = found[-1]._replace(last=WEEKDAYS[day])
        else:
            found.append(OpenDays(WEEKDAYS[day], WEEKDAYS[day], spans))
    return found


def read_closed(value: Any) -> frozenset[datetime.date]:
    """Days, and ranges of days, as a set of days. Raises WrongValue."""
    days: set[datetime.date] = set()
    for item in _items(value):
        line = line_of(item, line_of(value, 0))
        if not isinstance(item, str):
            raise WrongValue("“closed” holds dates and ranges of dates.", _CLOSED_HINT, line)
        first, slash, last = item.partition("/")
        start = read_date(first.strip(), _CLOSED_HINT, line)
        end = read_date(last.strip(), _CLOSED_HINT, line) if slash else start
        if not 0 <= (end - start).days < MAX_CLOSED_DAYS:
            wrong = "ends before it begins" if end < start else f"has over {MAX_CLOSED_DAYS} days"
            raise WrongValue(f"The range {item} of “closed” {wrong}.", _CLOSED_HINT, line)
        days.update(start + datetime.timedelta(n) for n in range((end - start).days + 1))
    return frozenset(days)


def openings(
    hours: Hours,
    closed: frozenset[datetime.date],
    tz: ZoneInfo,
    moment: datetime.datetime,
    days_ahead: int,
) -> Iterator[Opening]:
    """What is open from `moment` (aware) on, as (opens, closes) in UTC.

    In UTC, because two local times subtract as if no clock had changed between them.
    """
    moment = moment.astimezone(datetime.UTC)
    first = moment.astimezone(tz).date()
    for day in (first + datetime.timedelta(days=n) for n in range(days_ahead)):
        for opens, closes in () if day in closed else hours.get(day.weekday(), ()):
            last = day if closes > opens else day + datetime.timedelta(days=1)
            start = max(_in_utc(day, opens, tz), moment)
            end = _in_utc(last, closes, tz)
            if end > start:
                yield start, end


def _in_utc(day: datetime.date, time: datetime.time, tz: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(day, time, tz).astimezone(datetime.UTC)
