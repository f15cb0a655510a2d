"""The page after sending: reached by a ticket, which ends."""

import pytest
from django.db import OperationalError

from mesosite.enquiries.consultation.tokens import ticket_for
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.enquiry import EnquiryQuerySet
from mesosite.pages.catalogue import all_questions
from tests.enquiries.filled_in import FORM, said, send, stored
from tests.enquiries.patient.requests import heading, page

pytestmark = pytest.mark.django_db


def visit(client, ticket):
    return client.get(FORM + "sent/", {"e": ticket})


def test_it_shows_the_code_the_steps_and_the_questions_and_nothing_personal(client):
    question = next(iter(all_questions().values()))
    html = said(client.get(send(questions=question.id, message="Secret").headers["Location"]))

    assert stored().shown_code in html
    assert "Nothing is booked yet" in html
    assert "The questions you asked" in html
    assert not any(word in html for word in ("Secret", "Μαρία", "maria@", "Micro-needling"))


def test_it_only_leads_to_what_helps_to_prepare(client):
    html = said(client.get(send().headers["Location"]))

    assert f'href="{page(stored(), "prepare/")}"' in html
    assert "cold sores" not in html


def test_no_page_asks_for_the_code_as_a_proof(client):
    send()

    assert "With it we find your request when you call." in said(
        visit(client, ticket_for(stored()))
    )
    for path in (FORM + "r/unknown/", "/privacy/"):
        assert "say your code" not in said(client.get(path))


def test_a_clinic_with_hours_says_first_by_when_a_person_answers(client, open_clinic, at):
    html = said(client.get(send().headers["Location"]))

    assert "A person answers by Wednesday 11 March, 14:00." in heading(html)
    assert html.count("Wednesday 11 March, 14:00") == 1


def test_without_hours_it_promises_no_time(client, as_clinic):
    as_clinic()

    html = said(client.get(send().headers["Location"]))
    assert "A person at the clinic answers you." in heading(html)


def test_a_demonstration_says_first_that_nobody_reads_it(client):
    html = said(client.get(send().headers["Location"]))

    assert "Nobody reads this demonstration." in heading(html)


@pytest.mark.parametrize("ticket", ["", "x", "0123456789", "0123456789:1:x", "a\0:b:c", "é:é:é"])
def test_without_a_good_ticket_it_says_what_happens_next(client, ticket):
    response = visit(client, ticket)

    assert response.status_code == 200
    assert "What happens after you send a request" in said(response)
    assert "code__value" not in said(response)


def test_a_ticket_ends_after_an_hour(client, enquiry, monkeypatch):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1.0)
    old = ticket_for(enquiry)
    monkeypatch.undo()

    assert enquiry.shown_code not in said(visit(client, old))


def test_the_forms_token_is_no_ticket(client, enquiry):
    assert enquiry.shown_code not in said(visit(client, send().wsgi_request.POST["token"]))


def test_the_code_is_shown_even_without_a_database(client, enquiry, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(EnquiryQuerySet, "first", locked)

    assert enquiry.shown_code in said(visit(client, ticket_for(enquiry)))


def test_a_ticket_of_an_enquiry_that_is_gone_shows_no_code(client):
    assert Enquiry(code="0123456789").shown_code not in said(
        visit(client, ticket_for(Enquiry(code="0123456789")))
    )
