"""How the clinic answers: eight weeks in one table, without a name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mesosite.enquiries.models import Answer, Enquiry, Entry
from mesosite.enquiries.models.queryset import Counts
from mesosite.enquiries.models.states import OPEN, State
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.lists.menu import menu

WEEKS = 8
Kind = Entry.Kind
_LIVE = [state for state in State if state not in (State.SPAM, State.ERASED)]
_ANSWERS = Q(kind__in=(Kind.SPOKE, Kind.THEY_CALLED, Kind.ANSWERED)) | Q(to_state=State.BOOKED)


@dataclass(frozen=True)
class Week:
    """monday: its first day. in_time: of those that were promised a time and are answered or late.

    waited: the median of the hours until the first answer, None without any.
    """

    monday: date
    came_in: int
    in_time: int
    promised: int
    waited: float | None
    booked: int


@require_safe
def show(request: StaffRequest) -> HttpResponse:
    context = {
        "weeks": weeks(timezone.now()),
        "open_now": Enquiry.objects.filter(state__in=OPEN).count(),
    }
    return render(request, "inbox/figures.html", context | menu("more"))


def weeks(now: datetime) -> list[Week]:
    """The latest first; what is held as spam does not count. In the current time zone."""
    today = timezone.localdate(now)
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=n) for n in range(WEEKS)]
    begins = _begins(mondays[-1])
    came, (erased, booked) = _came_since(begins), _counted(mondays)
    of_week: dict[date, list[int]] = defaultdict(list)
    for pk, at in came["came"].items():
        of_week[_monday(at)].append(pk)
    return [
        _week(monday, of_week[monday], came, booked[monday], erased[monday], now)
        for monday in mondays
    ]


def _begins(monday: date) -> datetime:
    return timezone.make_aware(datetime.combine(monday, time.min))


def _counted(mondays: list[date]) -> tuple[dict[date, int], dict[date, int]]:
    """{monday: how many came in that week and are erased by now}, {monday: visits booked in it}.

    Of both there may be many, so the database counts them.
    """
    erased = Enquiry.objects.filter(state=State.ERASED)
    booked = Entry.objects.filter(to_state=State.BOOKED, undone_at=None).order_by()
    asked: dict[tuple[str, date], QuerySet[Any]] = {}
    for monday in mondays:
        week = _begins(monday), _begins(monday + timedelta(weeks=1))
        came = erased.filter(created_at__gte=week[0], created_at__lt=week[1])
        asked["erased", monday] = came.values("pk")
        asked["booked", monday] = booked.filter(at__gte=week[0], at__lt=week[1]).values("pk")
    found = Counts(asked).read()
    return (
        {monday: found["erased", monday] for monday in mondays},
        {monday: found["booked", monday] for monday in mondays},
    )


def _week(
    monday: date, keys: list[int], came: dict[str, Any], booked: int, erased: int, now: datetime
) -> Week:
    due, answered = came["due"], came["answered"]
    promised = [pk for pk in keys if due.get(pk) and (pk in answered or due[pk] < now)]
    in_time = [pk for pk in promised if pk in answered and answered[pk] <= due[pk]]
    hours = [
        (answered[pk] - came["came"][pk]).total_seconds() / 3600 for pk in keys if pk in answered
    ]
    waited = median(hours) if hours else None
    return Week(monday, len(keys) + erased, len(in_time), len(promised), waited, booked)


def _came_since(begins: datetime) -> dict[str, Any]:
    """{"came", "due", "answered": {key of an enquiry: time}}.

    Without the erased, of which no more is known.
    """
    lately = Enquiry.objects.filter(created_at__gte=begins, state__in=_LIVE)
    of_lately = Entry.objects.filter(enquiry__in=lately, undone_at=None)
    answers = Answer.objects.filter(enquiry__in=lately)
    received = of_lately.filter(kind=Kind.RECEIVED, due_at__isnull=False)
    answered: dict[int, datetime] = dict(_first(of_lately.filter(_ANSWERS)))
    for pk, at in _first(answers):
        answered[pk] = min(at, answered.get(pk, at))
    return {
        "came": dict(lately.values_list("pk", "created_at")),
        "due": dict(received.order_by("-at").values_list("enquiry", "due_at")),
        "answered": answered,
    }


def _first(rows: Any) -> Any:
    return (
        rows.order_by().values("enquiry").annotate(first=Min("at")).values_list("enquiry", "first")
    )


def _monday(at: datetime) -> date:
    day = timezone.localdate(at)
    return day - timedelta(days=day.weekday())
