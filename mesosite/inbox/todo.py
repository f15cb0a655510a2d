"""What there is to do: one list under headings, the most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.models import Enquiry, Priority
from mesosite.enquiries.models.enquiry import OWED
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import OPEN, State, is_open
from mesosite.inbox import pagination


class Section(TextChoices):
    """The headings, in their order. A row stands under the first that fits."""

    URGENT = "urgent", _("Urgent")
    LATE = "late", _("Late")
    NEWS = "news", _("New messages")
    TODAY = "today", _("Today")
    NEW = "new", _("New")


class Whose(TextChoices):
    """Whose enquiries are listed."""

    EVERYONE = "", _("Everyone")
    MINE = "mine", _("Mine")
    CLINICIAN = "clinician", _("For a clinician")


class Row(NamedTuple):
    """What decides where an enquiry stands; the columns as the database has them."""

    pk: int
    code: str
    state: str
    priority: int
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    next_on: Any
    visit_at: datetime | None
    has_news: bool

    def section(self, now: datetime) -> Section | None:
        """None: there is nothing to do about it now."""
        today = timezone.localdate(now)
        owed = self.answered_at is None and self.state in OPEN
        put_off = self.next_on is not None and self.next_on >= today
        if owed and self.priority == Priority.URGENT:
            return Section.URGENT
        if owed and self.due_at and self.due_at < now and not put_off:
            return Section.LATE
        if self.has_news:
            return Section.NEWS
        if self._comes_today(now, owed=owed):
            return Section.TODAY
        return Section.NEW if self.state == State.NEW and not put_off else None

    def _comes_today(self, now: datetime, *, owed: bool) -> bool:
        if self.next_on:
            return bool(self.next_on <= timezone.localdate(now))
        if self.state == State.BOOKED:
            return bool(self.visit_at and self.visit_at < day_begins(now))
        if owed and self.due_at:
            return self.due_at < day_begins(now) + timedelta(days=1)
        return owed and self.state != State.NEW  # nothing is promised: every day

    def place(self, now: datetime) -> tuple[int, datetime]:
        """Orders the rows: by heading, then by how long each is due."""
        section = self.section(now)
        at = self.due_at if section in (Section.URGENT, Section.LATE, Section.TODAY) else None
        return list(Section).index(section or Section.NEW), at or self.asked_at


def day_begins(now: datetime) -> datetime:
    """The first moment of the day in the current time zone, aware."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))


def to_do(whose: Whose, user: User, now: datetime) -> list[Row]:
    """The rows to work on now, in their order. Of each kind at most CAP + 1 are looked at."""
    found = {row.pk: row for rows in _candidates(whose, user, now) for row in _read(rows)}
    rows = [row for row in found.values() if row.section(now)]
    return sorted(rows, key=lambda row: (*row.place(now), row.pk))


def _candidates(whose: Whose, user: User, now: datetime) -> Iterable[QuerySet[Enquiry]]:
    """Each reads one index, however many enquiries there are."""
    every = Enquiry.objects
    if whose == Whose.MINE:
        return [every.filter(is_open(), owner=user).order_by("due_at", "id")]
    if whose == Whose.CLINICIAN:
        return [every.filter(is_open(), for_clinician=True).order_by("due_at", "id")]
    today = timezone.localdate(now)
    return [
        every.filter(OWED).order_by("priority", "due_at", "id"),
        every.filter(is_open(), has_news=True).order_by("asked_at", "id"),
        every.filter(is_open(), next_on__lte=today).order_by("next_on", "id"),
        every.filter(state=State.BOOKED, visit_at__lt=day_begins(now)).by_visit(),
    ]


def _read(rows: QuerySet[Enquiry]) -> Iterable[Row]:
    return (Row(*values) for values in rows.values_list(*Row._fields)[: CAP + 1])


@dataclass(frozen=True)
class Shown:
    """A page of the list: {heading: enquiries}; count of all rows; number of the next page or 0."""

    sections: dict[Section, list[Enquiry]]
    count: int
    following: int

    @property
    def enquiries(self) -> list[Enquiry]:
        return [enquiry for rows in self.sections.values() for enquiry in rows]


def page_of(rows: list[Row], now: datetime, number: int = 1) -> Shown:
    """A page of `to_do`'s rows, by number from 1, without those that were erased meanwhile."""
    part = rows[(number - 1) * pagination.PAGE_SIZE : number * pagination.PAGE_SIZE]
    stored = Enquiry.objects.select_related("owner").in_bulk([row.pk for row in part])
    sections: dict[Section, list[Enquiry]] = {}
    for row in part:
        if (section := row.section(now)) and (enquiry := stored.get(row.pk)):
            sections.setdefault(section, []).append(enquiry)
    more = len(rows) > number * pagination.PAGE_SIZE
    return Shown(sections, len(rows), number + 1 if more else 0)


def following(rows: list[Row], code: str) -> str:
    """The code of the row after this one, or of the first where it is not in the list; or ""."""
    codes = [row.code for row in rows]
    place = codes.index(code) + 1 if code in codes else 0
    return next((other for other in codes[place:] + codes if other != code), "")


def newer_than(rows: list[Row], moment: datetime) -> int:
    """How many of the rows the patient wrote after that moment."""
    return sum(row.asked_at > moment for row in rows)
