"""The life of an enquiry: the table, what a step asks for, and two people at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.models import Enquiry, Entry, StaleChange
from mesosite.enquiries.models.states import TRANSITIONS, CloseReason, State
from mesosite.enquiries.workflow import add_note, change_state
from mesosite.pages.base32 import normal_code

pytestmark = pytest.mark.django_db

NEEDS = {
    State.BOOKED: {"visit_at": timezone.now()},
    State.CLOSED: {"reason": CloseReason.UNREACHABLE},
}
ALLOWED = {
    "new": "in_progress waiting booked closed spam",
    "in_progress": "waiting booked closed spam",
    "waiting": "in_progress booked closed spam",
    "booked": "in_progress closed spam",
    "closed": "in_progress waiting booked spam",
    "spam": "new in_progress waiting booked closed",
    "erased": "",
}
PAIRS = [(before, after) for before in State for after in State]


def put(enquiry, state):
    needs = {"visit_at": timezone.now()} if state == State.BOOKED else {}
    needs |= {"close_reason": CloseReason.VISITED} if state == State.CLOSED else {}
    if state == State.ERASED:
        needs = {"erased_at": timezone.now(), "link_hash": None, "sent_hash": None}
    Enquiry.objects.filter(pk=enquiry.pk).update(state=state, **needs)
    enquiry.refresh_from_db()


def test_the_table_is_the_agreed_one():
    assert {s.value: " ".join(to) for s, to in TRANSITIONS.items()} == ALLOWED


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_only_the_steps_of_the_table_are_taken(enquiry, receptionist, before, after):
    put(enquiry, before)
    if after in TRANSITIONS[before]:
        change_state(enquiry, after, by=receptionist, **NEEDS.get(after, {}))
    else:
        with pytest.raises(ValidationError):
            change_state(enquiry, after, by=receptionist, **NEEDS.get(after, {}))

    moved = list(enquiry.timeline.filter(kind="moved").values_list("from_state", "to_state"))
    enquiry.refresh_from_db()
    assert enquiry.state == (after if after in TRANSITIONS[before] else before)
    assert moved == ([(before, after)] if after in TRANSITIONS[before] else [])


def test_a_step_is_written_down_with_who_and_when(enquiry, receptionist):
    change_state(enquiry, State.WAITING, by=receptionist)

    entry = enquiry.timeline.last()
    assert (entry.person, entry.from_state, entry.to_state) == (receptionist, "new", "waiting")
    assert (enquiry.version, Enquiry.objects.get().version) == (2, 2)
    assert enquiry.state_since >= enquiry.created_at


def test_a_step_takes_the_mark_off_what_is_new(enquiry, receptionist):
    Enquiry.objects.update(has_news=True)
    change_state(enquiry, State.WAITING, by=receptionist)

    assert not Enquiry.objects.get().has_news


@pytest.mark.parametrize(
    ("to", "given"),
    [("booked", {}), ("closed", {}), ("closed", {"reason": "bored"}), ("erased", {})],
)
def test_a_step_without_what_it_needs_changes_nothing(enquiry, receptionist, to, given):
    with pytest.raises(ValidationError):
        change_state(enquiry, to, by=receptionist, **given)

    assert Enquiry.objects.get().version == 1
    assert Entry.objects.count() == 1


def test_the_second_of_two_people_is_told(enquiry, receptionist):
    seen_by_another = Enquiry.objects.get()
    change_state(enquiry, State.IN_PROGRESS, by=receptionist)
    with pytest.raises(StaleChange):
        change_state(seen_by_another, State.CLOSED, by=receptionist, reason=CloseReason.UNREACHABLE)

    now = Enquiry.objects.get()
    assert (now.state, now.close_reason, now.version) == (State.IN_PROGRESS, "", 2)
    assert list(now.timeline.values_list("to_state", flat=True)) == ["new", "in_progress"]


def test_one_person_can_take_step_after_step(enquiry, receptionist):
    change_state(enquiry, State.BOOKED, by=receptionist, visit_at=timezone.now())
    change_state(enquiry, State.CLOSED, by=receptionist, reason=CloseReason.VISITED)

    assert Enquiry.objects.get().close_reason == CloseReason.VISITED
    assert Enquiry.objects.get().visit_at


def test_calling_a_visit_off_and_reopening_leave_no_trace_on_the_row(enquiry, receptionist):
    change_state(enquiry, State.BOOKED, by=receptionist, visit_at=timezone.now())
    change_state(enquiry, State.IN_PROGRESS, by=receptionist)
    assert Enquiry.objects.get().visit_at is None

    change_state(enquiry, State.CLOSED, by=receptionist, reason=CloseReason.UNREACHABLE)
    change_state(enquiry, State.IN_PROGRESS, by=receptionist)
    assert Enquiry.objects.get().close_reason == ""


@pytest.mark.parametrize(
    "wrong", [{"state": "booked"}, {"state": "closed"}, {"close_reason": "visited"}]
)
def test_the_database_itself_refuses_half_a_state(enquiry, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.update(**wrong)


def test_a_note_is_a_row_of_its_own_and_its_entry_holds_no_text(enquiry, receptionist):
    Enquiry.objects.update(has_news=True)
    add_note(enquiry, "Prefers <b>mornings</b>", by=receptionist)

    assert Enquiry.objects.get().has_news
    assert enquiry.notes.get().text == "Prefers <b>mornings</b>"
    assert (enquiry.timeline.last().kind, enquiry.timeline.last().to_state) == ("noted", "")


@pytest.mark.parametrize("typed", ["7kq2m-4xntb", " 7KQ2M 4XNTB ", "7KQ2M–4XNTB", "7KQ2M4XNTB"])
def test_a_code_is_found_as_people_type_it(typed):
    assert normal_code(typed) == "7KQ2M4XNTB"


def test_letters_that_look_like_digits_are_read_as_digits():
    assert normal_code("iLo") == "110"


def test_the_urgent_come_first_then_the_longest_waiting(db):
    calm = submit(topics=["peel"], contact={}, answers={}).enquiry
    urgent = submit(topics=[], problem=True, contact={}, answers={}).enquiry
    later = submit(topics=[], contact={}, answers={}).enquiry

    assert list(Enquiry.objects.filter(state=State.NEW).in_turn()) == [urgent, calm, later]
