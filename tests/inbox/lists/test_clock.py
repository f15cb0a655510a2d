"""One promise, one clock: what the patient was told is what staff see, in every moment."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mesosite.enquiries.answer_times import answer_due
from mesosite.enquiries.models import Enquiry, Priority
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.patient.summary import standing
from mesosite.enquiries.steps import Press, Step, take_step
from mesosite.inbox.lists.rows import due_words
from mesosite.pages.catalogue import content
from mesosite.pages.content.clinic import Clinic
from tests.inbox.asking import ask, press

ATHENS, UTC = ZoneInfo("Europe/Athens"), datetime.UTC
SPANS = ((datetime.time(9), datetime.time(13)), (datetime.time(16), datetime.time(20)))
CLOSED = frozenset(datetime.date(2026, 12, day) for day in range(24, 32))
CLINIC = Clinic(
    name="Example Clinic",
    tz=ATHENS,
    # Night hours too, over which both clocks change: at 04:00 in October, at 03:00 in March.
    hours=dict.fromkeys(range(5), SPANS) | {6: ((datetime.time(1), datetime.time(6)),)},
)
# Around the clock changes of October 2026 and March 2027, with Christmas between them.
MOMENTS = st.datetimes(
    datetime.datetime(2026, 10, 20),  # noqa: DTZ001 (Hypothesis adds the zone)
    datetime.datetime(2027, 4, 5),  # noqa: DTZ001
    timezones=st.just(UTC),
)
WAITS = st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=12))
PATIENT_SAYS = re.compile(r"by (\w+ \d+ \w+, \d\d:\d\d)\.")


@pytest.fixture
def ours(as_clinic):
    as_clinic(hours=CLINIC.hours, answer_within_hours=9, closed=CLOSED)


def minutes_open(start, end):
    """Minutes of work between two moments, counted one by one as a wall clock shows them."""
    count, moment = 0, start
    while moment < end:
        here = moment.astimezone(ATHENS)
        spans = () if here.date() in CLOSED else CLINIC.hours.get(here.weekday(), ())
        count += any(opens <= here.time() < closes for opens, closes in spans)
        moment += datetime.timedelta(minutes=1)
    return count


@given(asked=MOMENTS, waited=WAITS, urgent=st.booleans())
def test_patient_and_staff_read_the_same_promise(ours, asked, waited, urgent):
    asked = asked.replace(second=0, microsecond=0)
    with pytest.MonkeyPatch.context() as patch, timezone.override(ATHENS):
        due = answer_due(asked, urgent=urgent)
        patch.setattr(timezone, "now", lambda: asked + waited)
        row = Enquiry(state=State.NEW, priority=Priority.URGENT if urgent else 1, due_at=due)
        to_patient, to_staff = standing(row).text, due_words(row)
    assert minutes_open(asked, due) == (2 if urgent else 9) * 60
    here = due.astimezone(ATHENS)
    assert PATIENT_SAYS.search(to_patient)[1] == f"{here:%A} {here.day} {here:%B, %H:%M}"
    assert f"{here:%H:%M}" in to_staff
    assert to_staff.startswith("late since") == ("You should have had" in to_patient)
    assert to_staff.startswith("late since") == (asked + waited > due)


def test_what_was_promised_is_stored_and_outlives_the_hours(desk, ours, monkeypatch):
    enquiry = ask()
    promised = enquiry.due_at
    assert promised == answer_due(enquiry.created_at, urgent=False)
    assert enquiry.timeline.get().due_at == promised

    without_hours = Clinic(name="Example Clinic", tz=ATHENS)
    monkeypatch.setitem(vars(content()), "clinic", without_hours)
    enquiry.refresh_from_db()
    assert enquiry.due_at == promised
    shown = desk.get(f"/staff/e/{enquiry.code}/").content.decode()
    here = promised.astimezone(ATHENS)
    assert f"The patient was told: by {here:%a} {here.day} {here:%b, %H:%M}" in shown


def told(enquiry):
    enquiry.refresh_from_db()
    return enquiry.due_at, enquiry.answered_at


def test_an_answer_ends_the_clock_and_a_message_starts_it_again(ours, receptionist):
    enquiry = ask(due_at="2026-01-01T10:00Z")
    take_step(enquiry, Press(Step.SPOKE, receptionist))
    assert told(enquiry)[1] is not None

    add_message(enquiry, "One more thing")
    due, answered = told(enquiry)
    assert answered is None
    assert due == answer_due(enquiry.asked_at, urgent=False)
    assert enquiry.timeline.filter(kind="message").get().due_at == due


def test_a_second_message_puts_no_promise_off(ours):
    enquiry = ask()
    promised = told(enquiry)[0]
    enquiry = add_message(enquiry, "Hello? I am still waiting")
    assert told(enquiry)[0] == promised


ENDS_THE_CLOCK = {
    "spoke": True,
    "they_called": True,
    "answer": True,
    "book": True,  # the visit stands on the patient's page
    "left_message.tomorrow": False,
    "no_answer.later": False,
    "wrong_number": False,
    "note": False,
    "take": False,
    "wait": False,
    "next_day.later": False,
}


@pytest.mark.parametrize(("step", "answers"), ENDS_THE_CLOCK.items())
def test_what_counts_as_an_answer(desk, ours, step, answers):
    enquiry = ask(contact={"phone": "+306912345678"})
    promised = told(enquiry)[0]
    visit = timezone.localdate() + datetime.timedelta(days=30)
    given = {"all_the_same": "on", "to": "answer" if step == "answer" else "call", "text": "x"}
    assert press(desk, enquiry, step, visit_at=f"{visit}T10:00", **given).status_code == 302
    due, answered = told(enquiry)
    assert (due, answered is not None) == (promised, answers)


def test_words_for_the_patient_answer_with_any_step(desk, ours):
    enquiry = ask()
    press(desk, enquiry, "wait", to="answer", text="Which day suits you?")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answered_at is not None) == (State.WAITING, True)
    assert enquiry.replies.get().text == "Which day suits you?"


def test_made_urgent_it_is_owed_by_the_urgent_clock(desk, ours, receptionist):
    enquiry = ask(answered_at=timezone.now(), due_at="2026-01-01T10:00Z", next_on="2031-01-01")
    press(desk, enquiry, "urgent")
    enquiry.refresh_from_db()
    assert (enquiry.urgent, enquiry.answered_at) == (True, None)
    assert abs(enquiry.due_at - answer_due(timezone.now(), urgent=True)) < datetime.timedelta(
        minutes=5
    )


def test_not_urgent_needs_a_clinician(desk, receptionist):
    enquiry = ask(problem=True)
    assert "not_urgent" not in desk.get(f"/staff/e/{enquiry.code}/").content.decode()
    assert press(desk, enquiry, "not_urgent").status_code == 403

    receptionist.groups.create(name="clinician")
    assert "not_urgent" in desk.get(f"/staff/e/{enquiry.code}/").content.decode()
    assert press(desk, enquiry, "not_urgent").status_code == 302
    enquiry.refresh_from_db()
    assert not enquiry.urgent
