"""Stored once, however often and at whatever moment the same request comes."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mesosite.enquiries.choices import BestTime, ContactBy, HelpNeeded, Language, Topic, YesNo
from mesosite.enquiries.consultation import submission
from mesosite.enquiries.consultation.tokens import new_token
from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail
from mesosite.enquiries.models.enquiry import EnquiryQuerySet
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.enquiries.workflow import change_state
from mesosite.pages.catalogue import all_questions
from tests.enquiries.filled_in import (
    FORM,
    answers,
    code_of,
    nothing_stored,
    post,
    send,
    send_spam,
    stored,
)

AT_ONCE = 50


def mails():
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def press_the_button(data, together):
    try:
        together.wait()
        return post(FORM, data)
    finally:
        connections.close_all()


def test_fifty_sends_at_once_are_one_enquiry(many_connections):
    data, together = answers(), Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(press_the_button, data, together) for _n in range(AT_ONCE)]
    responses = [future.result() for future in sent]

    assert {response.status_code for response in responses} == {302}
    assert {code_of(response) for response in responses} == {stored().code}
    assert (Entry.objects.count(), mails()) == (1, ["confirmation", "new_enquiry"])


def test_who_is_overtaken_in_that_moment_gets_the_enquiry_of_the_other(db, monkeypatch):
    data = answers()
    first, look, too_early = post(FORM, data), EnquiryQuerySet.first, [True]
    monkeypatch.setattr(
        EnquiryQuerySet, "first", lambda rows: None if too_early and too_early.pop() else look(rows)
    )

    assert code_of(post(FORM, data)) == code_of(first) == stored().code
    assert (Entry.objects.count(), mails()) == (1, ["confirmation", "new_enquiry"])


def test_the_same_answers_of_another_form_are_another_enquiry_that_resembles_the_first(db):
    first, again = (Enquiry.objects.get(code=code_of(send(**SAID))) for _form in range(2))

    assert (first.resembles, again.resembles) == (None, first)
    assert len(mails()) == 4


SAID = {
    "topics": ["peel", "microneedling"],
    "help_needed": ["access", "woman"],
    "message": "Πονάει;\nΕυχαριστώ",
    "phone": "+30 691 234 5678",
}
SPELLED_OTHERWISE = [
    {"topics": ["microneedling", "peel"]},
    {"help_needed": ["woman", "access"]},
    {"message": "Πονάει;\r\n Ευχαριστώ "},
    {"name": "  Μαρία  Παπαδοπούλου "},
    {"name": unicodedata.normalize("NFD", "Μαρία Παπαδοπούλου")},
    {"phone": "+306912345678"},
    {"email": " maria@example.com "},
]


@pytest.mark.parametrize("change", SPELLED_OTHERWISE)
def test_order_and_white_space_make_no_other_enquiry(db, change):
    said = SAID | {"token": new_token()}
    assert code_of(send(**said | change)) == code_of(send(**said)) == stored().code


OTHER = [
    {"name": "Μαρίνα Παπαδοπούλου"},
    {"email": "m@example.com"},
    {"phone": "+306912345679"},
    {"topics": ["peel"]},
    {"help_needed": ["access"]},
    {"message": "Πονάει"},
    {"contact_by": "phone"},
    {"language": "en"},
    {"best_time": ["evening"]},
]


@pytest.mark.parametrize("change", OTHER)
def test_the_same_token_with_other_answers_is_another_enquiry_that_resembles_the_first(db, change):
    token = new_token()
    first = Enquiry.objects.get(code=code_of(send(**SAID, token=token)))
    second = Enquiry.objects.get(code=code_of(send(**SAID | change, token=token)))

    assert (first.resembles, second.resembles) == (None, first)
    assert len(mails()) == 4


def test_another_token_and_other_answers_resemble_nothing(db):
    send()
    second = Enquiry.objects.get(code=code_of(send(name="Ana")))

    assert second.resembles is None


def test_after_a_day_the_same_answers_are_a_new_enquiry(db):
    data = answers()
    first = post(FORM, data)
    Enquiry.objects.update(created_at=timezone.now() - submission.SAME_FOR)
    again = post(FORM, data)

    assert code_of(again) != code_of(first)
    assert code_of(post(FORM, data)) == code_of(again)
    assert set(Enquiry.objects.values_list("resembles", flat=True)) == {None}
    assert Enquiry.objects.count() == 2


def test_within_the_day_they_are_the_same_to_the_end(db):
    data = answers()
    first = post(FORM, data)
    nearly = submission.SAME_FOR - timedelta(minutes=5)
    Enquiry.objects.update(created_at=timezone.now() - nearly)

    assert code_of(post(FORM, data)) == code_of(first)


def test_what_was_withdrawn_can_be_asked_again(db):
    data = answers()
    post(FORM, data)
    actions.withdraw(stored())
    again = Enquiry.objects.get(code=code_of(post(FORM, data)))

    assert (again.state, again.contact["name"]) == (State.NEW, data["name"])
    assert again.resembles is None
    assert Enquiry.objects.filter(state=State.ERASED).count() == 1


def test_what_was_answered_meanwhile_is_the_same_enquiry(db, receptionist):
    data = answers()
    first = post(FORM, data)
    change_state(stored(), State.IN_PROGRESS, by=receptionist)

    assert code_of(post(FORM, data)) == code_of(first)
    assert stored().state == State.IN_PROGRESS


def test_a_robot_that_sends_twice_is_set_apart_once(db):
    token = new_token()
    codes = {code_of(send_spam(token=token)) for _n in range(2)}

    assert codes == {stored().code}
    assert (stored().state, mails()) == (State.SPAM, [])


def test_nothing_is_kept_of_a_send_that_was_refused(db):
    token = new_token()
    send(name="", token=token)

    assert nothing_stored()
    assert send(token=token).status_code == 302
    assert stored().resembles is None


def some(choices):
    return st.lists(st.sampled_from(list(choices)), unique=True)


def text(**size):
    return st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), **size)


valid = st.fixed_dictionaries(
    {
        "topics": some(Topic.values),
        "help_needed": some(HelpNeeded.values),
        "best_time": some(BestTime.values),
        "questions": some(sorted(all_questions())),
        "message": text(max_size=200),
        "name": text(min_size=1, max_size=60).filter(str.strip),
        "phone": st.integers(0, 9999999).map("+30691{:07}".format),
        "contact_by": st.sampled_from(ContactBy.values),
        "leave_message": st.sampled_from(YesNo.values),
        "language": st.sampled_from(Language.values),
    }
)
SEVERAL = ("topics", "help_needed", "best_time", "questions")


@given(said=valid)
def test_whatever_is_sent_twice_is_stored_once(db, said):
    data = answers(**said)
    first = post(FORM, data)
    count = Enquiry.objects.count()
    again = data | {name: data[name][::-1] for name in SEVERAL}
    second = post(FORM, again)

    assert (first.status_code, second.status_code) == (302, 302)
    assert code_of(second) == code_of(first)
    assert Enquiry.objects.count() == count
