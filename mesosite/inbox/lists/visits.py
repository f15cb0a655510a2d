"""The visits to come: today, tomorrow, then days, and the day as a printed list."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mesosite.enquiries.models import Enquiry, Visit
from mesosite.enquiries.models.states import State
from mesosite.inbox import done
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.lists.todo import day_begins

MAX_SHOWN = 200
"""Visits on the page; more are of days far ahead."""


@dataclass(frozen=True)
class Planned:
    """A visit of the list. still: of a patient who took the request back and comes all the same."""

    at: datetime.datetime
    enquiry: Enquiry
    visit: Visit | None
    still: bool

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.at)

    @property
    def is_over(self) -> bool:
        return self.at < timezone.now()


@dataclass(frozen=True)
class Day:
    day: datetime.date
    visits: list[Planned]

    @property
    def label(self) -> str:
        """Such as “Today, Monday 30 November”."""
        today = timezone.localdate()
        near = {today: _("Today"), today + datetime.timedelta(days=1): _("Tomorrow")}
        words = formats.date_format(self.day, "l j F")
        return ", ".join(filter(None, (near.get(self.day, ""), words)))


@require_safe
def days(request: StaffRequest) -> HttpResponse:
    """All that are to come, from this morning on."""
    begins = day_begins(timezone.now())
    planned = _planned(gte=begins)
    context = {
        "days": [Day(day, list(rows)) for day, rows in groupby(planned, lambda row: row.day)],
        "tomorrow": timezone.localdate() + datetime.timedelta(days=1),
        "today": timezone.localdate(),
    }
    return render(request, "inbox/visits.html", context | menu("visits") | done.context(request))


@require_safe
def printed(request: StaffRequest, day: str) -> HttpResponse:
    """The list of one day. day: "2026-12-07"."""
    try:
        begins = day_begins(timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T12:00")))
        ends = day_begins(begins + datetime.timedelta(hours=36))
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    rows = _planned(gte=begins, lt=ends)
    context = {"day": Day(timezone.localdate(begins), rows), "now": timezone.now()}
    return render(request, "inbox/visits_printed.html", context | menu("visits"))


def _planned(**times: datetime.datetime) -> list[Planned]:
    """times: gte, and lt where there is an end."""
    of_booked = {f"visit_at__{name}": at for name, at in times.items()}
    booked = list(Enquiry.objects.filter(state=State.BOOKED, **of_booked).by_visit()[:MAX_SHOWN])
    latest = Visit.objects.latest_of(booked).select_related("person")
    visits = {visit.enquiry_id: visit for visit in latest}
    of_times = {f"at__{name}": at for name, at in times.items()}
    still = Visit.objects.still_come().filter(**of_times)[:MAX_SHOWN]
    rows = [Planned(visit.at, visit.enquiry, visit, still=True) for visit in still]
    rows += [
        Planned(enquiry.visit_at, enquiry, visits.get(enquiry.pk), still=False)
        for enquiry in booked
        if enquiry.visit_at
    ]
    return sorted(rows, key=lambda row: row.at)
