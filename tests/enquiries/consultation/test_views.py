"""A request as the patient sends it: what is stored of it."""

import re
from html import unescape

import pytest

from mesosite.enquiries.consultation.tokens import read_ticket
from mesosite.enquiries.models import Entry, Priority
from mesosite.enquiries.models.states import State
from mesosite.pages.base32 import ALPHABET
from mesosite.pages.catalogue import all_questions
from tests.enquiries.filled_in import (
    FORM,
    answers,
    nothing_stored,
    post,
    said,
    send,
    send_spam,
    stored,
)

pytestmark = pytest.mark.django_db


def test_a_request_is_stored_with_its_first_entry_and_answered_with_a_redirect():
    response = send()

    enquiry, entry = stored(), Entry.objects.get()
    assert response.status_code == 302
    ticket = response.headers["Location"].split("e=")[1].replace("%3A", ":")
    assert read_ticket(ticket) == (enquiry.code, enquiry.row_id)
    assert (enquiry.state, enquiry.priority, enquiry.version) == (State.NEW, Priority.NORMAL, 1)
    assert (entry.enquiry, entry.kind, entry.to_state) == (enquiry, "received", State.NEW)


def test_what_was_asked_is_kept_with_the_questions_in_the_words_that_were_seen():
    asked = list(all_questions().values())[:2]
    send(questions=[q.id for q in asked])

    assert (stored().problem, stored().topics) == (False, ["microneedling"])
    assert stored().answers == {
        "message": "",
        "questions": [{"id": q.id, "text": q.text} for q in asked],
    }


def test_how_to_reach_the_patient_is_kept_apart():
    send(leave_message="no", best_time=["evening"], help_needed=["interpreter"])

    assert stored().contact == {
        "name": "Μαρία Παπαδοπούλου",
        "email": "maria@example.com",
        "phone": "",
        "contact_by": "email",
        "leave_message": "no",
        "best_time": ["evening"],
        "language": "el",
        "help_needed": ["interpreter"],
    }


def test_a_message_keeps_its_lines():
    send(message="Πονάει;\r\nΕυχαριστώ")

    assert stored().answers["message"] == "Πονάει;\nΕυχαριστώ"


SIX_TAPS = ("adult", "problem", "name", "email", "consent")  # and the button


def test_six_taps_are_enough_and_who_gives_an_email_address_alone_is_answered_there():
    """What a browser sends by itself beside them: the language it is set to, and hidden fields."""
    rest = {name: None for name in answers() if name not in (*SIX_TAPS, "language", "token")}
    response = send(**rest)

    assert response.status_code == 302
    assert stored().answers == {"message": "", "questions": []}
    assert stored().contact["contact_by"] == "email"


@pytest.mark.parametrize(("email", "by"), [("", "phone"), ("maria@example.com", "either")])
def test_six_taps_are_enough_with_a_phone_number_too(email, by):
    given = (*SIX_TAPS, "language", "token")
    rest = {name: None for name in answers() if name not in given}

    response = send(**rest | {"email": email, "phone": "+30 691 234 5678"})

    assert response.status_code == 302
    assert stored().contact["contact_by"] == by


@pytest.mark.parametrize("name", SIX_TAPS)
def test_none_of_the_six_can_be_left_out(name):
    assert send(**{name: None}).status_code == 422
    assert nothing_stored()


@pytest.mark.parametrize("name", ["محمد الحسن", "王小明", "O’Connor-Hughes", "Nguyễn Thị Ánh", "X"])
def test_names_in_any_script(name):
    send(name=f"  {name} ")

    assert stored().contact["name"] == name


def test_a_question_that_is_gone_is_no_error():
    send(questions=["gone-since", "<script>"])

    assert stored().answers["questions"] == []


def test_a_choice_sent_twice_counts_once():
    send(topics=["peel", "peel"])

    assert stored().topics == ["peel"]


