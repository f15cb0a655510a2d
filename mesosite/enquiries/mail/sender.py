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
from django.core.mail.message import sanitize_address
from django.db.models import Q
from django.utils import timezone

from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import OutgoingMail
from mesosite.enquiries.transactions import write

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=10)
# Seconds for all of one sending, far below LEASE: EMAIL_TIMEOUT is for each step.
SEND_TIMEOUT = 240
CLOSE_TIMEOUT = 5  # seconds for leaving the mail server
PAUSE = 1  # seconds until the database is asked again to keep what became of a mail

MIN_WAIT, MAX_WAIT = datetime.timedelta(minutes=1), datetime.timedelta(hours=24)
JITTER = 1.2  # the most by which a wait is stretched, so that mails do not come back in step
GIVEN_UP_AFTER = datetime.timedelta(hours=72)

# What a mail server says of one mail; all else, the sender's address too, is for the operator.
_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
# 5yz that speak of the login or TLS (RFC 4954, RFC 3207), which the operator mends: not the mail's.
_OPERATORS_TO_MEND = (530, 534, 535, 538)
UNREADABLE = "Unreadable"
OFTEN, LONG = 3, datetime.timedelta(hours=1)  # tries, and how old: no passing trouble


class SendTimeout(Exception):
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
    with write():
        mine = mail.claim(LEASE)
    if mine:
        _send(mail)
    return True


def held_up():
    """QuerySet of the mails that wait for the operator: the mail server takes none, or not ours."""
    waits = OutgoingMail.objects.due(since=-MAX_WAIT).filter(tries__gte=OFTEN)
    of_one_mail = Q(error__regex="^[45][0-9][0-9]$") & ~Q(error__in=map(str, _OPERATORS_TO_MEND))
    of_one_mail |= Q(error=UNREADABLE)
    return waits.filter(created_at__lt=timezone.now() - LONG).exclude(of_one_mail)


def wait_after(tries):
    """The timedelta until the next try, after so many: doubling, within a day, with jitter."""
    doubled = MIN_WAIT * 2 ** min(tries - 1, 12)
    return min(doubled * random.uniform(1, JITTER), MAX_WAIT)  # noqa: S311  (no secret)


def _send(mail):
    if isinstance(mail.content, Unreadable):  # a wrong key or damage: kept until it is mended
        _settle(mail, error=UNREADABLE, next_try_at=timezone.now() + wait_after(mail.tries))
        return
    connection = None
    try:
        with _within(SEND_TIMEOUT):
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
    if _is_final(mail, error) or now >= last_try:
        return {"failed_at": now, "content": {}, "error": name}
    return {"next_try_at": min(now + wait_after(mail.tries), last_try), "error": name}


def _is_final(mail, error):
    """Whether the mail itself is refused (RFC 5321, 4.2.1: 5yz), or its recipient is no address."""
    if isinstance(error, _REFUSALS):
        code = _code_of(error)
        return 500 <= code < 600 and code not in _OPERATORS_TO_MEND
    return isinstance(error, ValueError) and not _is_address(mail.content["to"])


def _is_address(text):
    """Whether Django can send to it; the same error may come from our own address or host name."""
    try:
        return "\n" not in text and "\r" not in text and bool(sanitize_address(text, "utf-8"))
    except ValueError:
        return False


def _name_of(error):
    """Three digits where the server spoke of this mail, else the exception's name, then them."""
    code, name = _code_of(error), type(error).__name__[:50]
    if not 200 <= code < 600:
        return name
    plain = isinstance(error, _REFUSALS) or code in _OPERATORS_TO_MEND
    return str(code) if plain else f"{name} {code}"


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
            with write():
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
    raise SendTimeout


def _say_goodbye(connection):
    """After the mail is settled: nothing that happens here can send it again."""
    with suppress(Exception), _within(CLOSE_TIMEOUT):
        connection.close()
