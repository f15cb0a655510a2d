"""Eight weeks in one table: what came in, what was answered in time, how long it took."""

import datetime

import pytest
from django.utils import timezone

from mesosite.enquiries.models import Enquiry, Entry
from mesosite.enquiries.models.states import State
from mesosite.inbox.figures import WEEKS, weeks
from tests.inbox.asking import ask, erased, press

HOUR = datetime.timedelta(hours=1)


def came(hours_ago, **changes):
    at = timezone.now() - hours_ago * HOUR
    enquiry = ask(created_at=at, **changes)
    enquiry.timeline.filter(kind=Entry.Kind.RECEIVED).update(at=at, due_at=at + 8 * HOUR)
    return enquiry


def answered(enquiry, after, kind=Entry.Kind.SPOKE, **values):
    at = enquiry.created_at + after * HOUR
    return enquiry.timeline.create(kind=kind, at=at, **values)


def totals():
    counted = weeks(timezone.now())
    assert len(counted) == WEEKS
    columns = zip(*((w.came_in, w.in_time, w.promised, w.booked) for w in counted), strict=True)
    return tuple(map(sum, columns))


def test_what_was_answered_in_time_late_and_not_yet():
    answered(came(100), 2)
    answered(came(100), 9)
    came(100)  # late, and nobody has answered
    came(1)  # not due yet

    assert totals() == (4, 1, 3, 0)


def test_an_answer_in_words_and_a_visit_count_and_a_note_does_not(desk):
    press(desk, came(2), "answer", to="answer", text="Yes")
    answered(came(2), 1, Entry.Kind.MOVED, to_state=State.BOOKED)
    press(desk, came(2), "note", text="Called")

    assert totals() == (3, 2, 2, 1)


def test_what_was_undone_never_happened():
    answered(came(100), 2, undone_at=timezone.now())

    assert totals() == (1, 0, 1, 0)


def test_half_had_an_answer_after():
    for hours in (1, 2, 30):
        answered(came(40), hours)

    assert {week.waited for week in weeks(timezone.now()) if week.came_in} <= {1, 2, 30, 1.5, 16}
    assert sum(week.came_in for week in weeks(timezone.now())) == 3


def test_spam_is_none_and_what_was_erased_came_in():
    came(3, state=State.SPAM)
    erased(came(3))

    assert totals()[0] == 1


def test_what_is_older_is_not_counted():
    came(24 * 7 * (WEEKS + 1))

    assert totals() == (0, 0, 0, 0)


def test_managers_read_them_without_a_name(office, desk):
    came(3, contact={"name": "Zoë Quill"})
    page = office.get("/staff/figures/").content.decode()

    assert "1 request is open now." in page
    assert "Zoë" not in page
    assert desk.get("/staff/figures/").status_code == 403
    assert Enquiry.objects.get().state == State.NEW


@pytest.mark.parametrize("number", [0, 60])
def test_they_cost_the_same_however_many(office, number, django_assert_max_num_queries):
    Enquiry.objects.bulk_create(Enquiry() for _n in range(number))
    with django_assert_max_num_queries(16):
        office.get("/staff/figures/")
