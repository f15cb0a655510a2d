"""Until when an enquiry is kept: by clinic.yaml, and the same for one as for all."""

from datetime import UTC, datetime, timedelta

import pytest

from mesosite.enquiries.maintenance.retention import WARNING, due_for_erasure, kept_until, to_warn
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.enquiries.workflow import add_note, change_state
from mesosite.pages.catalogue import content
from mesosite.pages.content.clinic import Clinic, Keep

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = THEN + 10 * DAY
CLOSED = {"state": "closed", "close_reason": "declined", "state_since": THEN}
ENDS = [
    ({"state": "spam", "seen_at": THEN}, 30),
    ({"state": "booked", "visit_at": THEN}, 20),
    (CLOSED | {"state_since": LATER, "visit_at": THEN}, 20),
    (CLOSED, 40),
    ({"state": "new", "touched_at": THEN, "warned_at": THEN}, 50),
    ({"state": "in_progress", "touched_at": THEN, "warned_at": THEN}, 50),
    ({"state": "waiting", "touched_at": THEN, "warned_at": THEN}, 50),
]


@pytest.fixture(autouse=True)
def _keep(monkeypatch):
    of = Clinic(keep=Keep(spam=30, booked=20, closed=40, untouched=50))
    monkeypatch.setitem(vars(content()), "clinic", of)


def put(enquiry, **changes):
    """Into the row past every rule."""
    Enquiry.objects.filter(pk=enquiry.pk).update(**changes)
    enquiry.refresh_from_db()
    return enquiry


def is_due(now):
    return due_for_erasure(now).exists()


@pytest.mark.parametrize(("changes", "days"), ENDS)
def test_each_is_kept_for_its_days_and_not_a_moment_longer(enquiry, changes, days):
    put(enquiry, **changes)

    end = THEN + days * DAY
    assert kept_until(enquiry) == end
    assert (is_due(end - timedelta(seconds=1)), is_due(end)) == (False, True)


def test_spam_that_nobody_saw_is_kept(enquiry):
    put(enquiry, state="spam", seen_at=None)

    assert kept_until(enquiry) is None
    assert not is_due(THEN + 10000 * DAY)


def test_a_tombstone_has_no_end(enquiry):
    put(enquiry, state="erased", erased_at=THEN, link_hash=None, sent_hash=None, visit_at=THEN)

    assert kept_until(enquiry) is None
    assert not is_due(THEN + 10000 * DAY)


def test_an_untouched_one_stays_until_staff_were_warned(enquiry):
    put(enquiry, touched_at=THEN)

    assert kept_until(enquiry) == THEN + 50 * DAY
    assert not is_due(THEN + 10000 * DAY)


def test_a_late_warning_gives_staff_the_same_time(enquiry):
    late = THEN + 49 * DAY
    put(enquiry, touched_at=THEN, warned_at=late)

    assert kept_until(enquiry) == late + WARNING
    assert not is_due(THEN + 50 * DAY)
    assert is_due(late + WARNING)


def test_staff_are_to_be_warned_once_and_in_time(enquiry):
    put(enquiry, touched_at=THEN)
    in_time = THEN + 50 * DAY - WARNING

    assert not to_warn(in_time - timedelta(seconds=1)).exists()
    assert to_warn(in_time).get() == enquiry
    put(enquiry, warned_at=in_time)
    assert not to_warn(in_time).exists()


@pytest.mark.parametrize("state", ["spam", "booked", "closed"])
def test_nobody_is_warned_of_what_was_worked_on(enquiry, state):
    reason = "declined" if state == State.CLOSED else ""
    put(enquiry, state=state, touched_at=THEN, visit_at=THEN, close_reason=reason)

    assert not to_warn(THEN + 10000 * DAY).exists()


ACTS = {
    "a step": lambda enquiry, staff: change_state(enquiry, State.WAITING, by=staff),
    "a look": lambda enquiry, staff: enquiry.mark_read(by=staff),
    "a note": lambda enquiry, staff: add_note(enquiry, "Called", by=staff),
    "a message": lambda enquiry, staff: actions.add_message(enquiry, "Hello?"),
    "a correction": lambda enquiry, staff: actions.correct(
        enquiry, problem=False, topics=[], contact={}, answers={}
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_whatever_is_done_with_it_begins_its_time_anew(enquiry, receptionist, act):
    put(enquiry, touched_at=THEN, warned_at=THEN)
    ACTS[act](enquiry, receptionist)

    enquiry.refresh_from_db()
    assert enquiry.warned_at is None
    assert enquiry.touched_at > THEN
    assert not is_due(THEN + 10000 * DAY)
