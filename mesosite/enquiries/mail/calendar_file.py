"""A visit as a file that calendars take: iCalendar (RFC 5545) under the rules of iTIP (RFC 5546).

A calendar is seen over a shoulder and synchronised to shared devices, so no field of the file
names a treatment, or says that the sender is a clinic.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from mesosite.pages.catalogue import clinic

DEFAULT_LENGTH = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class Appointment:
    """What a calendar learns of a visit.

    begins: aware; minutes: None where the length is not known; sequence: how often it was changed
    since it was booked; to: the patient's address.
    """

    uid: UUID
    begins: datetime.datetime
    minutes: int | None
    sequence: int
    to: str
    cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.cancelled else "REQUEST"


def calendar_file(appointment: Appointment, sender: str) -> str:
    """The text of the file. sender: the address that the patient's answer goes to."""
    calendar = Calendar()
    calendar.add("prodid", "-//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", appointment.method)
    calendar.add_component(_event(appointment, sender))
    return calendar.to_ical().decode()


def _event(appointment: Appointment, sender: str) -> Event:
    """Times in UTC: a calendar shows them in its own zone."""
    begins = appointment.begins.astimezone(datetime.UTC)
    length = datetime.timedelta(minutes=appointment.minutes or 0) or DEFAULT_LENGTH
    organizer, attendee = (vCalAddress(f"mailto:{to}") for to in (sender, appointment.to))
    if clinic().sender:
        organizer.params["cn"] = vText(clinic().sender)
    attendee.params["rsvp"] = vText("FALSE")  # a visit is booked by talking
    event = Event()
    event.add("uid", str(appointment.uid))
    event.add("dtstamp", timezone.now())
    event.add("sequence", appointment.sequence)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("summary", _("Appointment"))
    event.add("dtstart", begins)
    event.add("dtend", begins + length)
    event.add("organizer", organizer)
    event.add("attendee", attendee)
    if clinic().address:
        event.add("location", clinic().address)
    return event
