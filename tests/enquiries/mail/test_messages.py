"""The mails of an enquiry: whom they go to, when, and what is never in them."""

import datetime
import re

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mesosite.enquiries import address_confirmation, visits
from mesosite.enquiries.choices import Health, HelpNeeded, Language, ScarType, Topic
from mesosite.enquiries.consultation.consent import health_consent_words
from mesosite.enquiries.mail import messages
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.enquiry import AddressWaits
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import add_message, prepare, withdraw
from mesosite.enquiries.workflow import change_state
from mesosite.pages.catalogue import all_questions
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, answers, post, send, send_spam, stored

pytestmark = pytest.mark.django_db

Kind = OutgoingMail.Kind
VISIT = datetime.datetime(2099, 9, 1, 7, 30, tzinfo=datetime.UTC)
PAIR = [Kind.CONFIRMATION, Kind.NEW_ENQUIRY]
# Of a health word its stem, so that its plural and its verb are found too.
TELLING = ("acne", "scar", "skin", "treat", "meso", "needl", "inject", "peel", "doctor")
TELLING += ("health", "medic", "patient", "consultation", "problem", "face", "mark")
TELLING += (
    "ακμή",
    "ουλ",
    "δέρμα",
    "θεραπ",
    "μεσο",
    "βελόν",
    "ένεσ",
    "ιατρ",
    "γιατρ",
    "κλινικ",
    "υγεί",
)


def kinds():
    return list(OutgoingMail.objects.order_by("id").values_list("kind", flat=True))


def mail_of(kind):
    """{"to", "subject", "body"} of the one mail of a kind."""
    return OutgoingMail.objects.get(kind=kind).content


def test_a_request_queues_a_pair_of_mails():
    send()

    assert kinds() == PAIR
    assert mail_of(Kind.CONFIRMATION)["to"] == "maria@example.com"
    assert mail_of(Kind.NEW_ENQUIRY)["to"] == "desk@clinic.example"


def test_a_patient_without_an_address_gets_no_mail():
    send(email="", phone="+302101234567", contact_by="phone")

    assert kinds() == [Kind.NEW_ENQUIRY]


def test_without_an_address_of_the_clinic_nothing_is_queued_for_it(settings):
    settings.CLINIC_EMAIL = ""
    send()

    assert kinds() == [Kind.CONFIRMATION]


def test_the_address_in_clinic_yaml_serves_where_none_is_set(settings, as_clinic):
    settings.CLINIC_EMAIL = ""
    as_clinic(email="hello@clinic.example")
    send()

    assert mail_of(Kind.NEW_ENQUIRY)["to"] == "hello@clinic.example"


def test_the_patients_mail_has_the_code_and_the_link():
    send()

    mail, enquiry = mail_of(Kind.CONFIRMATION), stored()
    assert enquiry.shown_code in mail["subject"]
    assert enquiry.shown_code in mail["body"]
    assert f"http://127.0.0.1:8000/consultation/r/{enquiry.link}/" in mail["body"].split()


GREEK = "Λάβαμε το αίτημά σας"
ENGLISH = "We have received your request"


@pytest.mark.parametrize(("language", "subject"), [("el", GREEK), ("en", ENGLISH)])
def test_a_patient_gets_the_mail_in_the_language_that_was_chosen(language, subject):
    send(language=language)

    assert mail_of(Kind.CONFIRMATION)["subject"] == f"{subject} {stored().shown_code}"
    assert mail_of(Kind.NEW_ENQUIRY)["subject"] == f"New request {stored().shown_code}"


def test_a_language_that_no_mail_is_written_in_gets_english(enquiry):
    enquiry.contact |= {"email": "ana@example.com", "language": "pt"}

    assert messages.arrival_mails(enquiry)[0].content["subject"].startswith(ENGLISH)


