"""What a patient pastes is stored in one form, and refused in words where no mail arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesosite.enquiries.mail import sender
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.search import index
from tests.enquiries.filled_in import nothing_stored, said, send, stored
from tests.enquiries.patient.requests import CONTACT, asked, copy_of, correct, page, say

pytestmark = pytest.mark.django_db

GREEK, AS_LABELS = "maria@παράδειγμα.ελ", "maria@xn--hxajbheg2az3al.xn--qxam"
SIGNS = [*"\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u00ad\ufeff\ufe0f", "\U000e0041"]


@pytest.mark.parametrize("sign", SIGNS)
def test_nothing_invisible_is_stored_of_what_is_pasted(sign):
    send(
        name=f"Ma{sign}ria{sign} Papa{sign}",
        email=f"maria@example.com{sign}",
        phone=f"{sign}+30 691 234 5678{sign}",
        message=f"Does{sign} it hurt?{sign}",
    )
    contact = stored().contact

    assert contact["name"] == "Maria Papa"
    assert contact["email"] == "maria@example.com"
    assert contact["phone"] == "+306912345678"
    assert stored().answers["message"] == "Does it hurt?"
    assert OutgoingMail.objects.get(kind="confirmation").content["to"] == "maria@example.com"


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u00ad \u3164", "\u2800\u2800", "\U000e0041"])
def test_a_name_that_cannot_be_seen_is_no_name(name):
    assert "Enter your name" in said(send(name=name))
    assert nothing_stored()


@pytest.mark.parametrize("typed", [GREEK, AS_LABELS, "maria@ΠΑΡΆΔΕΙΓΜΑ.ελ"])
def test_a_domain_in_its_own_letters_is_stored_once_found_by_each_and_shown_in_letters(
    client, typed
):
    send(email=typed)
    enquiry = stored()

    assert enquiry.contact["email"] == AS_LABELS
    for wanted in (GREEK, AS_LABELS, GREEK.upper()):
        assert index.find(wanted) == [enquiry]
    shown = said(client.get(page(enquiry)))
    assert GREEK in shown
    assert AS_LABELS not in shown
    assert copy_of(client, enquiry)["contact"]["email"] == [GREEK]
    assert f'value="{GREEK}"' in said(client.get(page(enquiry, "correct/")))


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [("idn@straße.de", "idn@xn--strae-oqa.de"), ("idn@γιατρός.gr", "idn@xn--mxads7afk1d.gr")],
)
def test_the_link_goes_to_the_domain_that_was_typed_and_to_no_lookalike(mailoutbox, typed, sent_to):
    send(email=typed)
    sender.send_due()

    assert mailoutbox[0].to == [sent_to]


@pytest.mark.parametrize("stored_before", ["idn@straße.de", "idn@straße.de\u200f"])
def test_what_was_stored_before_leaves_in_its_normal_form(mailoutbox, stored_before):
    send()
    waiting = OutgoingMail.objects.get(kind="confirmation")
    waiting.content |= {"to": stored_before}
    waiting.save()
    sender.send_due()

    assert mailoutbox[0].to == ["idn@xn--strae-oqa.de"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("root@localhost", "We cannot send to this address from here"),
        ("x@[127.0.0.1]", "We cannot send to this address from here"),
        ("x@desk.local", "We cannot send to this address from here"),
        ("a@\u202emoc.elpmaxe", "an invisible sign that turns its letters round"),
        ("μαρία@example.com", "Before the @ of the email address, use the letters a to z"),
        ("maria@exa\u0000mple.com", "Enter an email address such as name@example.com"),
        ("maria@under_score.com", "Enter an email address such as name@example.com"),
    ],
)
def test_an_address_that_no_mail_reaches_is_refused_in_words(typed, words):
    assert words in said(send(email=typed))
    assert nothing_stored()


def test_a_number_whose_digits_are_turned_round_is_refused():
    assert "Enter the phone number with +" in said(send(phone="+30691\u202e8765432"))
    assert nothing_stored()


def test_digits_of_other_widths_and_scripts_are_read():
    send(phone="＋３０\u00a0６９１\u201123４٥678")

    assert stored().contact["phone"] == "+306912345678"


def test_confirmations_to_one_address_are_counted_in_any_spelling(mailoutbox):
    for number, email in enumerate([GREEK, AS_LABELS, GREEK.upper(), f"{GREEK}\u200f"]):
        send(email=email, name=f"Patient {number}")

    sender.send_due()
    assert [mail.to[0].lower() for mail in mailoutbox].count(AS_LABELS) == 3


def test_the_same_answers_in_another_spelling_are_the_same_request():
    send(name="Zoë", message="One\r\ntwo", email=GREEK, token=None)
    send(name="Zoe\u0308\u200b", message="One\u200b two", email=AS_LABELS, token=None)

    assert Enquiry.objects.count() <= 1


def test_an_address_that_only_changes_its_spelling_gets_no_second_link():
    enquiry = asked(contact=CONTACT | {"email": f"{GREEK}\u200f"})
    OutgoingMail.objects.all().delete()
    correct(enquiry, email=GREEK)
    enquiry.refresh_from_db()

    assert enquiry.contact["email"] == AS_LABELS
    assert not OutgoingMail.objects.filter(kind="confirmation").exists()


def test_a_message_keeps_what_its_script_shows_and_nothing_invisible():
    enquiry = asked()
    say(enquiry, "\ufeffعلی\u200cرضا 👩\u200d🦰\u202e ok\u200b\r\n!")

    assert enquiry.messages.get().text == "علی\u200cرضا 👩\u200d🦰 ok\n!"


def test_a_message_that_cannot_be_seen_is_none():
    enquiry = asked()

    assert "Write your message first" in said(say(enquiry, "\u200b \u2060"))
    assert not enquiry.messages.exists()


def test_a_correction_is_stored_in_its_normal_form_too():
    enquiry = asked()
    correct(enquiry, name="Ma\u200bria  Papa", email=f"{GREEK}\u200f", message="So\u00adon")
    enquiry.refresh_from_db()

    assert enquiry.contact["name"] == "Maria Papa"
    assert enquiry.contact["email"] == AS_LABELS
    assert enquiry.answers["message"] == "Soon"


@given(local=st.text(max_size=12), domain=st.text(max_size=20))
def test_whatever_stands_for_an_address_is_sent_to_or_refused(local, domain):
    Enquiry.objects.update(sent_hash=None)
    before = Enquiry.objects.count()
    answer = send(email=f"{local}@{domain}")

    assert (answer.status_code, Enquiry.objects.count() - before) in [(302, 1), (422, 0)]
