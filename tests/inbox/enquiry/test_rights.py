"""The link again, a new link, and erasure, by staff for a patient: asked first, recorded."""

import re

import pytest
from django.test import Client

from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import AuditEvent, Enquiry, Event, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import correct
from tests.inbox.asking import address, ask, kept, press

PHONE_ONLY = {"email": "", "phone": "+306912345678", "contact_by": "phone"}


@pytest.fixture
def sent(mailoutbox):
    """A request whose mails have left."""
    enquiry = ask(contact={"email": "m@example.org"})
    send_due()
    mailoutbox.clear()
    return enquiry


def of_patient(enquiry):
    return f"/consultation/r/{enquiry.link}/"


def opens(link_page):
    return Client().get(link_page).status_code


def mails(mailoutbox):
    send_due()
    return [(mail.subject, mail.to) for mail in mailoutbox]


@pytest.mark.parametrize("step", ["link/send/", "link/new/", "erase/"])
def test_each_asks_first_and_changes_nothing_by_asking(office, sent, step):
    before = kept(sent)

    assert office.get(address(sent, step)).status_code == 200
    assert kept(sent) == before
    assert not OutgoingMail.objects.unsent().exists()


def test_the_link_is_sent_again_to_the_stored_address_alone(desk, sent, mailoutbox):
    desk.post(address(sent, "link/send/"), {"to": "evil@example.org", "sure": "yes"})

    assert mails(mailoutbox) == [("The link to your page", ["m@example.org"])]
    assert sent.link in mailoutbox[0].body
    assert opens(of_patient(sent)) == 200
    assert AuditEvent.objects.filter(what=Event.LINK_SENT, code=sent.code).count() == 1


def test_a_new_link_ends_the_old_one_and_goes_to_the_stored_address(desk, sent, mailoutbox):
    old = of_patient(sent)
    desk.post(address(sent, "link/new/"), {"sure": "yes"})
    sent.refresh_from_db()

    assert (opens(old), opens(of_patient(sent))) == (404, 200)
    assert mails(mailoutbox) == [("The link to your page", ["m@example.org"])]
    assert of_patient(sent) in mailoutbox[0].body
    changed = AuditEvent.objects.get(what=Event.CHANGED)
    assert changed.details == {"change": "new_link"}


def test_a_mail_that_waits_with_the_old_link_does_not_leave(desk, mailoutbox):
    enquiry = ask(contact={"email": "m@example.org"})
    press(desk, enquiry, "answer", to="answer", text="Yes")
    old = enquiry.link
    desk.post(address(enquiry, "link/new/"), {"sure": "yes"})
    send_due()

    assert not any(old in mail.body for mail in mailoutbox)


def test_who_has_no_address_gets_it_by_hand_and_it_is_shown_once(desk):
    enquiry = ask(contact=PHONE_ONLY)
    assert "Send the link again" not in desk.get(address(enquiry)).content.decode()

    page = desk.post(address(enquiry, "link/new/"), {"sure": "yes"}).content.decode()

    link = re.search(r"/consultation/r/[\w-]+/", page)[0]
    assert opens(link) == 200
    assert link not in desk.get(address(enquiry)).content.decode()
    assert link not in desk.get(address(enquiry, "link/new/")).content.decode()


def test_a_manager_erases_with_a_reason_and_the_patient_is_told(office, sent, mailoutbox):
    assert office.post(address(sent, "erase/"), {"reason": "asked"}).status_code == 302

    gone = Enquiry.objects.get()
    assert (gone.state, gone.contact, gone.answers) == (State.ERASED, {}, {})
    assert opens(of_patient(sent)) == 404
    assert mails(mailoutbox) == [(f"Your request {sent.shown_code} is erased", ["m@example.org"])]
    erased = AuditEvent.objects.get(what=Event.ERASED)
    assert (erased.code, erased.details) == (sent.code, {"reason": "asked"})


@pytest.mark.parametrize("reason", ["", "because", None])
def test_without_a_reason_of_the_list_nothing_is_erased(office, sent, reason):
    data = {"sure": "yes"} | ({"reason": reason} if reason is not None else {})
    answer = office.post(address(sent, "erase/"), data)

    assert answer.status_code == 422
    assert Enquiry.objects.get().state == State.NEW


def test_reception_erases_nothing(desk, sent):
    assert desk.post(address(sent, "erase/"), {"reason": "asked"}).status_code == 403
    assert "/erase/" not in desk.get(address(sent)).content.decode()
    assert Enquiry.objects.get().state == State.NEW


@pytest.mark.parametrize("step", ["link/send/", "link/new/", "erase/"])
def test_what_is_erased_has_none_of_it(office, sent, step):
    office.post(address(sent, "erase/"), {"reason": "asked"})

    assert office.post(address(sent, step), {"reason": "asked"}).status_code == 404


def test_the_old_address_is_told_of_a_new_one_without_it(sent, mailoutbox):
    contact = sent.contact | {"email": "new@example.org"}
    correct(sent, problem=False, topics=[], contact=contact, answers=sent.answers)

    told = {to[0]: subject for subject, to in mails(mailoutbox)}
    assert told["m@example.org"].endswith("was changed")
    old = next(mail for mail in mailoutbox if mail.to == ["m@example.org"])
    assert "new@example.org" not in old.body
    assert sent.link not in old.body
