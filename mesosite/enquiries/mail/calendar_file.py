"""A visit as a file that calendars take: iCalendar (RFC 5545) under the rules of iTIP (RFC 5546).

A calendar is seen over a shoulder and synchronised to shared devices, so no field of the file
names a treatment, or says that the sender is a clinic.
"""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from mesosite.enquiries.models import Visit
from mesosite.pages.catalogue import clinic

DEFAULT_LENGTH = datetime.timedelta(minutes=30)


def method_of(visit: Visit) -> str:
    return "CANCEL" if visit.is_cancelled else "REQUEST"


def calendar_file(visit: Visit, *, sender: str, to: str) -> str:
    """The text of the file. sender: where an answer goes; to: the patient's address, or ""."""
    calendar = Calendar()
    calendar.add("prodid", "-//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(visit))
    calendar.add_component(_event(visit, sender, to))
    return calendar.to_ical().decode()


def _event(visit: Visit, sender: str, to: str) -> Event:
    """Times in UTC: a calendar shows them in its own zone."""
    begins = visit.at.astimezone(datetime.UTC)
    length = datetime.timedelta(minutes=visit.minutes) if visit.minutes else DEFAULT_LENGTH
    event = Event()
    event.add("uid", str(visit.uid))
    event.add("dtstamp", timezone.now())
    event.add("sequence", visit.sequence)
    event.add("status", "CANCELLED" if visit.is_cancelled else "CONFIRMED")
    event.add("summary", _("Appointment"))
    event.add("dtstart", begins)
    event.add("dtend", begins + length)
    event.add("organizer", _address(sender, cn=clinic().sender))
    if to:
        event.add("attendee", _address(to, rsvp="FALSE"))  # a visit is booked by talking
    if clinic().address:
        event.add("location", clinic().address)
    return event


def _address(email: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        if value:
            address.params[name] = vText(value)
    return address
