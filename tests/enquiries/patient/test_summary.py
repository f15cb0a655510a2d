"""The patient's own page: what it shows, and its copies."""

import datetime
import re

import pytest
from django.utils import timezone
from django.utils.html import escape

from mesosite.enquiries.consultation.tokens import ticket_for
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.workflow import add_note
from tests.enquiries.filled_in import FORM, said
from tests.enquiries.patient.requests import (
    ANSWERS,
    CONTACT,
    asked,
    booked,
    copy_of,
    damage,
    heading,
    link_in,
    page,
    say,
    withdraw,
)

pytestmark = pytest.mark.django_db


def test_it_shows_everything_that_was_given_and_the_words_agreed_to(client):
    enquiry = asked()
    html = said(client.get(page(enquiry)))

    words = (CONTACT["name"], CONTACT["email"], "+30 691 234 5678", "Either is fine", "Evening")
    words += ("Ελληνικά", "A chemical peel", "Rolling", "I get cold sores", "Does it hurt?")
    words += ("Since I was 17.<br>What fits?", enquiry.shown_code)
    assert all(word in html for word in words)
    assert escape(enquiry.consent.statement) in html


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (State.NEW, "We have your request"),
        (State.IN_PROGRESS, "We are working on your request"),
        (State.WAITING, "We are waiting for you"),
    ],
)
def test_it_says_where_the_request_stands(client, state, title):
    assert heading(said(client.get(page(asked(state=state))))) == title


def test_a_closed_request_can_still_be_written_to(client):
    html = said(client.get(page(asked(state=State.CLOSED, close_reason="declined"))))

    assert heading(html) == "Your request is closed"
    assert "Declined" not in html
    assert "Write a message" in html


def test_a_visit_is_shown_in_the_clinics_zone(client, open_clinic):
    visit = datetime.datetime(2099, 7, 1, 7, 30, tzinfo=datetime.UTC)

    html = said(client.get(page(asked(state=State.BOOKED, visit_at=visit))))

    assert "Wednesday 1 July 2099, 10:30" in html


def test_a_visit_that_is_over_is_not_announced(client):
    assert heading(said(client.get(page(booked(days=-1))))) == "Your visit was booked"


def test_a_demonstration_promises_no_answer_on_the_page_and_in_the_copy(client):
    enquiry = asked()

    for below in ("", "download/html"):
        html = said(client.get(page(enquiry, below)))
        assert html.count("No clinic reads it, so nobody will answer.") == 1
        assert "A person at the clinic reads it and answers you." not in html


def test_a_clinic_with_hours_says_by_when_and_admits_when_it_is_late(client, open_clinic):
    assert "A person will answer by " in said(client.get(page(asked())))

    Enquiry.objects.update(due_at=timezone.now() - datetime.timedelta(days=9))
    assert "You should have had an answer by " in said(client.get(page(Enquiry.objects.get())))


def test_what_is_held_as_spam_reads_as_new(client):
    new = asked()
    as_new = said(client.get(page(new))), copy_of(client, new)
    Enquiry.objects.update(state=State.SPAM, seen_at=timezone.now(), spam_score=9)

    assert (said(client.get(page(new))), copy_of(client, new)) == as_new


def test_until_when_it_is_kept_is_a_date(client):
    last = datetime.datetime(2099, 1, 1, 12, tzinfo=datetime.UTC)
    enquiry = asked(touched_at=last)

    assert "1 April 2099" in said(client.get(page(enquiry)))
    assert copy_of(client, enquiry)["kept_until"].startswith("2099-04-01T")


@pytest.mark.parametrize("column", ["contact", "answers"])
@pytest.mark.parametrize("below", ["", "download/html", "download/json", "correct/"])
def test_a_damaged_value_is_said_and_never_shown(client, below, column):
    enquiry = asked()
    damage(enquiry, column)

    response = client.get(page(enquiry, below))
    assert response.status_code == (403 if column == "contact" and below else 200)
    assert "cannot be read" in said(response)
    assert "AAAA" not in said(response)


def test_both_copies_are_complete_files_and_hold_no_notes(client, receptionist):
    enquiry = asked()
    say(enquiry, "Ακόμη κάτι")
    add_note(enquiry, "Called <b>twice</b>", by=receptionist)

    for kind in ("json", "html"):
        response = client.get(page(enquiry, f"download/{kind}"))
        name = f'attachment; filename="request-{enquiry.shown_code}.{kind}"'
        assert response.headers["Content-Disposition"] == name
        words = (CONTACT["name"], "I get cold sores", "Does it hurt?", "Ακόμη κάτι")
        assert all(word in said(response) for word in words)
        assert "twice" not in said(response)
        assert enquiry.link not in said(response)


def test_the_copy_for_programs_has_readable_keys_and_times(client):
    enquiry = asked()
    copy = copy_of(client, enquiry)

    assert copy["contact"]["name"] == [CONTACT["name"]]
    assert copy["answers"]["message"] == [ANSWERS["message"]]
    assert copy["agreed"]["to"] == enquiry.consent.statement
    assert copy["agreed"]["privacy_page"] == enquiry.consent.privacy
    assert datetime.datetime.fromisoformat(copy["sent"]) == enquiry.created_at.replace(
        microsecond=0
    )


def test_the_confirmation_leads_there(client):
    enquiry = asked()
    html = said(client.get(FORM + "sent/", {"e": ticket_for(enquiry)}))

    leads_to = re.search('href="(/consultation/r/[^"]+)"', html)[1]
    assert link_in(leads_to) == enquiry.link
    assert heading(said(client.get(leads_to))) == heading(said(client.get(page(enquiry))))


def test_the_confirmation_leads_nowhere_once_it_is_erased(client):
    enquiry = asked()
    withdraw(enquiry)

    html = said(client.get(FORM + "sent/", {"e": ticket_for(enquiry)}))
    assert "/r/" not in html
    assert enquiry.shown_code not in html
