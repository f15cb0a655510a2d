"""Words that the patient's page does not take stand in its answer, where a person can copy them."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from django.utils import timezone
from django.utils.html import escape

from mesosite.enquiries.digits import MAX_WRONG
from mesosite.enquiries.models import Enquiry, Message
from mesosite.enquiries.models.enquiry import EnquiryQuerySet
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.pages.catalogue import all_questions
from tests.enquiries.filled_in import FORM, post, said
from tests.enquiries.patient.requests import asked, correction, gone, page
from tests.enquiries.stored import as_stored

pytestmark = pytest.mark.django_db

MESSAGE = {"problem": "no", "message": "Since <Monday>\nit burns"}
PREPARE = {"scar_types": ["rolling"], "health": ["cold_sores"], "consent": "on"}
CORRECTION = correction(name="Maria New", phone="69 12", best_time=["morning", "evening"])
TYPED = [
    ("message/", MESSAGE, ["Since &lt;Monday&gt;<br>it burns"]),
    ("prepare/", PREPARE, ["Rolling", "I get cold sores"]),
    ("correct/", CORRECTION, ["Maria New", "69 12", "Morning", "Evening"]),
]
BEHIND_DIGITS = TYPED[1:]


def locked(enquiry):
    Enquiry.objects.update(wrong_digits=MAX_WRONG)
    return 403


def ended(enquiry):
    ago = timezone.now() - timedelta(days=31)
    Enquiry.objects.update(state=State.CLOSED, close_reason="visited", state_since=ago)
    return 410


def erased(enquiry):
    actions.withdraw(enquiry)
    return 404


def erased_after_many_wrong_links(enquiry):
    actions.withdraw(enquiry)
    for _time in range(20):
        post(FORM + "r/not-a-link/", {"x": "y"})
    return 429


CASES = [(locked, *typed) for typed in BEHIND_DIGITS]
CASES += [(h, *typed) for h in (ended, erased, erased_after_many_wrong_links) for typed in TYPED]


@pytest.mark.parametrize(("happens", "below", "typed", "words"), CASES)
def test_what_was_typed_stands_in_the_refusal(happens, below, typed, words):
    enquiry = asked()
    address = page(enquiry, below)
    status = happens(enquiry)
    before = as_stored(Enquiry.objects.all())

    answer = post(address, typed)

    assert answer.status_code == status
    shown = said(answer).partition("What you typed</h2>")[2]
    assert [word for word in words if word not in shown] == []
    assert answer.headers["Cache-Control"] == "no-cache, private"
    assert as_stored(Enquiry.objects.all()) == before
    assert not Message.objects.exists()


@pytest.mark.parametrize(("below", "typed", "words"), BEHIND_DIGITS)
def test_it_stands_where_the_last_try_locks_the_page(below, typed, words):
    enquiry = asked()
    Enquiry.objects.update(wrong_digits=MAX_WRONG - 1)

    answer = post(f"/consultation/r/{enquiry.link}/{below}", typed | {"digits": "0000"})

    assert answer.status_code == 403
    assert [word for word in words if word not in said(answer)] == []
    assert "0000" not in said(answer)


@pytest.mark.parametrize(("below", "typed", "words"), TYPED)
def test_without_a_database_it_is_shown_and_can_be_sent_again(monkeypatch, below, typed, words):
    enquiry = asked()
    monkeypatch.setattr(EnquiryQuerySet, "with_link", gone)

    answer = post(page(enquiry, below), typed)

    assert answer.status_code == 503
    assert "Nothing was changed" in said(answer)
    assert [word for word in words if word not in said(answer)] == []
    assert f'action="{page(enquiry, below)}"' in said(answer)
    hidden = re.findall('type="hidden" name="([^"]+)"', said(answer))
    assert hidden == [name for name, _value in parse_qsl(urlencode(typed, doseq=True))]


def test_it_stands_in_the_answer_to_what_no_browser_sends():
    answer = post(page(asked(), "correct/"), CORRECTION | {"email": ["a@b.example", "c@d.example"]})

    assert answer.status_code == 400
    assert "Maria New" in said(answer)


def test_the_questions_stand_there_in_words():
    enquiry = asked()
    address = page(enquiry, "correct/")
    status = locked(enquiry)
    question = next(iter(all_questions().values()))

    answer = post(address, correction(questions=[question.id, "gone-since"]))

    assert answer.status_code == status
    assert escape(question.text) in said(answer)


def test_too_many_fields_are_refused_all_the_same():
    answer = post(page(asked(), "message/"), {f"field{n}": "x" for n in range(400)})
    assert answer.status_code == 400


def test_a_page_of_another_site_puts_no_words_into_ours():
    answer = post(FORM + "r/not-a-link/message/", MESSAGE, **{"sec-fetch-site": "cross-site"})

    assert answer.status_code == 404
    assert "it burns" not in said(answer)


def test_a_page_that_is_only_read_shows_no_such_place(client):
    enquiry = asked()
    Enquiry.objects.update(wrong_digits=MAX_WRONG)

    assert "What you typed" not in said(client.get(page(enquiry, "correct/")))
