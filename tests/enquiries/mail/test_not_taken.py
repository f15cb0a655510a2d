"""What becomes of a mail that was not taken: tried again, later and later, or given up."""

import datetime
import smtplib
from unittest.mock import Mock

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from mesosite.enquiries.mail import sender
from mesosite.enquiries.mail.sender import send_due, wait_after
from mesosite.enquiries.models import OutgoingMail
from tests.enquiries.mail.queue import raw, stored

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


BACK_OFF = [(1, 1), (2, 2), (3, 4), (4, 8), (7, 64), (11, 1024), (12, 1440), (99, 1440)]


@pytest.mark.parametrize(("tries", "minutes"), BACK_OFF)
def test_the_waits_double_from_a_minute_to_a_day(tries, minutes, monkeypatch):
    monkeypatch.setattr(sender.random, "uniform", lambda least, _most: least)

    assert wait_after(tries) == minutes * MINUTE


@pytest.mark.parametrize(("tries", "minutes"), BACK_OFF)
def test_jitter_stretches_a_wait_by_a_fifth_and_never_over_a_day(tries, minutes, monkeypatch):
    monkeypatch.setattr(sender.random, "uniform", lambda _least, most: most)

    assert wait_after(tries) == min(minutes * 1.2 * MINUTE, DAY)


WAITS = [
    (ConnectionRefusedError("at 10.0.0.1"), "ConnectionRefusedError"),
    (TimeoutError("timed out"), "TimeoutError"),
    (smtplib.SMTPServerDisconnected("gone"), "SMTPServerDisconnected"),
    (smtplib.SMTPConnectError(421, b"busy"), "SMTPConnectError 421"),
    (smtplib.SMTPConnectError(554, b"not you"), "SMTPConnectError 554"),
    (smtplib.SMTPAuthenticationError(535, b"wrong password"), "535"),
    (smtplib.SMTPSenderRefused(530, b"log in first", "us@x.example"), "530"),
    (smtplib.SMTPSenderRefused(451, b"later", "us@x.example"), "SMTPSenderRefused 451"),
    (smtplib.SMTPSenderRefused(553, b"not yours", "us@x.example"), "SMTPSenderRefused 553"),
    (smtplib.SMTPDataError(530, b"log in first"), "530"),
    (ValueError("Invalid address"), "ValueError"),
    (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"greylisted")}), "450"),
    (smtplib.SMTPDataError(452, b"disk full"), "452"),
    (smtplib.SMTPResponseException(-1, b"?"), "SMTPResponseException"),
    (UnicodeError("label empty or too long"), "UnicodeError"),
    (RuntimeError("anything else"), "RuntimeError"),
]
FINAL = [
    (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}), "550"),
    (smtplib.SMTPDataError(554, b"spam"), "554"),
]


@pytest.mark.parametrize(("error", "name"), WAITS)
def test_what_may_pass_is_tried_again(mail, server, error, name):
    server(error)
    before = timezone.now()
    send_due()

    after = stored(mail)
    assert (after.sent_at, after.failed_at, after.error) == (None, None, name)
    assert after.content == mail.content
    assert before + MINUTE <= after.next_try_at <= timezone.now() + 1.2 * MINUTE


@pytest.mark.parametrize(("error", "name"), FINAL)
def test_what_will_not_pass_is_given_up_and_wiped_at_once(mail, server, error, name):
    server(error)
    send_due()

    assert stored(mail).failed_at
    assert stored(mail).error == name
    assert raw(mail) == ""


@pytest.fixture
def smtp(monkeypatch):
    """Django's own way of making a mail, to a mail server that takes all."""
    server = Mock()

    def connection():
        backend = EmailBackend()
        backend.open, backend.connection = lambda: False, server
        return backend

    monkeypatch.setattr(sender, "get_connection", connection)
    return server


@pytest.mark.parametrize("address", ["a@x.example, b@x.example", "a@x.example\nb", "desk@"])
def test_a_recipient_that_is_no_address_is_given_up_at_once(mail, smtp, address):
    mail.content = mail.content | {"to": address}
    mail.save()
    send_due()

    assert stored(mail).failed_at
    assert not smtp.sendmail.called


@pytest.mark.parametrize("address", ["a@x.example, b@x.example", "a@x.example\nb", "desk@"])
def test_our_own_address_is_for_the_operator_to_mend_and_the_mail_waits(
    mail, smtp, settings, address
):
    settings.DEFAULT_FROM_EMAIL = address
    send_due()
    assert (stored(mail).sent_at, stored(mail).failed_at) == (None, None)
    settings.DEFAULT_FROM_EMAIL = "desk@clinic.example"
    OutgoingMail.objects.update(next_try_at=timezone.now())
    send_due()

    assert stored(mail).sent_at
    assert smtp.sendmail.called


TALKATIVE = [
    smtplib.SMTPRecipientsRefused({"maria@example.com": (550, b"Maria left")}),
    smtplib.SMTPDataError(451, b"Maria is full"),
    ValueError("Invalid address Maria"),
    OSError("Maria"),
]


@pytest.mark.parametrize("error", TALKATIVE)
def test_the_words_of_a_failure_are_not_kept(mail, server, error, caplog):
    server(error)
    send_due()

    assert stored(mail).error in caplog.text
    assert "maria" not in (caplog.text + stored(mail).error).lower()


def test_a_mail_is_given_up_after_72_hours(mail, server):
    OutgoingMail.objects.update(created_at=timezone.now() - 3 * DAY)
    server(TimeoutError())
    send_due()

    assert stored(mail).failed_at
    assert raw(mail) == ""


def test_the_last_try_is_at_72_hours(mail, server):
    OutgoingMail.objects.update(created_at=timezone.now() - 3 * DAY + MINUTE, tries=11)
    server(TimeoutError())
    send_due()

    assert not stored(mail).failed_at
    assert stored(mail).next_try_at == stored(mail).created_at + 3 * DAY


def test_a_mail_older_than_72_hours_is_still_tried(mail, mailoutbox):
    OutgoingMail.objects.update(created_at=timezone.now() - 30 * DAY)
    send_due()

    assert len(mailoutbox) == 1
