"""Visits: booked, moved and cancelled, each as a row that calendars learn of.

`Enquiry.visit_at` is the time of the visit that stands. Whoever changes it calls a function here,
in the same transaction.
"""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, Visit
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

MAX_DAYS_BETWEEN = 15
"""The longest holiday after which a reminder is still sent before it."""


def book(
    enquiry: Enquiry, entry: Entry, *, at: datetime, minutes: int | None, person: User | None
) -> None:
    """Books a visit, or moves the one that stands. Its mail waits while `entry` can be undone."""
    given = {"at": at, "minutes": minutes, "person": person}
    if last := standing(enquiry):
        visit = last.changed(entry, **given)
    else:
        visit = Visit(enquiry=enquiry, entry=entry, **given)
    visit.save()
    messages.queue_visit(visit)


def cancel(enquiry: Enquiry, entry: Entry | None) -> None:
    """Cancels the visit that stands, where it is still to come. entry: None where it is erased."""
    last = standing(enquiry)
    if last and last.at > timezone.now():
        visit = last.changed(entry, is_cancelled=True)
        visit.save()
        messages.queue_visit(visit)


def remind() -> None:
    """Queues the reminders that patients want, one working day before their visits, once each."""
    own, now = clinic(), timezone.now()
    days = (now.astimezone(own.tz).date() + timedelta(days=n) for n in range(1, MAX_DAYS_BETWEEN))
    next_day = next((day for day in days if own.works_on(day)), None)
    if next_day is None:
        return
    until = datetime.combine(next_day + timedelta(days=1), time(), own.tz)
    soon = Enquiry.objects.filter(
        state=State.BOOKED, visit_at__gt=now, visit_at__lt=until, wants_reminder=True
    )
    for enquiry in soon.exclude(reminded_of=F("visit_at")):
        with write():
            unchanged = Enquiry.objects.filter(pk=enquiry.pk, version=enquiry.version)
            if (visit := as_patient_sees(enquiry)) and unchanged.update(reminded_of=visit.at):
                messages.queue_reminder(visit)


def standing(enquiry: Enquiry) -> Visit | None:
    """The visit as it stands, also once it is over; None where there is none, or no more."""
    last = enquiry.visits.last()
    return None if last is None or last.is_cancelled else last


def as_patient_sees(enquiry: Enquiry) -> Visit | None:
    """As `standing`, before the steps that can be undone still."""
    rows = enquiry.visits.select_related("entry", "person").order_by("-id")
    seen = next((row for row in rows if not (row.entry and row.entry.is_pending)), None)
    return None if seen is None or seen.is_cancelled else seen