def test_the_trap_for_robots_sets_apart_and_says_nothing():
    response = send_spam()

    assert response.status_code == 302
    assert stored().state == State.SPAM
    assert stored().timeline.get().to_state == State.SPAM


@pytest.mark.parametrize("rest", [{}, {"name": "", "token": ""}, {"website": "x"}])
def test_under_18_stores_nothing_and_says_what_to_do(rest):
    response = send(adult="no", **rest)

    assert response.status_code == 200
    for words in (
        "Go with a parent, or see your own doctor.",
        "your lips, tongue or throat swell fast",
        "Feeling very low?",
        'If you might hurt yourself now, call <a href="tel:112">112</a>',
        "Your own doctor can help, too.",
    ):
        assert words in said(response)
    assert nothing_stored()


def test_under_18_names_the_helpline_of_the_country(as_clinic):
    as_clinic(country="GB")

    page = " ".join(said(send(adult="no")).split())
    low = page.partition("Feeling very low?")[2].partition("</ol>")[0]

    assert 'Samaritans: <a href="tel:116123">116 123</a>, free, day and night' in low
    assert "own doctor can help" not in low


def hidden(html):
    """[(name, value)] of the hidden fields of a page."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    return [(name, unescape(value)) for name, value in fields]


def test_a_slip_at_the_age_brings_every_answer_back_and_sends_nothing():
    question = next(iter(all_questions()))
    given = answers(
        message="Δύο\n<b>ουλές</b>",
        questions=[question],
        best_time=["morning", "evening"],
        name="Ana",
        email="not an address",
        leave_message="no",
    )
    kept = hidden(said(post(FORM, given | {"adult": "no"})))
    typed = {name for name, value in given.items() if value} - {"adult"}
    assert {name for name, _value in kept} >= typed
    back = post(FORM + "questions/", [*kept, ("adult", "yes")])

    assert (back.status_code, nothing_stored()) == (200, True)
    html = said(back)
    assert "There is a problem" not in html
    assert "Δύο\n&lt;b&gt;ουλές&lt;/b&gt;</textarea>" in html
    for value in (question, "morning", "evening", "no", "email", "el", "yes", "microneedling"):
        assert re.search(rf'value="{value}"[^>]* checked', html), value
    for value in ("Ana", "not an address", given["token"]):
        assert f'value="{value}"' in html
    assert re.search(r'name="consent"[^>]* checked', html)


@pytest.mark.parametrize("letter", ["x", "ω", "字"])
def test_a_text_far_too_long_comes_back_whole(letter):
    """11,000 Greek letters are 66,000 bytes of a form; the limit counts letters."""
    response = send(message=letter * 100_000)
    assert response.status_code == 422
    assert "Shorten your message to 2,000 characters" in said(response)
    assert letter * 100_000 in said(response)


def test_the_limits_are_said_before_sending(client):
    html = said(client.get(FORM))

    assert html.count("Up to 2,000 characters.") == 1
    assert 'data-left=" # left." data-max="2000"' in html


def test_the_page_after_sending_says_to_close_the_tab(client):
    html = said(client.get(send().headers["Location"]))
    assert "Close this tab, so that nobody can go back to what you typed." in html


def test_the_code_is_made_to_be_read_aloud(enquiry):
    first, second = enquiry.shown_code.split("-")

    assert len(first) == len(second) == 5
    assert set(enquiry.code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("ILOU")


def test_questions_of_a_page_arrive_ticked_and_nothing_is_written():
    question = next(iter(all_questions()))
    response = post(FORM + "questions/", {"questions": [question, "gone"]})

    assert response.status_code == 200
    assert f'value="{question}" id="id_questions_0" checked' in said(response)
    assert nothing_stored()


def test_the_questions_address_shows_the_form(client):
    assert client.get(FORM + "questions/").headers["Location"] == FORM


def test_answers_are_never_in_an_address():
    assert set(send(**answers()).headers["Location"].split("?")[1].split("=")[0]) == {"e"}
