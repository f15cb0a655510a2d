"""The morning's mail: once a day, on open days, numbers alone."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from mesosite.enquiries.encryption.keys import lookup_hash
from mesosite.enquiries.mail.morning import counts_at, queue_morning
from mesosite.enquiries.models import ClinicValues, Enquiry, OutgoingMail, Priority
from mesosite.enquiries.models.states import AT_WORK, OPEN, State
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.lists.todo import Section, Whose, to_do
from tests.inbox.asking import ask

pytestmark = pytest.mark.django_db
STILL = (State.CLOSED, State.SPAM)
ATHENS = "desk@clinic.example"
MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)  # 08:00 in Athens


@pytest.fixture
def at(monkeypatch, settings, as_clinic):
    settings.CLINIC_EMAIL = ""
    as_clinic(email=ATHENS)

    def set_time(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_time(MONDAY)
    return set_time


def mornings():
    return [mail.content for mail in OutgoingMail.objects.filter(kind="morning").order_by("id")]


def waiting(**changes):
    """A request that nobody has answered, of the Friday before."""
    asked = MONDAY - timedelta(days=3)
    row = {"asked_at": asked, "due_at": MONDAY + timedelta(hours=5)}
    return ask(contact={"name": "Zoë Quill"}, topics=["prp"], **row | changes)


def test_it_says_how_much_there_is_in_numbers(at):
    for _n in range(2):
        waiting()
    waiting(due_at=MONDAY - timedelta(hours=1))
    waiting(due_at=MONDAY - timedelta(hours=1), priority=Priority.URGENT)
    waiting(state=State.SPAM)
    waiting(answered_at=MONDAY, next_on=date(2026, 11, 30), state=State.IN_PROGRESS)
    queue_morning()
    (mail,) = mornings()

    assert mail["subject"] == "2 new, 1 late, 1 urgent, 1 held as spam"
    assert mail["to"] == ATHENS
    assert "/staff/" in mail["body"]
    assert not any(word in str(mail) for word in ("Zoë", "m@example.org", "prp", "PRP"))


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "1 new"),
        ({"due_at": None}, "1 new"),
        ({"due_at": MONDAY - timedelta(hours=1)}, "1 late"),
        ({"priority": Priority.URGENT}, "1 urgent"),
        ({"state": State.SPAM}, "1 held as spam"),
    ],
)
def test_what_is_not_there_is_not_said(at, changes, subject):
    waiting(**changes)
    queue_morning()
    assert [mail["subject"] for mail in mornings()] == [subject]


def test_nothing_to_say_is_no_mail_that_day(at):
    queue_morning()
    waiting()
    queue_morning()
    assert not mornings()


def test_two_nodes_and_a_restart_send_one(at):
    waiting()
    for minutes in (0, 0, 1, 90, 239):
        at(MONDAY + timedelta(minutes=minutes))
        queue_morning()
    assert len(mornings()) == 1
    at(MONDAY + timedelta(days=1))
    queue_morning()
    assert len(mornings()) == 2


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (MONDAY - timedelta(minutes=1), False),
        (MONDAY + timedelta(minutes=239), True),
        (MONDAY + timedelta(hours=4), False),
        (datetime(2026, 11, 28, 6, 0, tzinfo=UTC), False),  # Saturday
        (datetime(2026, 3, 30, 4, 59, tzinfo=UTC), False),  # the day after the clock went forward
        (datetime(2026, 3, 30, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 5, 59, tzinfo=UTC), False),  # the day after it went back
        (datetime(2026, 10, 26, 6, 0, tzinfo=UTC), True),
    ],
)
def test_it_leaves_in_the_morning_of_an_open_day(at, moment, leaves):
    waiting()
    at(moment)
    queue_morning()
    assert bool(mornings()) == leaves


def test_none_on_a_closed_day_nor_where_it_is_turned_off_nor_without_an_address(at, as_clinic):
    waiting()
    as_clinic(email=ATHENS, closed={MONDAY.date()})
    queue_morning()
    as_clinic(email="", closed=set())
    queue_morning()
    as_clinic(email=ATHENS)
    ClinicValues.objects.update_or_create(pk=1, defaults={"morning_mail": False})
    queue_morning()
    assert not mornings()
    ClinicValues.objects.update(morning_mail=True)
    queue_morning()
    assert len(mornings()) == 1


def every_kind():
    """Of each state a request of each kind: by when it is due, when it comes back, with news."""
    dues = (None, *(MONDAY + timedelta(hours=n) for n in (-60, 2, 40)))
    days = (None, *(MONDAY.date() + timedelta(days=n) for n in (-1, 0, 9)))
    rest = (tuple(Priority), (False, True), (None, MONDAY))
    of_state = {State.BOOKED: {"visit_at": MONDAY + timedelta(days=2)}}
    of_state |= {State.CLOSED: {"close_reason": "visited"}}
    for state, due, day, urgent, news, answered in product(OPEN + STILL, dues, days, *rest):
        if state in AT_WORK and answered and not day:
            continue  # the database refuses it: nothing would bring it back
        row = {"state": state, "due_at": due, "next_on": day, "priority": urgent}
        yield row | {"has_news": news, "answered_at": answered} | of_state.get(state, {})


def test_the_numbers_are_those_of_to_do(at):
    one = waiting()
    rows = [row_like(one, **changes) for changes in every_kind()]
    Enquiry.objects.bulk_create(rows)
    shown = to_do(Whose.EVERYONE, User(), MONDAY)
    new = set(Enquiry.objects.filter(state=State.NEW).values_list("pk", flat=True))
    place = {row.pk: row.section for row in shown}
    calm = [pk for pk in new if place.get(pk, Section.LATE) not in (Section.URGENT, Section.LATE)]

    assert counts_at(MONDAY) == {
        "new": len(calm),
        "late": list(place.values()).count(Section.LATE),
        "urgent": list(place.values()).count(Section.URGENT),
        "spam": menu()["held"],
    }
    assert min(counts_at(MONDAY).values()) > 9


def row_like(enquiry, **changes):
    """Another request of the same patient, not stored."""
    row = Enquiry(topics=enquiry.topics, contact=enquiry.contact, **changes)
    row.link_hash = lookup_hash("link", row.link)
    return row
