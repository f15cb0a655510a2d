"""A patient takes the request back: asked once, then erased at once and whole."""

import pytest

from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Message, Note, OutgoingMail, SearchTerm
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import views
from mesosite.enquiries.patient.forms import WithdrawForm
from mesosite.enquiries.workflow import add_note
from tests.enquiries.filled_in import FORM, said, stored
from tests.enquiries.patient.requests import (
    ANSWERS,
    CONTACT,
    asked,
    booked,
    gone,
    page,
    say,
    withdraw,
)

pytestmark = pytest.mark.django_db

ERASED = FORM + "erased/"


def test_it_asks_once_and_says_what_will_happen(client):
    enquiry = asked()
    html = said(client.get(page(enquiry, "withdraw/")))

    assert "cannot be undone" in html
    assert f"Only the code {enquiry.shown_code} and the dates" in html
    assert "Cancel my visit" not in html
    assert stored().contact == CONTACT


def test_it_erases_all_that_was_written_and_keeps_code_and_dates(receptionist):
    enquiry = asked()
    say(enquiry, "One more thing")
    add_note(stored(), "Called", by=receptionist)

    assert withdraw(enquiry).headers["Location"] == ERASED
    left = stored()
    assert (left.state, left.code, left.link) == (State.ERASED, enquiry.code, "")
    assert (left.contact, left.answers, left.topics) == ({}, {}, [])
    assert left.created_at == enquiry.created_at
    for written in (Message, Note, SearchTerm, OutgoingMail):
        assert not written.objects.exists()


def test_the_page_after_it_needs_no_link_and_names_no_code(client):
    enquiry = asked()
    html = said(client.get(withdraw(enquiry).headers["Location"]))

    assert "Your request is erased" in html
    assert enquiry.shown_code not in html


@pytest.mark.parametrize("below", ["", "withdraw/", "correct/", "download/json"])
def test_the_link_ends_with_it(client, below):
    enquiry = asked()
    withdraw(enquiry)

    assert client.get(page(enquiry, below)).status_code == 404


@pytest.mark.parametrize("answer", [{}, {"cancel_visit": ""}, {"cancel_visit": "perhaps"}])
def test_with_a_visit_to_come_it_must_be_said_what_becomes_of_it(answer):
    enquiry = booked()
    response = withdraw(enquiry, **answer)

    assert response.status_code == 422
    assert "Say whether to cancel your visit too" in said(response)
    assert stored().contact == CONTACT


def test_a_cancelled_visit_is_told_to_the_clinic_to_be_freed():
    enquiry = booked()
    withdraw(enquiry, cancel_visit="yes")

    assert Enquiry.objects.slots_to_free().get().visit_at == enquiry.visit_at
    assert OutgoingMail.objects.get().kind == "free_slot"


def test_a_visit_that_stays_leaves_nothing_to_free():
    withdraw(booked(), cancel_visit="no")

    assert stored().state == State.ERASED
    assert not Enquiry.objects.slots_to_free().exists()


def test_a_visit_that_was_booked_in_this_moment_is_asked_about(monkeypatch):
    enquiry = booked()
    monkeypatch.setattr(
        views, "WithdrawForm", lambda sent, **at: WithdrawForm(sent, visit_to_come=False)
    )
    response = withdraw(enquiry)

    assert (response.status_code, response.headers["Location"]) == (302, page(enquiry, "withdraw/"))
    assert stored().state == State.BOOKED


def test_a_visit_that_is_over_is_not_asked_about():
    assert withdraw(booked(days=-1)).headers["Location"] == ERASED


def test_what_cannot_be_erased_now_is_said_and_stays_whole(monkeypatch, open_clinic):
    monkeypatch.setattr(messages, "queue_for_staff", gone)  # the last thing that is written
    enquiry = booked()

    response = withdraw(enquiry, cancel_visit="yes")
    assert response.status_code == 503
    assert "Your request is not erased" in said(response)
    assert open_clinic.phone in said(response)
    assert 'name="cancel_visit" value="yes"' in said(response)
    assert (stored().state, stored().contact, stored().answers) == ("booked", CONTACT, ANSWERS)
    assert SearchTerm.objects.exists()


def test_a_message_to_one_that_was_erased_in_this_moment_says_that_it_is_gone(monkeypatch):
    enquiry = asked()
    late = Enquiry.objects.get()
    withdraw(enquiry)
    found = Enquiry.objects.none()
    monkeypatch.setattr(type(found), "first", lambda self: late)

    assert say(enquiry, "Too late").status_code == 404
    assert not Message.objects.exists()
