"""Calls and answers at the desk: what was tried, when to try again, what the patient reads."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from mesosite.enquiries.consultation.tokens import ticket_for
from mesosite.enquiries.digits import opened
from mesosite.enquiries.models import UNDO_FOR, Entry
from mesosite.enquiries.models.states import State
from mesosite.inbox.accounts import make_login
from tests.inbox.asking import Browser, address, ask, kept, press
from tests.inbox.lists.test_lists import words

PHONE = {"phone": "+306912347138", "contact_by": "phone", "leave_message": "yes"}


def sheet(desk, enquiry):
    return words(desk.get(address(enquiry)))


def patient_reads(enquiry):
    return words(Client().get(f"/consultation/r/{opened(enquiry)}/"))


def let_it_leave(enquiry):
    """Three minutes later."""
    enquiry.timeline.update(at=timezone.now() - UNDO_FOR)


OUTCOMES = {
    "spoke": Entry.Kind.SPOKE,
    "they_called": Entry.Kind.THEY_CALLED,
    "no_answer.tomorrow": Entry.Kind.NO_ANSWER,
    "left_message.tomorrow": Entry.Kind.LEFT_MESSAGE,
    "wrong_number": Entry.Kind.WRONG_NUMBER,
}


@pytest.mark.parametrize(("step", "kind"), OUTCOMES.items())
def test_a_call_is_kept_with_its_note(desk, receptionist, step, kind):
    enquiry = ask(contact=PHONE)
    press(desk, enquiry, step, to="call", text="Her mother says: after six")
    entry = enquiry.timeline.last()
    assert (entry.kind, entry.person) == (kind, receptionist)
    assert enquiry.notes.get().text == "Her mother says: after six"
    assert "Clinic only · Eleni Kosta" in sheet(desk, enquiry)
    assert "after six" not in patient_reads(enquiry)


def test_a_chosen_day_is_kept(desk):
    enquiry = ask(contact=PHONE | {"best_time": ["evening"]})
    day = timezone.localdate() + datetime.timedelta(days=3)
    press(desk, enquiry, "no_answer.chosen", try_on=day.isoformat())
    enquiry.refresh_from_db()
    assert (enquiry.next_on, enquiry.next_part) == (day, "evening")


def test_no_message_is_left_where_the_patient_wants_none(desk):
    enquiry = ask(contact=PHONE | {"leave_message": "no"})
    said = sheet(desk, enquiry)
    assert "Leave no message" in said
    assert "Left a message" not in said
    before = kept(enquiry)
    assert press(desk, enquiry, "left_message.tomorrow").status_code == 422
    assert kept(enquiry) == before


def test_the_script_of_a_call_names_the_patient_and_nothing_else(desk, as_clinic):
    as_clinic(name="Scar Clinic")
    said = sheet(desk, ask(contact=PHONE | {"name": "Aisha"}, topics=["peel"]))
    script = said[said.index("“Hello") : said.index("?”")]
    assert script.strip() == "“Hello, may I speak to Aisha"


def test_the_third_call_without_an_answer_offers_to_write_and_close(desk):
    enquiry = ask(contact=PHONE)
    for _call in range(2):
        assert "Write to them and close" not in sheet(desk, enquiry)
        press(desk, enquiry, "no_answer.later")
        enquiry.refresh_from_db()
    assert "2 calls without an answer. Write to them and close?" in sheet(desk, enquiry)

    press(desk, enquiry, "write_and_close")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.close_reason) == (State.CLOSED, "unreachable")
    let_it_leave(enquiry)
    assert "We called you several times and could not reach you" in patient_reads(enquiry)
    assert enquiry.mails.get(kind="answer").entry.kind == Entry.Kind.NO_ANSWER


def test_an_answer_stands_on_the_patients_page_who_can_write_back(desk):
    enquiry = ask()
    press(desk, enquiry, "answer", to="answer", text="Monday <b>is</b> fine")
    assert "reaches the patient at" in sheet(desk, enquiry)
    assert "is fine" not in patient_reads(enquiry)

    let_it_leave(enquiry)
    said = patient_reads(enquiry)
    assert "Messages and answers From the clinic" in said
    assert "Monday &lt;b&gt;is&lt;/b&gt; fine" in said
    assert "We have answered you." in said
    assert "Write a message" in said
    copy = Client().get(f"/consultation/r/{opened(enquiry)}/download/json").json()
    assert [reply["text"] for reply in copy["replies"]] == ["Monday <b>is</b> fine"]


def test_without_an_address_of_mail_staff_are_told_to_call_or_text(desk):
    enquiry = ask(contact=PHONE | {"email": ""})
    assert "call or text; the answer stands on the page." in sheet(desk, enquiry)
    press(desk, enquiry, "answer", to="answer", text="Monday is fine")
    assert not enquiry.mails.filter(kind="answer").exists()


def test_an_answer_without_words_is_refused(desk):
    enquiry = ask()
    before = kept(enquiry)
    answer = press(desk, enquiry, "answer", to="answer", text=" ")
    assert (answer.status_code, kept(enquiry)) == (422, before)
    assert b"Write the answer first." in answer.content


def test_a_question_for_a_clinician_is_a_note(desk):
    enquiry = ask()
    press(desk, enquiry, "hand_over", question="May she take aspirin?")
    enquiry.refresh_from_db()
    assert (enquiry.for_clinician, enquiry.owner) == (True, None)
    assert enquiry.notes.get().text == "May she take aspirin?"


def test_who_has_it_open_is_said_to_others(desk, receptionist):
    enquiry, other = ask(), Browser()
    other.force_login(
        make_login("nikos@clinic.example", name="Nikos Makris", roles=["receptionist"])
    )
    assert "opened by" not in sheet(desk, enquiry)
    assert "opened by Eleni Kosta 1 min ago" in sheet(other, enquiry)
    enquiry.refresh_from_db()
    type(enquiry).objects.update(
        opened_by=receptionist, opened_at=timezone.now() - datetime.timedelta(hours=1)
    )
    assert "opened by" not in sheet(other, enquiry)


def test_other_requests_of_the_same_phone_or_email_are_named(desk):
    visit = datetime.datetime(2031, 12, 4, 9, tzinfo=datetime.UTC)
    booked = ask(contact=PHONE | {"email": ""}, state=State.BOOKED, visit_at=visit)
    by_mail = ask(contact={"email": "M@example.org"})
    stranger = ask(contact={"email": "other@example.org", "phone": "+306912347139"})
    said = sheet(desk, ask(contact=PHONE))
    assert f"Same phone as {booked} (booked, 4 Dec 2031, 11:00)" in said
    assert f"Same email as {by_mail} (new)" in said
    assert stranger.shown_code not in said


def test_an_old_closing_keeps_its_word_and_is_not_offered(desk):
    enquiry = ask(state=State.CLOSED, close_reason="declined")
    assert "Closed Declined" in sheet(desk, enquiry)
    page = desk.get(address(ask())).content.decode()
    assert 'value="declined"' not in page
    assert 'value="against"' in page


def test_the_page_after_sending_and_the_mail_say_the_stored_time(as_clinic):
    hours = dict.fromkeys(range(7), ((datetime.time(9), datetime.time(17)),))
    as_clinic(hours=hours, answer_within_hours=8, tz=ZoneInfo("UTC"))
    enquiry = ask()
    said = f"{enquiry.due_at:%A} {enquiry.due_at.day} {enquiry.due_at:%B, %H:%M}"
    assert (
        f"A person answers you by {said}." in enquiry.mails.get(kind="confirmation").content["body"]
    )
    as_clinic(tz=ZoneInfo("UTC"))
    sent = Client().get("/consultation/sent/", {"e": ticket_for(enquiry)})
    assert f"A person answers by {said}." in words(sent)
