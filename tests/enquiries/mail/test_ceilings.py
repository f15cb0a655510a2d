"""The form cannot be made to mail strangers: what leaves, what waits, and when it leaves."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mesosite.enquiries import rate_limits
from mesosite.enquiries.mail.sender import send_due, stuck_mails
from mesosite.enquiries.models import UNDO_FOR, Enquiry, OutgoingMail
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.patient.actions import add_message, correct
from mesosite.enquiries.workflow import change_state
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, answers, code_of, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

MINUTE, HOUR, DAY = (datetime.timedelta(minutes=n) for n in (1, 60, 1440))
FLOOD, OTHER = "203.0.113.7", "198.51.100.9"
DESK = "desk@clinic.example"


def ask(number, network=FLOOD, **changes):
    """Another person's request each time, by another form."""
    said = {"name": f"Ana {number}", "email": f"a{number}@example.com"} | changes
    return Enquiry.objects.get(code=code_of(post(FORM, answers(**said), address=network)))


def patients(mailoutbox):
    return [mail.to[0] for mail in mailoutbox if mail.to != [DESK]]


def to_desk(mailoutbox):
    return [mail.subject for mail in mailoutbox if mail.to == [DESK]]


def test_of_a_flood_five_strangers_and_the_clinic_once_are_mailed_and_nothing_is_lost(mailoutbox):
    for number in range(40):
        ask(number)
    real = ask("real", OTHER)
    for number in range(40, 60):
        ask(number)
    send_due()

    assert patients(mailoutbox) == [*(f"a{n}@example.com" for n in range(5)), "areal@example.com"]
    assert to_desk(mailoutbox) == ["61 new requests"]
    assert Enquiry.objects.filter(state=State.NEW).count() == 61
    assert real.mails.get(kind="confirmation").sent_at


def test_a_post_and_a_round_of_the_sender_cost_the_same_in_a_flood(at):
    ask(0)
    with CaptureQueriesContext(connection) as first:
        ask(1)
    for number in range(2, 30):
        ask(number)
    with CaptureQueriesContext(connection) as last:
        ask(30)
    assert len(last) == len(first)

    send_due()
    at(NOON + MINUTE)
    for number in range(31, 60):
        ask(number)
    with CaptureQueriesContext(connection) as of_many:
        send_due()
    at(NOON + 2 * MINUTE)
    ask(60)
    with CaptureQueriesContext(connection) as of_one:
        send_due()
    assert len(of_many) == len(of_one)


def test_what_was_held_back_leaves_by_itself_when_the_rate_has_fallen(mailoutbox, at):
    for number in range(12):
        ask(number)
    for minutes, sent in [(0, 5), (9, 5), (10, 10), (19, 10), (20, 12)]:
        at(NOON + minutes * MINUTE)
        send_due()
        assert len(patients(mailoutbox)) == sent
    assert not OutgoingMail.objects.unsent().exists()


def test_a_network_has_twenty_a_day_and_what_waits_three_days_is_given_up(mailoutbox, at):
    for number in range(90):
        ask(number)
    for hour in range(24 * 4):
        at(NOON + hour * HOUR)
        send_due()
        if hour == 11:
            assert len(patients(mailoutbox)) == 20

    assert 60 <= len(patients(mailoutbox)) <= 80
    given_up = OutgoingMail.objects.filter(failed_at__isnull=False)
    assert set(given_up.values_list("error", flat=True)) == {"TooMany"}
    assert given_up.count() == 90 - len(patients(mailoutbox))
    assert not OutgoingMail.objects.unsent().exists()


def test_what_nobody_could_send_for_days_is_not_given_up_for_that(mailoutbox, at):
    for number in range(9):
        ask(number)
    for minutes in (0, 10):
        at(NOON + 4 * DAY + minutes * MINUTE)
        send_due()

    assert len(patients(mailoutbox)) == 9


def test_the_whole_site_has_a_ceiling_whatever_the_networks(mailoutbox, at):
    for number in range(63):
        ask(number, f"198.51.100.{number}")
    send_due()
    assert len(patients(mailoutbox)) == 60

    at(NOON + HOUR)
    send_due()
    assert len(patients(mailoutbox)) == 63


SPELLED = [
    "victim@example.com",
    "Victim@Example.com",
    "victim+one@example.com",
    '"victim"@example.com',
    '"victim+two"@example.com',
]


def test_a_mailbox_gets_three_a_day_however_it_is_spelled(mailoutbox, at):
    for number, email in enumerate(SPELLED):
        ask(number, f"198.51.100.{number}", email=email)
    send_due()
    assert len(patients(mailoutbox)) == 3

    at(NOON + DAY)
    send_due()
    assert len(patients(mailoutbox)) == 5


