"""What looks like spam is set apart, never lost, and mails nobody until staff clear it."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from mesosite.enquiries import rate_limits
from mesosite.enquiries.consultation.tokens import new_token
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.workflow import change_state
from tests.enquiries.filled_in import FORM, said, send, send_spam, stored, without_what_is_own
from tests.enquiries.stored import as_stored

pytestmark = pytest.mark.django_db

ONE_LINK = "My photos: https://photos.example/ana"
LINKS = "Buy https://a.example and www.b.example and <a href=x> and [url=y]"


@pytest.fixture
def read(monkeypatch):
    """A token of a form that was open for ten minutes, as somebody who reads has it."""
    now = signing.time.time()
    with monkeypatch.context() as earlier:
        earlier.setattr(signing.time, "time", lambda: now - 600)
        return new_token()


@pytest.fixture
def at_once(monkeypatch):
    """No time passes between the form and the sending."""
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now)


@pytest.fixture
def crowded(monkeypatch):
    monkeypatch.setattr(rate_limits, "is_crowded", lambda address: True)


def kinds():
    return set(OutgoingMail.objects.values_list("kind", flat=True))


ALONE = [
    ({}, 0, State.NEW),
    ({"website": "http://x.example"}, 3, State.NEW),
    ({"website": " "}, 3, State.NEW),
    ({"website": "x", "message": ONE_LINK}, 5, State.SPAM),
    ({"name": "Ana www.pills.example"}, 5, State.SPAM),
    ({"message": ONE_LINK}, 2, State.NEW),
    ({"message": LINKS}, 4, State.NEW),
]


@pytest.mark.parametrize(("change", "score", "state"), ALONE)
def test_each_sign_adds_to_the_score(change, score, state, read):
    assert send(token=read, **change).status_code == 302

    assert (stored().spam_score, stored().state) == (score, state)


AT_ONCE = [
    ({}, 2, State.NEW),
    ({"message": ONE_LINK}, 4, State.NEW),
    ({"message": LINKS}, 6, State.SPAM),
    ({"website": "x"}, 5, State.SPAM),
]


@pytest.mark.parametrize(("change", "score", "state"), AT_ONCE)
def test_sending_at_once_counts_but_alone_holds_nobody_back(change, score, state, at_once):
    assert send(**change).status_code == 302

    assert (stored().spam_score, stored().state) == (score, state)
    assert bool(kinds()) == (state == State.NEW)


@pytest.mark.parametrize("message", ["", ONE_LINK, LINKS])
def test_a_crowd_marks_the_row_and_is_no_sign_of_spam(message, crowded, read):
    send(token=read, message=message)

    assert (stored().state, stored().is_crowded) == (State.NEW, True)


def test_a_hidden_field_that_a_browser_filled_in_marks_the_row_and_holds_nothing(read):
    send(token=read, website="https://maria.example")

    assert (stored().spam_score, stored().state) == (3, State.NEW)
    assert kinds() == {"confirmation", "new_enquiry"}


def test_the_fourth_request_of_one_form_is_held(read):
    for number in range(5):
        send(token=read, name=f"Ana {number}")

    assert sorted(Enquiry.objects.values_list("state", flat=True)) == ["new"] * 3 + ["spam"] * 2
    assert Enquiry.objects.filter(state=State.SPAM, spam_score=5).count() == 2


def test_the_same_request_again_wears_no_form_out(read):
    for _again in range(9):
        send(token=read)
    send(token=read, name="Ana")

    assert set(Enquiry.objects.values_list("state", flat=True)) == {State.NEW}


def test_the_age_of_the_form_is_in_the_signature():
    """Who writes an older time into the token has a forged one."""
    secret, _time, signature = new_token().split(":")

    assert send(token=f"{secret}:1a2b3c:{signature}").status_code == 422
    assert not Enquiry.objects.exists()


def test_spam_is_stored_whole_and_mails_nobody():
    send_spam(message="Every word https://a.example")

    assert stored().answers["message"] == "Every word https://a.example"
    assert stored().contact["email"] == "maria@example.com"
    assert not OutgoingMail.objects.exists()


def confirmation(**change):
    page = said(Client().get(send(**change).headers["Location"]))
    enquiry = Enquiry.objects.latest("id")
    return without_what_is_own(page, enquiry)


def test_the_confirmation_page_is_the_same_for_spam():
    assert confirmation(name="Maria") == confirmation(website="x")
    assert set(Enquiry.objects.values_list("state", flat=True)) == {State.NEW, State.SPAM}


def test_clearing_sends_the_held_back_mails_once(receptionist):
    send_spam()
    enquiry = stored()
    change_state(enquiry, State.NEW, by=receptionist)
    first = set(OutgoingMail.objects.values_list("message_id", flat=True))
    change_state(enquiry, State.SPAM, by=receptionist)
    change_state(enquiry, State.IN_PROGRESS, by=receptionist)

    assert kinds() == {"confirmation", "new_enquiry"}
    assert set(OutgoingMail.objects.values_list("message_id", flat=True)) == first


def close(enquiry, by):
    change_state(enquiry, State.CLOSED, by=by, reason=CloseReason.DECIDED_AGAINST)


def test_spam_that_is_closed_mails_nobody(receptionist):
    send_spam()
    close(stored(), receptionist)
    change_state(stored(), State.SPAM, by=receptionist)

    assert not OutgoingMail.objects.exists()


def test_spam_that_was_closed_mails_when_it_is_opened_again(receptionist):
    send_spam()
    close(stored(), receptionist)
    change_state(stored(), State.IN_PROGRESS, by=receptionist)

    assert kinds() == {"confirmation", "new_enquiry"}


def test_mails_that_waited_do_not_go_when_spam_is_closed(receptionist):
    send()
    change_state(stored(), State.SPAM, by=receptionist)
    OutgoingMail.objects.filter(kind="confirmation").update(sent_at=timezone.now())
    close(stored(), receptionist)

    assert kinds() == {"confirmation"}


def test_what_was_closed_after_an_answer_is_not_confirmed_again(receptionist):
    send()
    close(stored(), receptionist)
    change_state(stored(), State.IN_PROGRESS, by=receptionist)

    assert OutgoingMail.objects.count() == 2


def held_back(next_try_at):
    """Store an enquiry among the spam whose mails were queued a week ago."""
    send()
    Enquiry.objects.update(state=State.SPAM)
    then = timezone.now() - timedelta(days=7)
    OutgoingMail.objects.update(created_at=then, next_try_at=next_try_at)


def test_mails_that_were_held_back_have_all_their_tries_left(receptionist):
    before = timezone.now()
    held_back(before - timedelta(days=7))
    change_state(stored(), State.NEW, by=receptionist)

    for mail in OutgoingMail.objects.all():
        leaves_at = stored().timeline.last().final_at
        assert before <= mail.created_at == mail.next_try_at == leaves_at


def test_the_lease_of_a_sender_stays(receptionist):
    lease = timezone.now() + timedelta(minutes=10)
    held_back(lease)
    OutgoingMail.objects.update(tries=1)
    change_state(stored(), State.NEW, by=receptionist)

    assert {mail.next_try_at for mail in OutgoingMail.objects.all()} == {lease}


def test_mails_that_were_sent_keep_their_times(receptionist):
    held_back(timezone.now() - timedelta(days=7))
    OutgoingMail.objects.update(sent_at=timezone.now())
    before = as_stored(OutgoingMail.objects.all())
    change_state(stored(), State.NEW, by=receptionist)

    assert as_stored(OutgoingMail.objects.all()) == before


def test_what_staff_call_spam_is_not_confirmed_a_second_time(receptionist):
    send()
    change_state(stored(), State.SPAM, by=receptionist)
    change_state(stored(), State.NEW, by=receptionist)

    assert OutgoingMail.objects.count() == 2


def test_spam_cannot_be_called_spam_again(receptionist):
    send_spam()

    with pytest.raises(ValidationError):
        change_state(stored(), State.SPAM, by=receptionist)
    assert not OutgoingMail.objects.exists()


def test_the_trap_is_out_of_the_way_of_keyboards_and_screen_readers():
    page = said(Client().get(FORM))

    hidden = re.search(r'<div class="visually-hidden" aria-hidden="true">(.*?)</div>', page, re.S)
    assert re.search(r'name="website"[^>]* tabindex="-1" autocomplete="off"', hidden[1])
