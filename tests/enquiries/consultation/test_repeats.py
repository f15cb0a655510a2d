"""The same answers again: from the same form once, from another form by themselves.

The sender of another form may be somebody else, who learns nothing of the first request and can
neither bury nor reopen it.
"""

import pytest
from django.core import signing

from mesosite.enquiries.consultation.tokens import new_token
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.workflow import change_state
from tests.enquiries.filled_in import (
    FORM,
    answers,
    code_of,
    post,
    said,
    send,
    send_spam,
    stored,
    without_what_is_own,
)

pytestmark = pytest.mark.django_db


def confirmation(client, response):
    return said(client.get(response.headers["Location"]))


def enquiry_of(response):
    return Enquiry.objects.get(code=code_of(response))


def kinds_of(enquiry):
    return sorted(enquiry.mails.values_list("kind", flat=True))


def test_who_sends_somebodys_answers_sees_nothing_of_the_first_request(client):
    first = enquiry_of(send())
    again = send()
    theirs, own = confirmation(client, again), enquiry_of(again)

    assert own != first
    assert own.link in theirs
    assert first.shown_code not in theirs
    assert first.link not in theirs


@pytest.mark.parametrize("before", [send, send_spam])
def test_the_page_after_sending_is_the_same_whether_somebody_asked_before_or_not(client, before):
    nobody_did = send(name="Ana")
    before()
    somebody_did = send()
    pages = [
        without_what_is_own(confirmation(client, sent), enquiry_of(sent))
        for sent in (nobody_did, somebody_did)
    ]

    assert pages[0] == pages[1]


def test_staff_see_that_it_may_be_a_duplicate(client):
    first, again = enquiry_of(send()), enquiry_of(send())

    assert again.resembles == first
    assert kinds_of(again) == ["confirmation", "new_enquiry"]


def test_nothing_is_buried_by_a_request_that_was_sent_in_advance():
    said_by_both = {"message": "https://a.example https://b.example"}
    buried = enquiry_of(send(website="x", **said_by_both))
    own = enquiry_of(send(**said_by_both, token=older_token()))

    assert (buried.state, own.state, own.resembles) == (State.SPAM, State.NEW, buried)
    assert kinds_of(own) == ["confirmation", "new_enquiry"]


def test_the_same_form_sent_twice_gets_the_link_both_times(client):
    data = answers()
    first, again = post(FORM, data), post(FORM, data)

    assert stored().link in confirmation(client, first)
    assert stored().link in confirmation(client, again)


def older_token():
    """Of a form that was shown ten minutes ago."""
    with pytest.MonkeyPatch.context() as patch:
        now = signing.time.time()
        patch.setattr(signing.time, "time", lambda: now - 600)
        return new_token()


def held(**changes):
    """(a form's answers without the hidden field, the enquiry that it led to with it)."""
    data = answers(token=older_token(), message="https://a.example") | changes
    return data, enquiry_of(post(FORM, data | {"website": "x"}))


def test_a_clean_repeat_from_the_same_form_lifts_it_out_of_the_spam():
    data, enquiry = held()
    assert (enquiry.state, kinds_of(enquiry)) == (State.SPAM, [])
    post(FORM, data)

    enquiry = stored()
    assert (enquiry.state, enquiry.spam_score) == (State.NEW, 2)
    assert kinds_of(enquiry) == ["confirmation", "new_enquiry"]
    assert [entry.to_state for entry in enquiry.timeline.all()] == ["spam", "new"]


def test_a_repeat_that_is_not_clean_stays_in_the_spam():
    data, _enquiry = held()
    post(FORM, data | {"website": "y"})

    assert (stored().state, kinds_of(stored())) == (State.SPAM, [])


def test_what_staff_called_spam_stays_there(receptionist):
    data, enquiry = held()
    change_state(enquiry, State.NEW, by=receptionist)
    change_state(enquiry, State.SPAM, by=receptionist)
    post(FORM, data)

    assert stored().state == State.SPAM


def closed(receptionist):
    data = answers()
    post(FORM, data)
    change_state(stored(), State.CLOSED, by=receptionist, reason=CloseReason.DECIDED_AGAINST)
    return data


def test_what_was_closed_is_looked_at_again_when_the_same_form_comes(receptionist):
    post(FORM, closed(receptionist))

    assert (stored().state, stored().has_news, stored().close_reason) == ("in_progress", True, "")
    assert OutgoingMail.objects.filter(kind="new_message").count() == 1


def test_what_was_closed_stays_closed_when_another_form_says_the_same(receptionist):
    closed(receptionist)
    again = enquiry_of(send())

    assert (again.state, again.resembles.state) == (State.NEW, State.CLOSED)
    assert not OutgoingMail.objects.filter(kind="new_message").exists()


def test_what_is_open_stays_as_it_is(receptionist):
    data = answers()
    post(FORM, data)
    change_state(stored(), State.WAITING, by=receptionist)
    post(FORM, data)

    assert (stored().state, stored().has_news) == (State.WAITING, False)


def test_spam_with_a_new_message_counts_as_unseen_again(receptionist):
    send_spam()
    stored().mark_read(by=receptionist)
    assert stored().seen_at

    add_message(stored(), "I am a person")
    assert stored().seen_at is None
