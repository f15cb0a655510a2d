"""What patients change through their link: messages and corrections."""

import pytest

from mesosite.enquiries import rate_limits
from mesosite.enquiries.models import Entry, Message, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.pages.catalogue import all_questions
from tests.enquiries.filled_in import said, stored
from tests.enquiries.patient.requests import (
    ANSWERS,
    CONTACT,
    asked,
    booked,
    correct,
    damage,
    gone,
    page,
    raw,
    say,
)

pytestmark = pytest.mark.django_db

NOTHING_SAID = {"questions": None, "message": ""}


def texts():
    return [message.text for message in Message.objects.order_by("id")]


def test_a_message_is_stored_and_stands_on_the_page(client):
    enquiry = asked()
    response = say(enquiry, "Ακόμη <b>κάτι</b>\r\nκαι κάτι")

    assert (response.status_code, response.headers["Location"]) == (
        302,
        page(enquiry) + "#messages",
    )
    assert texts() == ["Ακόμη <b>κάτι</b>\nκαι κάτι"]
    assert "Ακόμη &lt;b&gt;κάτι&lt;/b&gt;<br>και κάτι" in said(client.get(page(enquiry)))


def test_a_message_brings_a_waiting_enquiry_back_before_the_clinic():
    enquiry = asked(state=State.WAITING)
    say(enquiry, "Here I am")

    assert (stored().state, stored().has_news) == (State.IN_PROGRESS, True)
    assert stored().asked_at > enquiry.asked_at
    assert OutgoingMail.objects.filter(kind="new_message").count() == 1


def test_a_browser_that_names_no_origin_may_write():
    assert say(asked(), "Hello", origin="null").status_code == 302
    assert texts() == ["Hello"]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_a_message_that_is_none_or_too_long_comes_back_as_typed(text):
    response = say(asked(), text)

    assert response.status_code == 422
    assert text.strip() in said(response)
    assert "There is a problem" in said(response)
    assert texts() == []


def test_2000_characters_are_enough_and_line_breaks_count_once():
    assert say(asked(), "x\r\n" * 999 + "xx").status_code == 302


def test_the_same_message_sent_twice_is_one():
    enquiry = asked()
    say(enquiry, "Hello")
    version = stored().version

    assert say(enquiry, "Hello").status_code == 302
    assert texts() == ["Hello"]
    assert stored().version == version


def test_another_message_between_makes_the_same_words_new():
    enquiry = asked()
    for text in ("Hello", "Are you there?", "Hello"):
        say(enquiry, text)

    assert texts() == ["Hello", "Are you there?", "Hello"]


def test_over_20_changes_a_day_are_not_taken_and_nothing_typed_is_lost(open_clinic, at):
    enquiry = asked()
    correct(enquiry, name="Maria")
    for number in range(19):
        assert say(enquiry, f"Message {number}").status_code == 302

    response = say(enquiry, "One too many")
    assert response.status_code == 429
    assert "One too many</textarea>" in said(response)
    assert open_clinic.phone in said(response)
    assert len(texts()) == 19


def test_a_correction_above_the_limit_keeps_what_was_typed(monkeypatch):
    monkeypatch.setattr(rate_limits, "CHANGES", (0, rate_limits.CHANGES[1]))
    response = correct(asked(), name="Another Name")

    assert response.status_code == 429
    assert 'value="Another Name"' in said(response)
    assert stored().contact == CONTACT


def test_the_correction_form_shows_what_was_given(client):
    html = said(client.get(page(asked(), "correct/")))

    assert 'value="Μαρία Παπαδοπούλου"' in html
    assert 'value="+30 691 234 5678"' in html
    assert 'name="problem" value="no" id="id_problem_1" checked' in html
    assert "Does it hurt?" in html
    elsewhere = ("adult", "consent", "token", "website", "health", "scar_types")
    assert not any(f'name="{name}"' in html for name in elsewhere)


def test_sending_it_unchanged_writes_nothing():
    enquiry = asked()

    assert correct(enquiry).status_code == 302
    assert (stored().version, stored().answers) == (enquiry.version, ANSWERS)
    assert not Entry.objects.filter(kind="corrected").exists()


def test_contact_details_are_corrected_and_found_by_the_new_name():
    response = correct(asked(), name="Χριστίνα Νίκου", phone="+30 691 000 1111", best_time=None)

    assert response.headers["Location"].endswith("#given")
    changed = {"name": "Χριστίνα Νίκου", "phone": "+306910001111", "best_time": []}
    assert stored().contact == CONTACT | changed
    assert stored().answers == ANSWERS
    assert index.find("Christina Nikou") == index.find("0001111") == [stored()]
    assert index.find("691 000 1111") == [stored()]
    assert stored().found_by.items() >= index.terms_of(stored().contact).items()
    assert [entry.kind for entry in stored().timeline.all()] == ["received", "corrected"]


def test_answers_are_corrected_and_a_question_that_is_gone_stays_in_its_words():
    new = next(iter(all_questions().values()))
    correct(asked(), message="", questions=["gone-since", new.id])

    assert stored().answers == ANSWERS | {
        "message": "",
        "questions": [
            {"id": "gone-since", "text": "Does it hurt?"},
            {"id": new.id, "text": new.text},
        ],
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter your name"),
        ({"email": "", "phone": ""}, "Enter a phone number"),
        ({"phone": "123"}, "Enter the phone number with +"),
        ({"message": "x" * 2001}, "Shorten your message"),
    ],
)
def test_a_wrong_correction_comes_back_as_typed(changes, message):
    changes = {"contact_by": "phone"} | changes
    response = correct(asked(), **changes)

    assert response.status_code == 422
    assert message in said(response)
    assert stored().contact == CONTACT


def test_a_field_sent_twice_is_refused():
    assert correct(asked(), name=["Maria", "Ana"]).status_code == 400
    assert stored().contact == CONTACT


def test_answers_that_cannot_be_read_survive_a_correction_of_the_phone():
    enquiry = asked()
    sealed = damage(enquiry, "answers")
    correct(enquiry, phone="+30 691 000 1111", **NOTHING_SAID)

    assert stored().contact["phone"] == "+306910001111"
    assert raw("answers") == sealed


def test_answers_that_cannot_be_read_can_be_given_again():
    enquiry = asked()
    damage(enquiry, "answers")
    correct(enquiry, **NOTHING_SAID | {"message": "Once more"})

    assert stored().answers["message"] == "Once more"


def test_a_correction_of_a_booked_visit_keeps_it():
    enquiry = booked()
    correct(enquiry, name="Maria")

    assert (stored().state, stored().visit_at) == (State.BOOKED, enquiry.visit_at)


def test_a_correction_can_be_sent_again_when_the_database_is_back(monkeypatch):
    enquiry = asked()
    monkeypatch.setattr("mesosite.enquiries.patient.actions.write", gone)

    response = correct(enquiry, name="Ana & Co")
    assert response.status_code == 503
    assert '<input type="hidden" name="name" value="Ana &amp; Co">' in said(response)
    assert '<input type="hidden" name="topics" value="peel">' in said(response)
