"""The visits to come: today, tomorrow, then days, and the day as a printed list."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mesosite.enquiries.models import Enquiry, Visit
from mesosite.enquiries.models.states import State
from mesosite.inbox import done
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.accounts import display_name
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.lists.rows import last_digits, patient_name
from mesosite.inbox.lists.todo import day_begins
from mesosite.inbox.pagination import page_number

SHOWN = 40
"""Visits on a page."""


@dataclass(frozen=True)
class Planned:
    """A visit of the list. still: of a patient who took the request back and comes all the same."""

    at: datetime.datetime
    enquiry: Enquiry
    visit: Visit | None
    still: bool

    @cached_property
    def name(self) -> str:
        return patient_name(self.enquiry)

    @property
    def mark(self) -> str:
        """The end of the phone number, or the code."""
        return ("" if self.still else last_digits(self.enquiry)) or self.enquiry.shown_code

    @cached_property
    def page(self) -> str:
        return reverse("inbox:enquiry", args=[self.enquiry.code])

    @property
    def time(self) -> str:
        return formats.time_format(timezone.localtime(self.at), "H:i")

    @property
    def words(self) -> str:
        """Such as “30 min · with Nikos Ralli”."""
        minutes, person = (self.visit.minutes, self.visit.person) if self.visit else (None, None)
        length = _("%d min") % minutes if minutes else ""
        with_whom = _("with %s") % display_name(person) if person else ""
        return " · ".join(filter(None, (length, with_whom)))

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
    now, number = timezone.now(), page_number(request)
    rows, more = _page(day_begins(now), number)
    today = timezone.localdate(now)
    context = {
        "days": [Day(day, list(planned)) for day, planned in groupby(rows, lambda row: row.day)],
        "following": number + 1 if more else 0,
        "tomorrow": today + datetime.timedelta(days=1),
        "today": today,
    }
    return render(request, "inbox/visits.html", context | menu("visits") | done.context(request))


@require_safe
def printed(request: StaffRequest, day: str) -> HttpResponse:
    """The list of one day, all of it. day: "2026-12-07"."""
    try:
        begins = day_begins(timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T12:00")))
        ends = day_begins(begins + datetime.timedelta(hours=36))
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    booked = list(_booked(begins).filter(visit_at__lt=ends))
    rows = Day(timezone.localdate(begins), _planned(booked, begins, ends))
    context = {"day": rows, "now": timezone.now()}
    return render(request, "inbox/visits_printed.html", context | menu("visits"))


def _booked(begins: datetime.datetime) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(state=State.BOOKED, visit_at__gte=begins).by_visit()


def _page(begins: datetime.datetime, number: int) -> tuple[list[Planned], bool]:
    """The page of this number, from 1, and whether there is another.

    Who still comes stands on the page of whose visits it is between.
    """
    place = (number - 1) * SHOWN
    booked = list(_booked(begins)[place : place + SHOWN + 1])
    first, following = (row[0].visit_at if row else None for row in (booked, booked[SHOWN:]))
    if number > 1 and first is None:
        return [], False
    begins = first if number > 1 and first else begins
    return _planned(booked[:SHOWN], begins, following), following is not None


def _planned(
    booked: list[Enquiry], begins: datetime.datetime, ends: datetime.datetime | None
) -> list[Planned]:
    """These, and who still comes between the two times, by time. ends: None for no end."""
    latest = Visit.objects.latest_of(booked).select_related("person")
    visits = {visit.enquiry_id: visit for visit in latest}
    still = Visit.objects.still_come().filter(at__gte=begins)
    if ends:
        still = still.filter(at__lt=ends)
    rows = [Planned(visit.at, visit.enquiry, visit, still=True) for visit in still]
    rows += [
        Planned(enquiry.visit_at, enquiry, visits.get(enquiry.pk), still=False)
        for enquiry in booked
        if enquiry.visit_at
    ]
    return sorted(rows, key=lambda row: row.at)
