"""Requests of the same person: shown on both, and the newer closed for the older."""

import datetime

import pytest
from django.utils import timezone

from mesosite.enquiries.models.states import State
from tests.inbox.asking import address, ask, erased, kept, press
from tests.inbox.lists.test_lists import words

PHONE = {"phone": "+306912347138"}


@pytest.fixture
def two():
    """(the older, the newer) of one phone number."""
    other = {"name": "Someone Else", "email": "", "contact_by": "phone"}
    return ask(contact=PHONE), ask(contact=PHONE | other)


def sheet(desk, enquiry):
    return words(desk.get(address(enquiry)))


def test_the_same_phone_is_shown_on_both(desk, two):
    older, newer = two
    assert f"Same phone as {older.shown_code} (new)" in sheet(desk, newer)
    assert f"Same phone as {newer.shown_code}" in sheet(desk, older)
    assert "Same as the other" in sheet(desk, newer)
    assert "Same as the other" not in sheet(desk, older)


def test_the_newer_is_closed_and_each_leads_to_the_other(desk, two):
    older, newer = two
    newer.notes.create(text="Called twice", person_id=_someone(desk))
    press(desk, newer, f"same.{older.code}")
    newer.refresh_from_db()
    assert (newer.state, newer.close_reason, newer.same_as) == (State.CLOSED, "duplicate", older)
    assert f"Same as another request {older.shown_code}" in sheet(desk, newer)
    assert f"Closed as the same as this one: {newer.shown_code}" in sheet(desk, older)
    assert "Called twice" in sheet(desk, newer)
    assert "Called twice" not in sheet(desk, older)


def _someone(desk):
    return int(desk.session["_auth_user_id"])


def test_it_can_be_undone(desk, two):
    older, newer = two
    press(desk, newer, f"same.{older.code}")
    desk.post(address(newer, "undo/"), {"entry": newer.timeline.last().pk})
    newer.refresh_from_db()
    assert (newer.state, newer.close_reason, newer.same_as) == (State.NEW, "", None)
    assert "Closed as the same" not in sheet(desk, older)


def test_a_visit_to_come_is_not_lost(desk, two):
    older, _newer = two
    visit = {"state": State.BOOKED, "visit_at": timezone.now() + datetime.timedelta(days=2)}
    booked = ask(contact=PHONE, **visit)
    before = kept(booked)
    assert "Same as the other" not in sheet(desk, booked)
    refused = press(desk, booked, f"same.{older.code}")
    assert refused.status_code == 422
    assert "a visit to come" in words(refused)
    assert kept(booked) == before


@pytest.mark.parametrize("which", ["itself", "newer", "unknown", "erased"])
def test_another_code_closes_nothing(desk, two, which):
    older, newer = two
    code = {"itself": older.code, "newer": newer.code, "unknown": "NOPE", "erased": ""}[which]
    code = code or erased(ask(contact=PHONE)).code
    before = kept(older)
    assert press(desk, older, f"same.{code}").status_code == 422
    assert kept(older) == before


def test_a_reason_from_the_list_asks_for_the_code(desk, two):
    older = two[0]
    newer = ask(contact={"name": "A", "email": "other@example.org"})
    assert press(desk, newer, "close", reason="duplicate").status_code == 422
    typed = older.shown_code.lower()
    press(desk, newer, "close", reason="duplicate", same_code=typed)
    newer.refresh_from_db()
    assert (newer.state, newer.same_as) == (State.CLOSED, older)


def test_an_erased_one_is_pointed_at_no_more(desk, two):
    older, newer = two
    press(desk, newer, f"same.{older.code}")
    erased(older)
    newer.refresh_from_db()
    assert newer.same_as is None
    assert "Same as another request" in sheet(desk, newer)
