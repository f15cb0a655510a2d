"""The same answers again, by another form: nothing is doubled, lost, or shown to somebody else."""

import pytest

from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.workflow import change_state
from tests.enquiries.filled_in import answers, code_of, post, said, send, stored

pytestmark = pytest.mark.django_db


def confirmation(client, response):
    return said(client.get(response.headers["Location"]))


def closed(receptionist):
    send()
    change_state(stored(), State.CLOSED, by=receptionist, reason=CloseReason.DECLINED)
    return stored()


def test_who_repeats_somebodys_answers_gets_the_code_but_not_the_link(client):
    first, again = send(), send()

    assert code_of(first) == code_of(again)
    assert stored().link in confirmation(client, first)
    assert stored().link not in confirmation(client, again)
    assert "We had this request already" in confirmation(client, again)


def test_the_same_form_sent_twice_gets_the_link_both_times(client):
    data = answers()
    first, again = post("/consultation/", data), post("/consultation/", data)

    assert stored().link in confirmation(client, first)
    assert stored().link in confirmation(client, again)


def test_what_was_closed_is_looked_at_again(receptionist):
    closed(receptionist)
    send()

    assert (stored().state, stored().has_news, stored().close_reason) == ("in_progress", True, "")
    assert OutgoingMail.objects.filter(kind="new_message").count() == 1


def test_what_is_open_stays_as_it_is(receptionist):
    send()
    change_state(stored(), State.WAITING, by=receptionist)
    send()

    assert (stored().state, stored().has_news) == (State.WAITING, False)


def test_a_mailbox_gets_three_confirmations_a_day_whoever_asks():
    for number in range(5):
        send(name=f"Ana {number}", email="Victim@example.com")

    assert Enquiry.objects.count() == 5
    assert OutgoingMail.objects.filter(kind="confirmation").count() == 3
    assert OutgoingMail.objects.filter(kind="new_enquiry").count() == 5


def test_spam_with_a_new_message_counts_as_unseen_again(receptionist):
    send(website="https://spam.example")
    stored().mark_read(by=receptionist)
    assert stored().seen_at

    add_message(stored(), "I am a person")
    assert stored().seen_at is None
