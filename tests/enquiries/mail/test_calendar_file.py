"""A visit as a calendar reads it, and as somebody else reads it over a shoulder."""

import datetime
from uuid import UUID

import pytest
from icalendar import Calendar

from mesosite.enquiries.mail.calendar_file import calendar_file
from mesosite.enquiries.models import Visit

BEGINS = datetime.datetime(2026, 12, 7, 7, 30, tzinfo=datetime.UTC)
SENDER, PATIENT = "desk@clinic.example", "maria@example.com"


@pytest.fixture(autouse=True)
def _clinic(as_clinic):
    as_clinic(
        name="Acne Scar Clinic", sender="Athens Desk", address="Street 1; Athens, Greece\nX:Y"
    )


def file_of(**changes):
    visit = Visit(**{"uid": UUID(int=1), "at": BEGINS, "minutes": 45} | changes)
    return calendar_file(visit, sender=SENDER, to=PATIENT)


def read(**changes):
    """(the calendar, its one event), as a calendar program reads them."""
    calendar = Calendar.from_ical(file_of(**changes))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_calendar_reads_when_where_and_from_whom():
    calendar, event = read()

    assert calendar["METHOD"] == "REQUEST"
    assert event["DTSTART"].dt == BEGINS
    assert event["DTEND"].dt == BEGINS + datetime.timedelta(minutes=45)
    assert event["SUMMARY"] == "Appointment"
    assert event["LOCATION"] == "Street 1; Athens, Greece\nX:Y"
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (
        "mailto:desk@clinic.example",
        "Athens Desk",
    )
    assert event["ATTENDEE"] == "mailto:maria@example.com"


def test_a_change_and_a_cancellation_are_of_the_same_visit():
    _calendar, first = read()
    moved, event = read(sequence=1, at=BEGINS + datetime.timedelta(days=1))
    gone, cancelled = read(sequence=2, is_cancelled=True)

    assert first["UID"] == event["UID"] == cancelled["UID"]
    assert [first["SEQUENCE"], event["SEQUENCE"], cancelled["SEQUENCE"]] == [0, 1, 2]
    assert [moved["METHOD"], gone["METHOD"]] == ["REQUEST", "CANCEL"]
    assert [event["STATUS"], cancelled["STATUS"]] == ["CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize(
    ("begins", "minutes", "ends"),
    [
        ((2026, 3, 29, 0, 30), 60, (2026, 3, 29, 1, 30)),  # 02:30 to 04:30 in Athens
        ((2026, 10, 25, 0, 30), 60, (2026, 10, 25, 1, 30)),  # 03:30 to 03:30
        ((2026, 12, 7, 7, 30), None, (2026, 12, 7, 8, 0)),
    ],
)
def test_it_is_as_long_as_it_is_over_a_clock_change_too(begins, minutes, ends):
    begin, end = (datetime.datetime(*at, tzinfo=datetime.UTC) for at in (begins, ends))

    _calendar, event = read(at=begin, minutes=minutes)

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (begin, end)


def test_nobody_else_learns_what_it_is_about():
    text = file_of()
    said = text.lower().replace(SENDER, "")

    assert not [word for word in ("acne", "scar", "clinic", "meso", "skin") if word in said]
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
