"""A request that reception takes by phone: asked in the form's order, read back, confirmed."""

import datetime
import re

import pytest
from django.test import Client

from mesosite.enquiries.consultation.consent import spoken_statement
from mesosite.enquiries.consultation.tokens import new_token
from mesosite.enquiries.models import AuditEvent, Enquiry, Event, OutgoingMail
from mesosite.enquiries.models.states import State
from tests.enquiries.filled_in import post, said
from tests.inbox.asking import address, ask
from tests.inbox.lists.test_lists import words

FORM = "/staff/phone/"
MAIL = OutgoingMail.Kind


@pytest.fixture
def open_clinic(as_clinic):
    hours = dict.fromkeys(range(7), ((datetime.time(9), datetime.time(17)),))
    return as_clinic(hours=hours, answer_within_hours=8, country="GR", phone="+30 210 000 0000")


def heard(**changes):
    given = {"problem": "no", "adult": "on", "consent": "on", "name": "Aisha Khan"}
    given |= {"phone": "+306912347138", "contact_by": "phone", "language": "en"}
    given |= {"token": new_token(), "email": ""}
    return {name: value for name, value in (given | changes).items() if value is not None}


def with_email(**changes):
    given = {"email": "m.kosta-1@example.org", "contact_by": "email", "phone": ""}
    return heard(**given, **changes)


def take(desk, **given):
    return desk.post(FORM, heard(**given))


def kinds():
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def confirming(enquiry):
    """The address of the page that the first mail leads to."""
    body = enquiry.mails.get(kind=MAIL.CONFIRM_ADDRESS).content["body"]
    return re.search(r"(/consultation/address/\S+)", body)[1]


def test_a_search_that_finds_nothing_leads_to_the_form(desk):
    found_nothing = desk.post("/staff/find/", {"text": "Khan"}, follow=True)
    assert f'href="{FORM}"' in said(found_nothing)


def test_the_form_is_read_aloud_and_asks_about_a_problem_first(desk):
    page = desk.get(FORM)
    asked = re.findall(r'name="(problem|adult|consent|topics|name|email|health)"', said(page))
    order = list(dict.fromkeys(asked))
    assert order == ["problem", "adult", "consent", "topics", "name", "email"]
    assert spoken_statement() in words(page)
    assert "your lips, tongue or throat swell fast" in words(page)


def test_it_is_stored_with_who_took_it_and_what_was_agreed_to(desk, receptionist, open_clinic):
    done = take(desk, message="My scars are old")
    enquiry = Enquiry.objects.get()
    assert done["Location"] == f"/staff/e/{enquiry.code}/phone/"
    first = enquiry.timeline.get()
    assert (first.person, first.due_at, enquiry.state) == (receptionist, enquiry.due_at, State.NEW)
    assert enquiry.due_at is not None
    assert (enquiry.consent.statement, enquiry.spam_score) == (spoken_statement(), 0)
    assert "Taken by phone by Eleni Kosta" in words(desk.get(address(enquiry)))
    recorded = AuditEvent.objects.get(what=Event.CHANGED)
    assert (recorded.code, recorded.person) == (enquiry.code, receptionist)


def test_the_code_and_the_promise_are_read_out(desk, open_clinic):
    read_out = words(desk.get(take(desk)["Location"]))
    enquiry = Enquiry.objects.get()
    assert " ".join(enquiry.shown_code.replace("-", " hyphen ").split()[0]) in read_out
    assert "A person answers you by" in read_out
    assert "There is no email address, so there is no link" in read_out


@pytest.mark.parametrize(
    ("left_out", "asked"), [("adult", "18 or over"), ("consent", "Read the text aloud")]
)
def test_nothing_is_stored_without_both_ticks(desk, left_out, asked):
    refused = take(desk, **{left_out: None})
    assert (refused.status_code, Enquiry.objects.count()) == (422, 0)
    assert asked in said(refused)
    assert "Aisha Khan" in said(refused)


def test_a_problem_is_urgent_and_its_card_is_read_out(desk, open_clinic):
    done = desk.get(take(desk, problem="yes")["Location"])
    enquiry = Enquiry.objects.get()
    assert enquiry.urgent
    assert "Do not wait for our answer" in words(done)
    assert "your lips, tongue or throat swell fast" in words(done)


