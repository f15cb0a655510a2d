"""The link alone opens what a mail could say; four digits open the rest of the patient's page."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from mesosite.enquiries.digits import MAX_WRONG, OPEN_FOR, WrongDigits, check, opened
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import Enquiry, Entry, Message
from mesosite.enquiries.models.enquiry import EnquiryQuerySet
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.steps import Press, Step, take_step
from mesosite.enquiries.workflow import change_state
from tests.enquiries.filled_in import post, said, send, stored
from tests.enquiries.patient.requests import asked, booked, correct, correction, page

pytestmark = pytest.mark.django_db
PHONE = "+306912345678"
RIGHT = "5678"
WORDS = ("Since I was 17", "Does it hurt?", "Παπαδοπούλου", "maria@example.com", "I get cold sores")
CLOSED = ["correct/", "prepare/", "withdraw/", "download/json", "download/html", "visit/cancel/"]


def by_link(enquiry, below=""):
    """An address as the mail has it."""
    return f"/consultation/r/{enquiry.link}/{below}"


def wrong(enquiry, times=1):
    for _time in range(times):
        answer = post(by_link(enquiry), {"digits": "0000"})
    enquiry.refresh_from_db()
    return answer


def test_the_link_alone_shows_how_it_stands_and_the_visit_and_no_word(client):
    enquiry = booked()
    add_message(enquiry, "My cheek burns")

    shown = said(client.get(by_link(enquiry)))

    assert "Your visit is booked" in shown
    assert "The last four digits of your phone number" in shown
    assert not any(words in shown for words in (*WORDS, "My cheek burns"))
    assert client.get(by_link(enquiry, "visit/file")).status_code == 200


@pytest.mark.parametrize("below", CLOSED)
def test_what_was_written_and_what_changes_it_asks_for_the_digits(client, below):
    enquiry = booked()
    answer = client.get(by_link(enquiry, below))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert 'name="digits"' in said(answer)
    assert not any(words in said(answer) for words in WORDS)


@pytest.mark.parametrize("typed", [RIGHT, " 56 78 ", "５６７８", "56-78"])
@pytest.mark.parametrize("below", ["", "correct/"])
def test_the_digits_open_it_however_they_are_typed(client, below, typed):
    enquiry = asked()
    answer = post(by_link(enquiry, below), {"digits": typed})

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/{below}")
    assert answer.headers["Location"] != by_link(enquiry, below)
    assert RIGHT not in answer.headers["Location"]
    assert "Since I was 17" in said(client.get(answer.headers["Location"]))


def test_every_page_below_stays_open_and_no_cookie_is_set(client):
    enquiry = asked()
    whole = post(by_link(enquiry), {"digits": RIGHT}).headers["Location"]
    links = set(re.findall(rf'"(/consultation/r/{enquiry.link}[^"#]*)', said(client.get(whole))))

    assert len(links) > 5
    for link in links:
        answer = client.get(link)
        assert 'name="digits"' not in said(answer)
        assert not answer.cookies


@pytest.mark.parametrize("typed", ["", "123", "12345", "abcd", "5678\0", "５６７"])
def test_what_is_not_four_digits_is_no_try(typed):
    enquiry = asked()
    answer = post(by_link(enquiry), {"digits": typed})

    assert answer.status_code == 422
    assert "Enter four digits" in said(answer)
    assert Enquiry.objects.get().wrong_digits == 0


def test_wrong_digits_are_counted_and_five_lock_the_page(client):
    enquiry = asked()
    assert "You have 4 more tries." in said(wrong(enquiry))
    assert "You have one more try." in said(wrong(enquiry, 3))

    answer = wrong(enquiry)

    assert answer.status_code == 403
    assert "Your page is locked" in said(answer)
    assert post(by_link(enquiry), {"digits": RIGHT}).status_code == 403
    shown = said(client.get(by_link(enquiry)))
    assert "Nobody has seen it" not in shown
    assert "Call us or write a message, and a person opens it for you." in shown
    assert 'name="digits"' not in shown


def test_what_was_open_is_locked_with_the_rest(client):
    enquiry = asked()
    whole = page(enquiry, "correct/")
    wrong(enquiry, MAX_WRONG)

    assert "Your page is locked" in said(client.get(whole))


def test_the_right_digits_set_the_count_back_and_the_page_says_that_there_were_wrong_ones(client):
    enquiry = asked()
    wrong(enquiry, 4)
    whole = post(by_link(enquiry), {"digits": RIGHT}).headers["Location"]

    assert Enquiry.objects.get().wrong_digits == 0
    assert "Wrong digits were typed before your page opened" in said(client.get(whole))
    told = enquiry.timeline.get(kind=Entry.Kind.WRONG_DIGITS)
    assert "Wrong digits" not in said(client.get(by_link(enquiry)))

    Entry.objects.filter(pk=told.pk).update(at=timezone.now() - OPEN_FOR)
    assert "Wrong digits" not in said(client.get(whole))


def test_the_right_digits_alone_tell_of_nothing(client):
    enquiry = asked()
    whole = post(by_link(enquiry), {"digits": RIGHT}).headers["Location"]

    assert "Wrong digits" not in said(client.get(whole))
    assert enquiry.timeline.count() == 1


def test_wrong_digits_show_no_step_of_staff_before_its_time(client, receptionist):
    enquiry = asked()
    take_step(enquiry, Press(Step.CLOSE, receptionist, reason="visited"))
    wrong(enquiry)
    whole = post(by_link(enquiry), {"digits": RIGHT}).headers["Location"]

    assert "We have your request" in said(client.get(whole))
    assert "closed" not in said(client.get(whole))


def test_the_tries_that_are_left_are_those_that_stand_in_the_database(monkeypatch):
    """Another try was counted between reading the row and this one."""
    enquiry = asked()
    read = EnquiryQuerySet.with_link

    def meanwhile(rows, link):
        found = read(rows, link)
        Enquiry.objects.update(wrong_digits=2)
        return found

    monkeypatch.setattr(EnquiryQuerySet, "with_link", meanwhile)
    assert "You have 2 more tries." in said(post(by_link(enquiry), {"digits": "0000"}))


def test_a_page_that_was_locked_meanwhile_says_so(monkeypatch):
    enquiry = asked()
    read = EnquiryQuerySet.with_link

    def meanwhile(rows, link):
        found = read(rows, link)
        Enquiry.objects.update(wrong_digits=MAX_WRONG)
        return found

    monkeypatch.setattr(EnquiryQuerySet, "with_link", meanwhile)
    answer = post(by_link(enquiry), {"digits": RIGHT})

    assert answer.status_code == 403
    assert "Your page is locked" in said(answer)


def test_who_is_locked_out_can_still_write():
    enquiry = asked()
    wrong(enquiry, MAX_WRONG)
    answer = post(by_link(enquiry, "message/"), {"problem": "no", "message": "It burns"})

    assert answer.headers["Location"] == by_link(enquiry) + "#messages"
    assert Message.objects.get().text == "It burns"


def test_the_mark_ends_and_nothing_typed_is_lost(monkeypatch):
    enquiry = asked()
    typed = correction(name="Maria New", best_time=["morning", "evening"])

    with monkeypatch.context() as later:
        later.setattr("mesosite.enquiries.digits.OPEN_FOR", -timedelta(seconds=1))
        asks = post(page(enquiry, "correct/"), typed)
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', said(asks))
    again = {}
    for name, value in hidden:
        again.setdefault(name, []).append(value)
    answer = post(by_link(enquiry, "correct/"), again | {"digits": RIGHT})

    assert "What you typed is not lost" in said(asks)
    assert answer.status_code == 302
    contact = Enquiry.objects.get().contact
    assert (contact["name"], contact["best_time"]) == ("Maria New", ["morning", "evening"])


@pytest.mark.parametrize("mark", ["x", "x.y", "1.1.1", "..", "%00"])
def test_a_forged_mark_opens_nothing(client, mark):
    enquiry = asked()
    answer = client.get(f"/consultation/r/{enquiry.link}.{mark}/download/json")
    assert 'name="digits"' in said(answer)


def test_a_mark_of_another_request_opens_nothing(client):
    other = opened(asked()).partition(".")[2]
    Enquiry.objects.update(sent_hash=None)
    enquiry = asked()
    assert 'name="digits"' in said(client.get(f"/consultation/r/{enquiry.link}.{other}/correct/"))


def test_a_new_number_opens_it_from_then_on(client):
    enquiry = asked()
    before = page(enquiry)
    after = correct(enquiry, phone="+30 697 111 2222").headers["Location"].partition("#")[0]

    assert "697 111 2222" in said(client.get(after))
    assert 'name="digits"' in said(client.get(before))
    assert post(by_link(enquiry), {"digits": "2222"}).status_code == 302


def test_the_page_stays_shut_where_the_number_is_taken_back(client):
    enquiry = asked()
    correct(enquiry, phone="", contact_by="email")

    assert 'name="digits"' in said(client.get(by_link(enquiry)))
    assert post(by_link(enquiry), {"digits": RIGHT}).status_code == 302


def test_without_a_phone_the_page_after_sending_alone_shows_the_digits(client, mailoutbox):
    sent = said(client.get(send(phone="").headers["Location"]))
    enquiry = stored()
    send_due()

    assert re.fullmatch("[0-9]{4}", enquiry.own_digits)
    assert f">{enquiry.own_digits}<" in sent
    assert enquiry.own_digits not in mailoutbox[0].body.replace(enquiry.link, "")
    shown = said(client.get(by_link(enquiry)))
    assert "The four digits that we showed you when you sent your request" in shown
    assert post(by_link(enquiry), {"digits": enquiry.own_digits}).status_code == 302


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("+30 691 234 5678", "It opens with the last four digits of your phone number."),
        ("", "It opens with the four digits that you saw after sending."),
    ],
)
def test_the_mail_says_what_opens_the_page(phone, words, mailoutbox):
    send(phone=phone, contact_by="email", language="en")
    send_due()
    assert words in next(mail.body for mail in mailoutbox if stored().link in mail.body)


def test_the_page_after_sending_leads_to_the_open_page(client):
    sent = said(client.get(send(phone=PHONE, contact_by="either").headers["Location"]))
    whole = re.search(r'href="(/consultation/r/[^"]+)">Open my page', sent)[1]
    assert 'name="digits"' not in said(client.get(whole))


def test_a_request_of_before_there_were_digits_asks_for_those_of_its_phone(client):
    enquiry = asked(own_digits="")
    assert 'name="digits"' in said(client.get(by_link(enquiry, "correct/")))


def test_without_a_phone_a_request_of_before_there_were_digits_opens_by_its_link(client):
    enquiry = asked()
    without = enquiry.contact | {"phone": ""}
    Enquiry.objects.update(**enquiry.encrypted(contact=without, own_digits=""))

    assert "Since I was 17" in said(client.get(by_link(enquiry)))


def test_the_link_ends_thirty_days_after_closing(client, receptionist):
    enquiry = asked()
    change_state(enquiry, State.CLOSED, by=receptionist, reason="visited")
    assert client.get(by_link(enquiry)).status_code == 200

    Enquiry.objects.update(state_since=timezone.now() - timedelta(days=31))
    answer = client.get(page(enquiry))

    assert answer.status_code == 410
    assert "This link has ended" in said(answer)
    assert not any(words in said(answer) for words in WORDS)
    assert post(by_link(enquiry, "message/"), {"problem": "no", "message": "x"}).status_code == 410


def test_many_tries_at_once_are_no_more_than_five(many_connections):
    enquiry = asked()
    begin = Barrier(8)

    def attempt(n):
        row = Enquiry.objects.get(pk=enquiry.pk)
        begin.wait()
        try:
            check(row, f"{n:04}")
        except WrongDigits:
            return row.wrong_digits
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(attempt, range(8)))
    enquiry.refresh_from_db()
    assert enquiry.wrong_digits == MAX_WRONG
    assert max(counted) == MAX_WRONG