SAME = [
    ("m.a.ria@gmail.com", "maria+x@googlemail.com"),
    ("maria_p@proton.me", "mari.ap+y@pm.me"),
    ("MARIA@example.com", "maria@EXAMPLE.com."),
    ('"maria"@example.com', '"ma\\ria"@example.com'),
    ("maria@παράδειγμα.ελ", "Maria+x@xn--hxajbheg2az3al.xn--qxam"),
    ("\u202amaria@example.com\u202c", "ｍａｒｉａ@example.com"),
]
OTHERS = [("m.aria@example.com", "maria@example.com"), ("+a@example.com", "+b@example.com")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_mailbox_is_the_same_in_all_spellings(one, other):
    assert rate_limits.mailbox(one) == rate_limits.mailbox(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_mailboxes_are_two(one, other):
    assert rate_limits.mailbox(one) != rate_limits.mailbox(other)


def flooded():
    """The first request whose confirmation is held back."""
    held = [ask(number) for number in range(6)][5]
    send_due()
    assert held.mails.get(kind="confirmation").is_held_back
    return held


def test_staff_who_take_it_on_let_its_mail_go(mailoutbox, receptionist, at):
    held = flooded()
    change_state(held, State.IN_PROGRESS, by=receptionist)
    send_due()
    assert len(patients(mailoutbox)) == 5

    at(NOON + UNDO_FOR)
    send_due()

    assert patients(mailoutbox)[5:] == ["a5@example.com"]


def test_what_staff_close_or_call_spam_mails_nobody_later(mailoutbox, receptionist, at):
    held = flooded()
    change_state(held, State.CLOSED, by=receptionist, reason=CloseReason.DECIDED_AGAINST)
    spam = ask(6)
    change_state(spam, State.SPAM, by=receptionist)
    at(NOON + HOUR)
    send_due()

    assert len(patients(mailoutbox)) == 5


def test_a_correction_of_the_address_is_no_way_around(mailoutbox):
    enquiry = ask(0)
    send_due()
    for number in range(9):
        enquiry.refresh_from_db()
        contact = enquiry.contact | {"email": f"stranger{number}@example.com"}
        given = {"topics": enquiry.topics, "contact": contact, "answers": enquiry.answers}
        correct(enquiry, problem=False, **given)
        send_due()

    assert len(patients(mailoutbox)) == 5


def test_the_first_is_told_at_once_and_the_others_ten_minutes_later_as_one(mailoutbox, at):
    first = ask(0)
    send_due()
    for number in range(1, 4):
        at(NOON + number * MINUTE)
        ask(number, OTHER)
        send_due()
    assert to_desk(mailoutbox) == [f"New request {first.shown_code}"]

    at(NOON + 10 * MINUTE)
    send_due()
    assert to_desk(mailoutbox)[1:] == ["3 new requests"]
    assert mailoutbox[-1].body == "http://127.0.0.1:8000/staff/\n"


def test_each_urgent_one_is_told_at_once_and_those_of_one_moment_as_one(mailoutbox, at, as_clinic):
    as_clinic()
    ask(0)
    send_due()
    for number in (1, 2):
        urgent = ask(number, problem="yes")
        send_due()
        assert to_desk(mailoutbox)[number:] == [f"URGENT: new request {urgent.shown_code}"]

    for number in (3, 4):
        ask(number, problem="yes")
    send_due()
    assert to_desk(mailoutbox)[3:] == ["URGENT: 2 requests"]


def test_messages_of_many_patients_are_told_of_as_one(mailoutbox, at):
    several = [ask(number) for number in range(4)]
    send_due()
    for enquiry in several:
        add_message(enquiry, "Hello")
        send_due()
    at(NOON + 10 * MINUTE)
    send_due()

    assert to_desk(mailoutbox)[2:] == ["New messages on 3 requests"]


def test_a_mail_in_place_of_several_is_tried_again_as_one(mailoutbox, at, server):
    for number in range(3):
        ask(number, email="", phone="+302101234567", contact_by="phone")
    server(OSError())
    send_due()
    assert set(OutgoingMail.objects.values_list("error", "tries")) == {("OSError", 1)}

    server(lambda: None)
    at(NOON + 2 * MINUTE)
    send_due()
    assert not OutgoingMail.objects.unsent().exists()


def test_what_is_held_back_is_no_fault_of_the_mail_server(at):
    flooded()
    at(NOON + 9 * MINUTE)

    assert Client().get("/readyz").status_code == 200
    assert not stuck_mails().exists()
