"""What there is to do: one list under headings, the most pressing first."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q, QuerySet, TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.models import Enquiry, Priority
from mesosite.enquiries.models.enquiry import OWED
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import State, is_open
from mesosite.inbox import pagination
from mesosite.inbox.models import Absence


class Section(TextChoices):
    """The headings, in their order. A row stands under the first that fits."""

    URGENT = "urgent", _("Urgent")
    LATE = "late", _("Late")
    NEWS = "news", _("New messages")
    TODAY = "today", _("Today")
    NEW = "new", _("New")

    @property
    def pressing(self) -> bool:
        return self == Section.URGENT

    @property
    def late(self) -> bool:
        return self in (Section.URGENT, Section.LATE)


class Whose(TextChoices):
    """Whose enquiries are listed."""

    EVERYONE = "", _("Everyone")
    MINE = "mine", _("Mine")
    CLINICIAN = "clinician", _("For a clinician")

    @classmethod
    def of(cls, query: QueryDict) -> "Whose":
        """Those that the address of To do asks for as `who`."""
        asked = query.get("who", "")
        return cls(asked) if asked in cls.values else cls.EVERYONE


class Row(NamedTuple):
    """An enquiry that is to be worked on now, and where it stands."""

    pk: int
    code: str
    section: Section


NORMAL = Priority.NORMAL
Part = tuple[Section, str, QuerySet[Enquiry]]


def day_begins(now: datetime) -> datetime:
    """The first moment of the day in the current time zone, aware."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))


def to_do(whose: Whose, user: User, now: datetime) -> list[Row]:
    """The rows to work on now, in their order; the first 1,000 or somewhat more.

    Of everyone, each part is read from an index of its own, and none once there are rows enough.
    """
    if whose == Whose.EVERYONE:
        parts = _parts(Enquiry.objects.all(), now)
        return _in_order(parts, [_first_of(column, rows) for _section, column, rows in parts])
    held = Enquiry.objects.filter(is_open()).order_by("due_at", "id")
    mine = Q(owner_id__in=_with_those_away(user)) if whose == Whose.MINE else None
    held = held.filter(mine or Q(for_clinician=True))
    keys = list(held.values_list("pk", flat=True)[: CAP + 1])
    parts = _parts(Enquiry.objects.filter(pk__in=keys), now)
    whole = [rows.values("id", "code", column) for _section, column, rows in parts]
    return _in_order(parts, whole) if keys else []


def _with_those_away(user: User) -> list[int]:
    """The person, and those for whom the person stands in today."""
    away = Absence.objects.filter(stand_in=user, until__gte=timezone.localdate())
    return [user.pk, *away.values_list("person", flat=True)]


def _first_of(column: str, rows: QuerySet[Enquiry]) -> QuerySet[Any]:
    return rows.order_by(column, "id").values("id", "code", column)[: CAP + 1]


def _in_order(parts: list[Part], read: list[QuerySet[Any]]) -> list[Row]:
    """read: the id, code and column of each part."""
    found: dict[int, Row] = {}
    for place, _at, pk, code in sorted(_rows(parts, read), key=_order):
        found.setdefault(pk, Row(pk, code, parts[place][0]))
    return list(found.values())


def _parts(every: QuerySet[Enquiry], now: datetime) -> list[Part]:
    """(heading, column of the order, enquiries): an enquiry stands where it comes first."""
    today = timezone.localdate(now)
    owed, open_ = every.filter(OWED), every.filter(is_open())
    calm, ends = owed.filter(priority=NORMAL), day_begins(now) + timedelta(days=1)
    not_put_off = Q(next_on=None) | Q(next_on__lt=today)
    return [
        (Section.URGENT, "due_at", owed.filter(priority=Priority.URGENT)),
        (Section.LATE, "due_at", calm.filter(not_put_off, due_at__lt=now)),
        (Section.NEWS, "asked_at", open_.filter(has_news=True)),
        (Section.TODAY, "due_at", calm.filter(next_on=None, due_at__gte=now, due_at__lt=ends)),
        (Section.TODAY, "next_on", open_.filter(next_on__lte=today)),
        (Section.TODAY, "visit_at", _over(every, now)),
        (Section.TODAY, "due_at", calm.filter(due_at=None, next_on=None).exclude(state=State.NEW)),
        (Section.TODAY, "due_at", open_.filter(for_clinician=True, next_on=None)),
        (Section.NEW, "asked_at", every.filter(not_put_off, state=State.NEW, priority=NORMAL)),
    ]


def _over(every: QuerySet[Enquiry], now: datetime) -> QuerySet[Enquiry]:
    """Booked, and the day of the visit is over: it is to be closed."""
    return every.filter(state=State.BOOKED, visit_at__lt=day_begins(now))


def _rows(parts: list[Part], read: list[QuerySet[Any]]) -> list[tuple[Any, ...]]:
    """[(place in `parts`, value of its column as the database gives it, pk, code)]."""
    selected: list[str] = []
    values: list[Any] = []
    for place, ((_section, column, _rows), part) in enumerate(zip(parts, read, strict=True)):
        sql, given = part.query.sql_with_params()
        selected.append(f"SELECT {place}, {column}, id, code FROM ({sql}) AS part{place}")  # noqa: S608 (no value in it)
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(selected)} LIMIT {2 * (CAP + 1)}", values)
        return list(cursor.fetchall())


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    place, at, pk, _code = row
    return place, at is not None, at, pk


@dataclass(frozen=True)
class Shown:
    """A page of the list: {heading: enquiries}; count of all rows; number of the next page or 0."""

    sections: dict[Section, list[Enquiry]]
    count: int
    following: int


def page_of(rows: list[Row], number: int = 1) -> Shown:
    """A page of `to_do`'s rows, by number from 1, without those that were erased meanwhile."""
    part = rows[(number - 1) * pagination.PAGE_SIZE : number * pagination.PAGE_SIZE]
    stored = Enquiry.objects.select_related("owner__absence").in_bulk([row.pk for row in part])
    sections: dict[Section, list[Enquiry]] = {}
    for row in part:
        if enquiry := stored.get(row.pk):
            sections.setdefault(row.section, []).append(enquiry)
    more = len(rows) > number * pagination.PAGE_SIZE
    return Shown(sections, len(rows), number + 1 if more else 0)


def following(rows: list[Row], code: str) -> str:
    """The code of the row after this one, or of the first where it is not in the list; or ""."""
    codes = [row.code for row in rows]
    place = codes.index(code) + 1 if code in codes else 0
    return next((other for other in codes[place:] + codes if other != code), "")


def newer_than(rows: list[Row], moment: datetime) -> int:
    """How many of the rows the patient wrote after that moment, at most CAP + 1."""
    keys = [row.pk for row in rows]
    return Enquiry.objects.filter(pk__in=keys, asked_at__gt=moment).order_by()[: CAP + 1].count()
