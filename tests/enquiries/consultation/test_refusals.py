"""What the form refuses: in which words, with what status, and that nothing was stored."""

import pytest
from django.db import OperationalError

from mesosite.enquiries.consultation import tokens
from mesosite.enquiries.models import Entry
from tests.enquiries.filled_in import FORM, answers, nothing_stored, said, send, stored

pytestmark = pytest.mark.django_db

EITHER = "Enter an email address, or a phone number"
CALL = "Enter a phone number, so that we can call or text you"
ONE_LINE = "Write this on one line, with letters and spaces"
LANDLINE = "A landline gets no text message"
HOW = "Choose how we should answer"
LISTED = "Choose from the answers that are listed"

WRONG = [
    ("id_name", {"name": " "}, "Enter your name"),
    ("id_name", {"name": "x" * 201}, "Shorten the name to 200 characters"),
    ("id_name", {"name": "Ana\r\nBcc: a@example.com"}, ONE_LINE),
    ("id_name", {"name": "Ana\u2028Bcc: a@example.com"}, ONE_LINE),
    ("id_name", {"name": "A\0na"}, ONE_LINE),
    ("id_email", {"email": ""}, EITHER),
    ("id_email", {"email": "maria"}, "Enter an email address such as name@example.com"),
    ("id_email", {"email": "a@b.example\r\nBcc: c@d.example"}, "Enter an email address"),
    ("id_email", {"email": "x" * 300 + "@example.com"}, "Shorten the email address"),
    ("id_phone", {"phone": "12"}, "Enter the phone number with +"),
    ("id_phone", {"phone": "2101234567"}, "Enter the phone number with +"),
    ("id_phone", {"phone": "+30 210 000 0000 ext 5"}, "Leave the extension out"),
    ("id_phone", {"contact_by": "phone"}, CALL),
    ("id_phone", {"contact_by": "text", "email": ""}, CALL),
    ("id_message", {"message": "x" * 2001}, "Shorten your message to 2,000 characters"),
    ("id_phone", {"contact_by": "text", "phone": "+30 210 123 4567"}, LANDLINE),
    ("id_contact_by_0", {"contact_by": "pigeon"}, HOW),
    ("id_leave_message_0", {"leave_message": "maybe"}, "Choose yes or no"),
    ("id_language_0", {"language": "tlh"}, "Choose a language"),
    ("id_topics_0", {"topics": ["peel", "magic"]}, LISTED),
    ("id_help_needed_0", {"help_needed": "wings"}, LISTED),
    ("id_best_time_0", {"best_time": "night"}, LISTED),
    ("id_adult_0", {"adult": None}, "Say whether you are 18 or over"),
    ("id_adult_0", {"adult": "17"}, "Say whether you are 18 or over"),
    ("id_problem_0", {"problem": None}, "Say whether this is about a problem"),
    ("id_problem_0", {"problem": "maybe"}, "Say whether this is about a problem"),
    ("id_problem_0", {"problem": "yes"}, "Nobody reads this demonstration"),
    ("id_consent", {"consent": None}, "Tick the box if you agree"),
    ("id_consent", {"consent": "no"}, "Tick the box if you agree"),
]


@pytest.mark.parametrize(("where", "change", "words"), WRONG)
def test_a_wrong_answer_is_named_at_its_field(where, change, words):
    response = send(**change)

    assert response.status_code == 422
    assert [id_ for id_, _words in response.context["problems"]] == [where]
    assert f'<a href="#{where}">{words}' in said(response)
    assert f'id="{where}"' in said(response)
    assert nothing_stored()


def test_the_page_of_a_refusal_says_so_first_and_keeps_what_was_typed():
    html = said(send(name="", message="Δύο\nγραμμές", phone="69 12", topics=["peel"]))

    assert "<title>Error: Ask for a consultation" in html
    assert html.index("<h1>") < html.index("There is a problem") < html.index("<form")
    assert "Δύο\nγραμμές</textarea>" in html
    assert 'value="69 12"' in html
    assert 'value="peel" id="id_topics_1" checked' in html


def test_a_field_is_described_by_its_hint_and_its_error():
    html = said(send(email="maria", phone="+30 691 234 5678", contact_by="pigeon", problem=None))

    for name in ("email", "contact_by", "problem"):
        assert f'aria-describedby="id_{name}_helptext id_{name}_error"' in html
        assert f'id="id_{name}_error"' in html


@pytest.mark.parametrize("token", [None, "", "forged:1:x", "x" * 999, "a\0b"])
def test_a_missing_or_forged_token_is_asked_for_again(token):
    response = send(token=token)

    again = response.context["form"]["token"].value()
    assert response.status_code == 422
    assert "send it once more" in said(response)
    assert tokens.is_good_token(again)
    assert nothing_stored()
    assert send(token=again).status_code == 302


def test_a_stale_token_keeps_everything_typed(monkeypatch):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1.0)
    old = tokens.new_token()
    monkeypatch.undo()
    response = send(token=old, message="Still here")

    assert response.status_code == 422
    assert "Still here" in said(response)
    assert old not in said(response)
    assert nothing_stored()


SINGLE = ["name", "email", "contact_by", "adult", "problem", "consent", "token"]


@pytest.mark.parametrize("name", SINGLE)
def test_a_field_of_one_value_sent_twice_is_refused(name):
    response = send(**{name: [answers()[name], "no"]})

    assert response.status_code == 400
    assert nothing_stored()


@pytest.mark.parametrize("name", ["name[]", "name[0]", "{{ name }}", "__proto__"])
def test_a_name_that_the_form_does_not_know_counts_for_nothing(name):
    assert send(**{"name": None, name: "Ana"}).status_code == 422
    assert nothing_stored()


def test_line_breaks_count_once():
    send(message="\r\n".join(["x" * 999] * 2) + "x")

    assert len(stored().answers["message"]) == 2000


def test_without_a_disk_nothing_is_stored_by_half(monkeypatch, open_clinic):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Entry, "save", full)
    response = send(message="Still here")

    assert response.status_code == 503
    assert "Your request was not sent" in said(response)
    assert "Still here" in said(response)
    assert "+30 210 000 0000" in said(response)
    assert nothing_stored()


def test_the_log_of_a_failure_holds_nothing_personal(monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise OperationalError("Failing row contains (Μαρία)")

    monkeypatch.setattr(Entry, "save", refuse)
    send()

    assert "OperationalError" in caplog.text
    assert "Μαρία" not in caplog.text


def test_put_and_delete_are_not_for_this_page(client):
    assert client.put(FORM).status_code == client.delete(FORM).status_code == 405
    assert client.put(FORM + "sent/").status_code == 405