def test_a_greek_mail_is_greek_but_for_names_and_addresses(open_clinic):
    send()
    mail, said = mail_of(Kind.CONFIRMATION), [stored().shown_code, open_clinic.name]

    text = re.sub(r"http://\S+", "", mail["subject"] + mail["body"])
    for own in said:
        text = text.replace(own, "")
    assert re.findall("[A-Za-z]+", text) == []
    assert "+30 210 000 0000" in text


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "Monday 30 November, 12:00"), ("el", "Δευτέρα 30 Νοεμβρίου, 12:00")],
)
def test_a_mail_names_the_day_by_which_somebody_answers(enquiry, open_clinic, language, day):
    enquiry.contact |= {"email": "ana@example.com", "language": language}
    enquiry.due_at = datetime.datetime(2026, 11, 30, 10, tzinfo=datetime.UTC)

    assert day in messages.arrival_mails(enquiry)[0].content["body"]


def test_every_mail_to_a_patient_is_written_in_every_language_of_the_form():
    mails = settings.BASE_DIR / "templates/emails"
    to_patients = [path for path in mails.glob("*.txt") if "enquiries:patient" in path.read_text()]
    languages = [language for language in Language.values if language != settings.LANGUAGE_CODE]

    assert to_patients
    for language in languages:
        for path in to_patients:
            assert (mails / language / path.name).exists(), (language, path.name)


def test_the_mail_to_staff_has_the_code_and_the_inboxs_address_and_no_more():
    send()

    mail, enquiry = mail_of(Kind.NEW_ENQUIRY), stored()
    assert mail["subject"] == f"New request {enquiry.shown_code}"
    assert mail["body"] == f"http://127.0.0.1:8000/staff/e/{enquiry.code}/\n"


def test_the_same_request_again_queues_no_second_pair():
    data = answers()
    for _again in range(3):
        post(FORM, data)

    assert kinds() == PAIR


WRITTEN = {"name": "Zoë Quill", "message": "Kwyjibo hurts", "email": "zq@example.com"}


@pytest.fixture
def all_mails(receptionist, as_clinic):
    """(enquiry, content) of a mail of every kind, of somebody who told everything."""
    asked = [question.id for question in all_questions().values()]
    health, scars = Health.values[:-2], ScarType.values
    as_clinic()
    needed = HelpNeeded.values
    send(topics=Topic.values, help_needed=needed, questions=asked, **WRITTEN)
    prepare(stored(), {"health": health, "scar_types": scars}, health_consent_words())
    enquiry = add_message(add_message(stored(), "Kwyjibo again"), "Kwyjibo burns", problem=True)
    messages.queue_for_staff(enquiry, Kind.WARNING)
    messages.queue_for_staff(enquiry, Kind.FREE_SLOT)
    messages.queue_answer(enquiry, enquiry.timeline.last())
    send()
    send_spam()
    messages.queue_unseen_spam()
    messages.queue_test()
    visits.book(enquiry, enquiry.timeline.last(), at=VISIT, minutes=30, person=None)
    messages.queue_reminder(visits.standing(enquiry))
    messages.queue_link(enquiry)
    messages.queue_copy(enquiry)
    enquiry.mails.filter(kind=Kind.CONFIRMATION).update(sent_at=timezone.now())
    messages.store(messages.erased_mails(enquiry))
    messages.queue_address_changed(enquiry, "zq.old@example.com")
    messages.queue_login_link("nikos@clinic.example", "http://127.0.0.1:8000/staff/password/1-a/")
    enquiry.address_waits = AddressWaits.PATIENT
    messages.store(address_confirmation.mails(enquiry))
    messages.queue_morning("desk@clinic.example", {"new": 8, "late": 2, "urgent": 1, "spam": 2})
    assert set(kinds()) == set(Kind)
    of_several = [messages.several(kind, 3) for kind in OutgoingMail.GATHERED]
    return [(enquiry, c) for c in [*(m.content for m in OutgoingMail.objects.all()), *of_several]]


def words_of(enquiry, content):
    """Subject and body without code and addresses, which are random."""
    text = re.sub(r"http://\S+", "", content["subject"] + "\n" + content["body"])
    for code in Enquiry.objects.all():
        text = text.replace(code.shown_code, "")
    return text.lower()


