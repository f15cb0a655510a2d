"""A patient corrects the email address: the link goes to the new one, and no more to the old."""

import pytest

from mesosite.enquiries.models import OutgoingMail
from mesosite.enquiries.models.states import State
from tests.enquiries.patient.requests import asked, correct

pytestmark = pytest.mark.django_db


def confirmations():
    return [mail.content["to"] for mail in OutgoingMail.objects.filter(kind="confirmation")]


def test_another_email_address_gets_the_link_in_place_of_the_wrong_one():
    enquiry = asked()
    correct(enquiry, email="m.papa@example.com")

    assert confirmations() == ["m.papa@example.com"]
    assert enquiry.link in OutgoingMail.objects.get(kind="confirmation").content["body"]


def test_among_the_spam_the_mail_that_is_held_back_waits_for_the_new_address():
    correct(asked(state=State.SPAM), email="m.papa@example.com")

    assert confirmations() == ["m.papa@example.com"]
    assert not OutgoingMail.objects.due().exists()


def test_nothing_waits_for_an_address_given_among_the_spam():
    enquiry = asked(state=State.SPAM)
    OutgoingMail.objects.all().delete()
    correct(enquiry, email="m.papa@example.com")

    assert confirmations() == []
