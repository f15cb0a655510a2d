"""Sending: each mail that is due is claimed, given to the mail server, and settled.

The server is never spoken to inside a transaction, and a mail is settled only by who still holds
its lease. A sender that is killed leaves a lease that ends by itself; the mail then goes out again
under the same Message-ID. What a server says is not kept: its words may be somebody's address.
"""

import datetime
import logging
import random
import signal
import smtplib
import time
from contextlib import contextmanager, suppress
from email.utils import format_datetime

from django import db
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from mesosite.enquiries.fields import Unreadable
from mesosite.enquiries.models import OutgoingMail
from mesosite.enquiries.writing import writing

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=10)
LONGEST = 240  # seconds for all of one sending, far below LEASE: EMAIL_TIMEOUT is for each step
GOODBYE = 5  # seconds for leaving the mail server
PAUSE = 1  # seconds until the database is asked again to keep what became of a mail

FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(minutes=1), datetime.timedelta(hours=24)
JITTER = 1.2  # the most by which a wait is stretched, so that mails do not come back in step
GIVEN_UP_AFTER = datetime.timedelta(hours=72)

_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
# 5yz that speak of the login or TLS (RFC 4954, RFC 3207), which the operator mends: not the mail's.
_OPERATORS_TO_MEND = (530, 534, 535, 538)


class TooSlow(Exception):
    """One sending took LONGEST. No OSError, which smtplib would take for one failed address."""


def send_due():
    """Send every mail that is due now. In the main thread, like `send_next`."""
    while send_next():
        pass


def send_next():
    """Send the mail that is due first. Returns whether there was one.

    In the main thread only: the limit on one sending is a signal. Raises django.db.Error.
    """
    mail = OutgoingMail.objects.due().first()
    if mail is None:
        return False
    with writing():
        mine = mail.claim(LEASE)
    if mine:
        _send(mail)
    return True


def wait_after(tries):
    """The timedelta until the next try, after so many: doubling, within a day, with jitter."""
    doubled = FIRST_WAIT * 2 ** min(tries - 1, 12)
    return min(doubled * random.uniform(1, JITTER), LONGEST_WAIT)  # noqa: S311  (no secret)


def _send(mail):
    if isinstance(mail.content, Unreadable):  # a wrong key or damage: kept until it is mended
        _settle(mail, error="Unreadable", next_try_at=timezone.now() + wait_after(mail.tries))
        return
    connection = None
    try:
        with _within(LONGEST):
            connection = get_connection()
            connection.open()
            connection.send_messages([_message(mail)])
    except Exception as error:
        _settle(mail, **_after(mail, error))
    else:
        _settle(mail, sent_at=timezone.now(), content={}, error="")
    if connection:
        _say_goodbye(connection)


def _message(mail):
    return EmailMessage(
        mail.content["subject"],
        mail.content["body"],
        settings.DEFAULT_FROM_EMAIL,
        [mail.content["to"]],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(mail.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )


def _after(mail, error):
    """What becomes of a mail that was not taken: given up at once or too late, or tried again."""
    now, name = timezone.now(), _name_of(error)
    logger.warning("A mail was not sent: %s", name)
    last_try = mail.created_at + GIVEN_UP_AFTER
    if _is_final(error) or now >= last_try:
        return {"failed_at": now, "content": {}, "error": name}
    return {"next_try_at": min(now + wait_after(mail.tries), last_try), "error": name}


def _is_final(error):
    """Whether the mail itself is refused (RFC 5321, 4.2.1: 5yz), or no mail can be made of it."""
    if isinstance(error, _REFUSALS):
        code = _code_of(error)
        return 500 <= code < 600 and code not in _OPERATORS_TO_MEND
    # What Django says to a line break in a header or a broken address. A UnicodeError may as well
    # be the mail server's name.
    return isinstance(error, ValueError) and not isinstance(error, UnicodeError)


def _name_of(error):
    code = _code_of(error)
    return str(code) if 200 <= code < 600 else type(error).__name__[:60]


def _code_of(error):
    """The mail server's three digits, 0 where it said none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", 0)


def _settle(mail, **result):
    """Keep what became of a mail, if its lease is still held. Erased meanwhile, it is gone.

    While the database is away it is asked again, as long as the lease lasts: forgotten, a mail that
    arrived would be sent once more.
    """
    held = OutgoingMail.objects.unsent().filter(pk=mail.pk, next_try_at=mail.next_try_at)
    while True:
        try:
            with writing():
                return held.update(**result)
        except db.Error as error:
            logger.error("What became of a mail is not stored yet: %s", type(error).__name__)
            if timezone.now() >= mail.next_try_at:
                raise
        db.close_old_connections()
        time.sleep(PAUSE)


@contextmanager
def _within(seconds):
    """Raises TooSlow inside when it takes longer, whatever it waits for."""
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _too_slow(_signal, _frame):
    raise TooSlow


def _say_goodbye(connection):
    """After the mail is settled: nothing that happens here can send it again."""
    with suppress(Exception), _within(GOODBYE):
        connection.close()