def test_no_mail_has_a_word_about_health(all_mails):
    labels = [str(label) for kind in (Topic, Health, ScarType) for label in kind.labels]
    for enquiry, content in all_mails:
        words = words_of(enquiry, content)
        assert [label for label in labels if label.lower() in words] == []


def test_no_mail_tells_over_a_shoulder_what_it_is_about(all_mails):
    for enquiry, content in all_mails:
        words = words_of(enquiry, content)
        assert [word for word in TELLING if word in words] == []


def test_no_mail_has_anything_that_the_patient_wrote(all_mails):
    written = ["zoë", "quill", "kwyjibo", "hurts", "zq@", "microneedling"]
    for enquiry, content in all_mails:
        words = words_of(enquiry, content)
        assert [word for word in written if word in words] == []
        assert not any(question.text.lower() in words for question in all_questions().values())


def test_a_name_with_line_breaks_reaches_no_header(mailoutbox):
    response = send(name="Ana\r\nBcc: everybody@evil.example", message="x\r\nBcc: b@evil.example")
    assert response.status_code == 422
    send(message="\r\nBcc: everybody@evil.example\r\n\r\nHello")
    send_due()

    assert {tuple(mail.recipients()) for mail in mailoutbox} == {
        ("maria@example.com",),
        ("desk@clinic.example",),
    }
    assert not any("evil" in mail.message().as_string() for mail in mailoutbox)


def test_spam_is_answered_to_nobody():
    send_spam()

    assert kinds() == []


def test_spam_that_staff_clear_gets_its_pair_once(receptionist):
    send_spam()
    enquiry = stored()
    for state in (State.NEW, State.SPAM, State.IN_PROGRESS):
        change_state(enquiry, state, by=receptionist)

    assert kinds() == PAIR


def test_what_was_no_spam_gets_no_second_pair_when_it_comes_back(receptionist):
    send()
    send_due()
    enquiry = stored()
    change_state(enquiry, State.SPAM, by=receptionist)
    change_state(enquiry, State.NEW, by=receptionist)

    assert kinds() == PAIR


def test_messages_are_told_of_once_until_that_mail_is_sent():
    send()
    for text in ("One", "Two"):
        add_message(stored(), text)
    assert kinds() == [*PAIR, Kind.NEW_MESSAGE]

    send_due()
    add_message(stored(), "Three")
    assert kinds() == [*PAIR, Kind.NEW_MESSAGE, Kind.NEW_MESSAGE]


def test_spam_that_nobody_has_looked_at_is_told_of_once_a_day(at, receptionist, mailoutbox):
    send_spam(name="Zoë Quill")
    send_spam(name="Zoë Quill")
    for hours, told in [(0, 1), (1, 1), (22, 1), (23, 2), (24, 2)]:
        at(NOON + datetime.timedelta(hours=hours))
        messages.queue_unseen_spam()
        send_due()
        assert len(mailoutbox) == told

    assert mailoutbox[0].subject == "2 requests held as spam"
    assert "http://127.0.0.1:8000/staff/spam/" in mailoutbox[0].body
    assert "Quill" not in mailoutbox[0].message().as_string()
    for enquiry in Enquiry.objects.all():
        enquiry.mark_read(by=receptionist)
    at(NOON + datetime.timedelta(days=9))
    messages.queue_unseen_spam()
    assert kinds() == [Kind.UNSEEN_SPAM, Kind.UNSEEN_SPAM]


def test_without_spam_or_an_address_of_the_clinic_nobody_is_told(settings):
    messages.queue_unseen_spam()
    settings.CLINIC_EMAIL = ""
    send_spam()
    messages.queue_unseen_spam()

    assert kinds() == []


def test_withdrawing_takes_the_mails_that_wait_along():
    send()
    withdraw(stored())

    assert kinds() == []


def test_mails_are_encrypted_in_the_database():
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM enquiries_outgoingmail")
        assert not any("example" in row[0] for row in cursor.fetchall())