def test_an_address_is_stored_once_it_was_read_back(desk):
    given = with_email()
    asked = desk.post(FORM, given)
    assert (asked.status_code, Enquiry.objects.count()) == (422, 0)
    assert "m , dot , k , o , s , t , a , hyphen , 1 , at , e , x" in words(asked)
    other = desk.post(FORM, given | {"email": "n@example.org", "read_back": given["email"]})
    assert "n , at , e , x" in words(other)
    desk.post(FORM, given | {"read_back": given["email"]})
    assert Enquiry.objects.get().contact["email"] == given["email"]


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_first_mail_only_asks_to_confirm_the_address(desk, language):
    given = with_email(language=language)
    desk.post(FORM, given | {"read_back": given["email"]})
    enquiry = Enquiry.objects.get()
    (mail,) = enquiry.mails.filter(kind=MAIL.CONFIRM_ADDRESS)
    text = mail.content["subject"] + mail.content["body"]
    assert MAIL.CONFIRMATION not in kinds()
    secrets = (enquiry.link, enquiry.code, enquiry.shown_code, "Aisha")
    assert not any(secret in text for secret in secrets)
    assert ("επιβεβαιώσετε" in text) == (language == "el")


def test_a_confirmed_address_gets_the_link(desk):
    given = with_email()
    desk.post(FORM, given | {"read_back": given["email"]})
    enquiry = Enquiry.objects.get()
    page = confirming(enquiry)
    assert "has not confirmed" in words(desk.get(address(enquiry)))

    assert "This is my address" in said(Client().get(page))
    enquiry.refresh_from_db()
    assert enquiry.mailed_to == ""
    assert [post(page, {"mine": "yes"}).status_code for _press in range(2)] == [302, 302]

    enquiry.refresh_from_db()
    assert enquiry.mailed_to == given["email"]
    (mail,) = enquiry.mails.filter(kind=MAIL.CONFIRMATION)
    assert enquiry.link in mail.content["body"]
    assert "Your address is confirmed" in said(Client().get(page))
    assert "has not confirmed" not in words(desk.get(address(enquiry)))


def test_another_address_is_confirmed_by_no_old_mail(desk):
    given = with_email()
    desk.post(FORM, given | {"read_back": given["email"]})
    enquiry = Enquiry.objects.get()
    page = confirming(enquiry)
    changed = enquiry.contact | {"email": "other@example.org"}
    Enquiry.objects.update(**enquiry.encrypted(contact=changed))
    assert Client().get(page).status_code == 404
    assert Client().get("/consultation/address/forged.token/").status_code == 404


def test_the_digits_of_the_page_are_read_out_where_there_is_no_phone(desk):
    given = with_email()
    done = desk.post(FORM, given | {"read_back": given["email"]}, follow=True)
    assert " ".join(Enquiry.objects.get().own_digits) in words(done)


def test_a_second_press_stores_it_once_and_another_form_again(desk):
    given = heard()
    first, second = desk.post(FORM, given), desk.post(FORM, given)
    assert first["Location"] == second["Location"]
    take(desk)
    assert Enquiry.objects.count() == 2


def test_no_limit_holds_up_staff(desk):
    for n in range(12):
        take(desk, name=f"Caller {n}")
    assert set(Enquiry.objects.values_list("state", "is_crowded")) == {(State.NEW, False)}


def test_the_page_to_read_out_is_of_requests_by_phone_alone(desk):
    assert desk.get(address(ask(), "phone/")).status_code == 404


def test_an_address_that_its_owner_has_not_confirmed_gets_no_new_link_and_is_asked_again(desk):
    given = with_email()
    desk.post(FORM, given | {"read_back": given["email"]})
    enquiry = Enquiry.objects.get()
    OutgoingMail.objects.all().delete()

    refused = desk.post(address(enquiry, "link/new/"), follow=True)
    assert "First the patient has to confirm the email address." in words(refused)
    assert Enquiry.objects.get().link == enquiry.link

    assert "Ask again to confirm the address?" in words(desk.get(address(enquiry, "link/send/")))
    asked = desk.post(address(enquiry, "link/send/"), follow=True)
    assert "The mail that asks to confirm the address is on its way." in words(asked)
    assert kinds() == [MAIL.CONFIRM_ADDRESS]
