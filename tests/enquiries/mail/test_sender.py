"""The queue: who may send a mail, once, and what may happen to it meanwhile."""

import datetime
from contextlib import nullcontext

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from mesosite.enquiries.erasure import erase
from mesosite.enquiries.mail import sender
from mesosite.enquiries.mail.sender import LEASE, send_due, send_next
from mesosite.enquiries.models import UNDO_FOR, Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.workflow import change_state
from tests.enquiries.conftest import NOON
from tests.enquiries.mail.queue import raw, stored

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


def test_a_mail_is_sent_once_and_wiped(mail, mailoutbox):
    send_due()
    send_due()

    assert len(mailoutbox) == 1
    assert stored(mail).sent_at
    assert raw(mail) == ""


def test_of_two_senders_one_has_the_mail(mail):
    first, second = OutgoingMail.objects.due().get(), OutgoingMail.objects.due().get()

    assert first.claim(LEASE)
    assert not second.claim(LEASE)
    assert stored(mail).tries == 1


def test_a_sender_that_comes_second_sends_nothing(mail, mailoutbox, monkeypatch):
    claim = OutgoingMail.claim

    def too_late(self, lease):
        claim(OutgoingMail.objects.get(pk=self.pk), lease)
        return claim(self, lease)

    monkeypatch.setattr(OutgoingMail, "claim", too_late)
    send_due()

    assert mailoutbox == []


def test_a_mail_in_somebodys_hands_waits_for_the_end_of_the_lease(mail, mailoutbox):
    mail.claim(LEASE)
    assert not send_next()

    OutgoingMail.objects.update(next_try_at=timezone.now())
    assert send_next()
    assert mailoutbox[0].extra_headers["Message-ID"] == mail.message_id


def test_the_longest_sending_is_shorter_than_the_lease():
    longest = datetime.timedelta(seconds=sender.SEND_TIMEOUT + sender.CLOSE_TIMEOUT)

    assert longest * 2 < LEASE


def test_damaged_content_is_neither_sent_nor_wiped(mail, mailoutbox):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enquiries_outgoingmail SET content = content || 'x'")
    damaged = raw(mail)
    send_due()

    assert mailoutbox == []
    assert raw(mail) == damaged
    assert stored(mail).error == "Unreadable"
    assert stored(mail).next_try_at > timezone.now()


def test_with_the_right_key_again_the_mail_is_sent(mail, mailoutbox, settings):
    right, settings.DATA_KEYS = settings.DATA_KEYS, [bytes(32)]
    send_due()
    assert mailoutbox == []

    settings.DATA_KEYS = right
    OutgoingMail.objects.update(next_try_at=timezone.now(), created_at=timezone.now() - 9 * DAY)
    send_due()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("error", [None, TimeoutError(), ValueError()])
def test_who_lost_the_lease_changes_nothing(mail, server, error):
    later = timezone.now() + DAY

    def somebody_else_claims():
        OutgoingMail.objects.update(next_try_at=later)
        if error:
            raise error

    server(somebody_else_claims)
    send_due()

    after = stored(mail)
    assert (after.next_try_at, after.content, after.error) == (later, mail.content, "")
    assert after.sent_at is after.failed_at is None


def test_an_enquiry_erased_while_its_mail_is_sent_stays_erased(mail, server):
    server(lambda: erase(mail.enquiry))
    send_due()

    assert Enquiry.objects.get().state == State.ERASED
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)  # the connection is closed in between
def test_a_database_that_is_away_after_sending_makes_no_second_mail(mail, mailoutbox, monkeypatch):
    turns = iter([nullcontext, locked, locked, nullcontext])
    monkeypatch.setattr(sender, "write", lambda: next(turns)())
    monkeypatch.setattr(sender, "PAUSE", 0)
    send_due()

    assert stored(mail).sent_at
    assert len(mailoutbox) == 1


def test_a_database_that_stays_away_is_not_asked_after_the_lease(mail, monkeypatch):
    turns = iter([nullcontext, locked])
    monkeypatch.setattr(sender, "write", lambda: next(turns)())
    monkeypatch.setattr(sender, "LEASE", -MINUTE)

    with pytest.raises(OperationalError):
        send_due()


def locked():
    raise OperationalError("database is locked")


def test_what_is_put_among_the_spam_waits_until_it_is_cleared(at, mail, mailoutbox, receptionist):
    enquiry = mail.enquiry
    change_state(enquiry, State.SPAM, by=receptionist)
    send_due()
    assert mailoutbox == []

    change_state(enquiry, State.NEW, by=receptionist)
    send_due()
    assert mailoutbox == []  # it can be undone still

    at(NOON + UNDO_FOR)
    send_due()
    assert len(mailoutbox) == 1


def test_a_line_break_in_an_address_sends_nothing_to_anybody(mail, mailoutbox):
    mail.content |= {"to": "a@clinic.example\nBcc: everybody@evil.example"}
    mail.save()
    send_due()

    assert mailoutbox == []
    assert stored(mail).failed_at
