"""Visits: booked, moved and cancelled, each as a row that calendars learn of.

`Enquiry.visit_at` is the time of the visit that stands. Whoever changes it calls a function here,
in the same transaction.
"""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mesosite.enquiries.answer_times import closed_days
from mesosite.enquiries.mail import messages
from mesosite.enquiries.mail.calendar_file import DEFAULT_LENGTH
from mesosite.enquiries.models import Enquiry, Entry, Visit
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic
from mesosite.pages.content.opening_hours import openings

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


def objections(
    enquiry: Enquiry, at: datetime, minutes: int | None, person: User | None
) -> list[str]:
    """What speaks against a visit, in words for staff: the clinic is closed, or has another one."""
    said, own = [], clinic()
    local = at.astimezone(own.tz)
    closed = closed_days(local.date(), local.date())
    if closed or (own.hours and not own.works_on(local.date())):
        said.append(_("We are closed on %s. Book all the same?") % date_format(local, "l j F"))
    elif own.hours and not _is_open(at, minutes):
        said.append(_("We are closed at that time. Book all the same?"))
    if person and (other := _clash(enquiry, at, minutes, person)):
        name = person.get_full_name() or person.email
        other_at = date_format(other.at.astimezone(own.tz), "H:i")
        words = _("%(name)s has another visit at %(time)s. Book all the same?")
        said.append(words % {"name": name, "time": other_at})
    return said


def _is_open(at: datetime, minutes: int | None) -> bool:
    own, ends = clinic(), at + _length(minutes)
    opened = openings(own.hours, frozenset(), own.tz, at, days_ahead=1)
    return any(opens <= at and ends <= closes for opens, closes in opened)


def _clash(enquiry: Enquiry, at: datetime, minutes: int | None, person: User) -> Visit | None:
    """Another visit of this person that is not over when this one begins, or begins within it."""
    ends = at + _length(minutes)
    around = Visit.objects.filter(person=person, at__gt=at - timedelta(hours=4), at__lt=ends)
    standing = Enquiry.objects.filter(state=State.BOOKED, visits__in=around).exclude(pk=enquiry.pk)
    rows = Visit.objects.latest_of(standing).filter(person=person, at__lt=ends, is_cancelled=False)
    return next((row for row in rows if row.at + _length(row.minutes) > at), None)


def _length(minutes: int | None) -> timedelta:
    return timedelta(minutes=minutes) if minutes else DEFAULT_LENGTH


def remind() -> None:
    """Queues the reminders that patients want, one working day before their visits, once each."""
    own, now = clinic(), timezone.now()
    today = now.astimezone(own.tz).date()
    closed = closed_days(today, today + timedelta(days=MAX_DAYS_BETWEEN))
    days = (today + timedelta(days=n) for n in range(1, MAX_DAYS_BETWEEN))
    next_day = next((day for day in days if own.works_on(day, closed)), None)
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
