"""The promise to patients: by when a person answers, and when the clinic is closed meanwhile.

The weekly hours stand in clinic.yaml; closures and the time to answer are a manager's, and stand in
the database.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django import db
from django.utils import timezone
from django.utils.formats import date_format

from mesosite.enquiries.models import ClinicValues, Closure
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic
from mesosite.pages.content.clinic import DAYS_AHEAD
from mesosite.pages.content.opening_hours import Opening

SHOWN_BEFORE = timedelta(days=14)  # patients read of a closure from so long before it
_THIS_WEEK = timedelta(days=6)  # within it the name of a day is no other day's


class ClosedDays(NamedTuple):
    """A closure as patients read it: the days, both included, and the clinic's line or ""."""

    first_day: date
    last_day: date
    line: str


class Promise(NamedTuple):
    """due: None where nothing is promised. opening: as `opening` says."""

    due: datetime | None
    closures: tuple[ClosedDays, ...]
    opening: Opening | None


def promise(moment: datetime) -> Promise:
    """What a patient is told who writes at `moment` (aware). Nothing while the database is away."""
    try:
        closures = list(_closures_from(moment))
        due = _due(moment, _hours(urgent=False), closures) if clinic().hours else None
    except db.Error:
        return Promise(None, (), clinic().opening(moment))
    opening = clinic().opening(moment, _all_days(closures))
    return Promise(due, _shown(closures, moment, due), opening)


def answer_due(moment: datetime, *, urgent: bool) -> datetime | None:
    """By when somebody who writes at `moment` (aware) is answered, in UTC; None: no promise.

    Raises django.db.Error.
    """
    due = _due(moment, _hours(urgent=urgent), _closures_from(moment))
    return due and due.astimezone(UTC)


def opening(moment: datetime) -> Opening | None:
    """(opens, closes) of the hours at `moment` (aware) or next after it: see `Clinic.opening`.

    By the weekly hours alone while the database is away.
    """
    try:
        closed = _all_days(_closures_from(moment))
    except db.Error:
        closed = frozenset()
    return clinic().opening(moment, closed)


def whom_to_ring(now: datetime, hours: Opening | None) -> dict[str, Any]:
    """What `enquiries/urgent_help.html` says beside the clinic. hours: `opening` of `now`."""
    here = clinic()
    context: dict[str, Any] = {
        "answers": bool(here.phone and here.hours and not here.demonstration)
    }
    if hours:
        opens, closes = hours
        key, at = ("open_until", closes) if opens <= now else ("closed_until", opens)
        context[key] = _day_and_time(at, now)
    return context


def _hours(*, urgent: bool) -> float | None:
    """Opening hours until an answer. A clinic that promises nothing promises nothing urgent."""
    values = ClinicValues.current()
    return values.answer_within_hours and (
        values.answer_urgent_within_hours if urgent else values.answer_within_hours
    )


def closed_days(first: date, last: date) -> frozenset[date]:
    """The days of closures between these two, both included."""
    closures = Closure.objects.filter(last_day__gte=first, first_day__lte=last)
    return _all_days(closures)


def closures_to_tell() -> tuple[ClosedDays, ...]:
    """The closures that patients read of now."""
    now = timezone.now()
    return _shown(_closures_from(now), now)


def without_promise(days_ahead: int = DAYS_AHEAD) -> date | None:
    """The first of the next days whose requests get no day of their answer, if there is one.

    None too where the clinic promises nothing, or has no hours.
    """
    now, hours = timezone.now(), ClinicValues.current().answer_within_hours
    if not (hours and clinic().hours):
        return None
    closures = list(Closure.objects.filter(last_day__gte=_day(now)))
    for moment in (now + timedelta(days=number) for number in range(days_ahead)):
        if _due(moment, hours, closures) is None:
            return _day(moment)
    return None


def take_over_from_file() -> None:
    """Stores once what clinic.yaml said of closures and the time to answer: a manager's, since."""
    own = clinic()
    with write():
        values = {"answer_within_hours": own.answer_within_hours or None}
        _row, is_first = ClinicValues.objects.get_or_create(pk=ClinicValues.ID, defaults=values)
        if is_first:
            ranges = _ranges(own.closed)
            Closure.objects.bulk_create(Closure(first_day=a, last_day=b) for a, b in ranges)


def _due(moment: datetime, hours: float | None, closures: Iterable[Closure]) -> datetime | None:
    return clinic().answer_due(moment, hours or 0, _all_days(closures))


def _all_days(closures: Iterable[Closure]) -> frozenset[date]:
    return frozenset(day for closure in closures for day in closure.days())


def _closures_from(moment: datetime) -> Iterable[Closure]:
    """Those that can move an answer to a request of `moment`."""
    day = _day(moment)
    far = day + timedelta(days=DAYS_AHEAD)
    return Closure.objects.filter(last_day__gte=day, first_day__lte=far)


def _shown(
    closures: Iterable[Closure], moment: datetime, due: datetime | None = None
) -> tuple[ClosedDays, ...]:
    until = max(_day(at) for at in (moment + SHOWN_BEFORE, due or moment))
    near = [closure for closure in closures if closure.first_day <= until]
    return tuple(ClosedDays(each.first_day, each.last_day, each.line) for each in near)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment, clinic().tz).date()


def _day_and_time(at: datetime, now: datetime) -> str:
    """“17:00” today, “Mon 09:00” this week, else “Mon 7 Dec, 09:00”; at: in the clinic's zone."""
    if at.date() == now.astimezone(at.tzinfo).date():
        return date_format(at, "H:i")
    return date_format(at, "D H:i" if at - now < _THIS_WEEK else "D j M, H:i")


def _ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as ranges without a gap, both ends included."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
