"""Sending: each mail that is due is claimed, given to the mail server, and settled.

Ceilings hold back confirmations to strangers, and gather the mails to staff: one of each kind in
ten minutes. No ceiling holds an urgent mail; those that are due together leave as one.

The sender speaks to the server outside any transaction, and settles a mail only while it holds the
mail's lease. A killed sender leaves a lease that ends by itself; the mail then goes out again under
the same Message-ID. A server's words are not kept: they may hold somebody's address.
"""

import datetime
import logging
import random
import signal
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import format_datetime
from types import FrameType
from typing import Any

from django import db
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q
from django.utils import timezone

from mesosite import normal_form
from mesosite.enquiries import rate_limits
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import OutgoingMail
from mesosite.enquiries.models.mail import OutgoingMailQuerySet
from mesosite.enquiries.rate_limits import Ceiling
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

logger = logging.getLogger(__name__)

Kind = OutgoingMail.Kind
LEASE = datetime.timedelta(minutes=10)
SEND_TIMEOUT = 240  # seconds for one whole sending, below LEASE; EMAIL_TIMEOUT is for each step
CLOSE_TIMEOUT = 5  # seconds for leaving the mail server
PAUSE = 1  # seconds between two tries to store the result of a sending

MIN_WAIT, MAX_WAIT = datetime.timedelta(minutes=1), datetime.timedelta(hours=24)
JITTER = 1.2  # the largest factor of a wait, so that mails do not come back all at once
GIVEN_UP_AFTER = datetime.timedelta(hours=72)

# Errors about one mail. All others, such as a refused sender's address, are the operator's.
_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
# 5yz about the login or TLS (RFC 4954, RFC 3207): the operator's too.
_OPERATOR_CODES = (530, 534, 535, 538)
UNREADABLE = "Unreadable"
TOO_MANY = "TooMany"  # a ceiling held the mail back for GIVEN_UP_AFTER
STUCK_TRIES, STUCK_AGE = 3, datetime.timedelta(hours=1)  # from then on it is not a passing fault


class SendTimeout(Exception):
    """One sending took SEND_TIMEOUT. Not an OSError: smtplib would blame one address for it."""


def send_due() -> None:
    """Sends every mail that is due now. In the main thread, like `send_next`."""
    while send_next():
        pass


def send_next() -> bool:
    """Sends the mail that is due first. Returns whether there was one.

    In the main thread only: the limit on one sending is a signal. Raises django.db.Error.
    """
    due = OutgoingMail.objects.due().select_related("enquiry")
    mail = due.defer("enquiry__contact", "enquiry__answers").first()
    if mail is None:
        return False
    with write():
        claimed = not _held_back(mail) and mail.claim(LEASE)
        together = _claim_others(mail) if claimed and mail.is_gathered else 1
    if claimed:
        _send(mail, together)
    return True


def _held_back(mail: OutgoingMail) -> bool:
    """Whether a ceiling keeps the mail, and those like it, for later.

    A mail is counted when it leaves for the first time.
    """
    if mail.tries or mail.kind == Kind.URGENT or isinstance(mail.content, Unreadable):
        return False
    alike = OutgoingMail.objects.due().filter(kind=mail.kind, tries=0)
    if mail.is_gathered:
        until = rate_limits.staff_mail_ceiling(mail.kind)
        return bool(until and alike.update(next_try_at=until))
    return mail.kind in OutgoingMail.TO_STRANGERS and _confirmation_held_back(mail, alike)


def _confirmation_held_back(mail: OutgoingMail, alike: OutgoingMailQuerySet) -> bool:
    """As `_held_back`; alike: the confirmations that are due for the first time.

    What the number to its mailbox or for its network has held back for GIVEN_UP_AFTER is given up.
    """
    network = mail.enquiry.network_hash if mail.enquiry else ""
    full = rate_limits.confirmation_ceiling(mail.content["to"], network)
    if full is None:
        return False
    ceiling, until = full
    if ceiling == Ceiling.MAILBOX:
        alike = alike.filter(pk=mail.pk)
    elif ceiling == Ceiling.NETWORK:
        alike = alike.filter(enquiry__network_hash=network)
    if ceiling != Ceiling.SITE:
        was_held = alike.filter(next_try_at__gt=F("created_at") + MIN_WAIT)
        given_up = {"failed_at": timezone.now(), "content": {}, "error": TOO_MANY}
        was_held.filter(created_at__lte=until - GIVEN_UP_AFTER).update(**given_up)
    alike.update(next_try_at=until)
    return True


def _claim_others(mail: OutgoingMail) -> int:
    """Claims with a mail to staff all others of its kind. Returns how many they are with it."""
    others = OutgoingMail.objects.due().filter(kind=mail.kind)
    return 1 + others.update(next_try_at=mail.next_try_at, tries=F("tries") + 1)


def stuck_mails() -> OutgoingMailQuerySet:
    """Mails past STUCK_TRIES and STUCK_AGE for an error that is not about one mail."""
    tried = OutgoingMail.objects.due(since=-MAX_WAIT).filter(tries__gte=STUCK_TRIES)
    of_one_mail = Q(error__regex="^[45][0-9][0-9]$") & ~Q(error__in=map(str, _OPERATOR_CODES))
    of_one_mail |= Q(error=UNREADABLE)
    return tried.filter(created_at__lt=timezone.now() - STUCK_AGE).exclude(of_one_mail)


def wait_after(tries: int) -> datetime.timedelta:
    """The wait until the next try: doubling from MIN_WAIT to MAX_WAIT, with jitter."""
    doubled = MIN_WAIT * 2 ** min(tries - 1, 12)
    return min(doubled * random.uniform(1, JITTER), MAX_WAIT)  # noqa: S311  (no secret)


def _send(mail: OutgoingMail, together: int) -> None:
    """together: how many mails to staff are sent as this one."""
    if isinstance(mail.content, Unreadable):  # a wrong key or damage: kept until it is repaired
        _settle(mail, error=UNREADABLE, next_try_at=timezone.now() + wait_after(mail.tries))
        return
    connection = None
    try:
        with _within(SEND_TIMEOUT):
            connection = get_connection()
            connection.open()
            connection.send_messages([_message(mail, together)])
    except Exception as error:
        _settle(mail, **_after(mail, error))
    else:
        _settle(mail, sent_at=timezone.now(), content={}, error="")
    if connection:
        _close(connection)


def _message(mail: OutgoingMail, together: int) -> EmailMessage:
    content = mail.content | (messages.several(mail.kind, together) if together > 1 else {})
    message = EmailMessage(
        content["subject"],
        content["body"],
        settings.DEFAULT_FROM_EMAIL,
        [normal_form.email(content[key]) for key in ("to", "also") if content.get(key)],
        reply_to=_reply_to(),
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(mail.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    if calendar := content.get("calendar"):
        kind = f"text/calendar; method={content['method']}"  # RFC 6047, 2.4
        message.attach("appointment.ics", calendar, kind)
    return message


def _reply_to() -> list[str]:
    """Where an answer goes, if it cannot go to the address that the mails come from."""
    return [] if settings.CLINIC_EMAIL else [email for email in (clinic().email,) if email]


def _after(mail: OutgoingMail, error: Exception) -> dict[str, Any]:
    """{column: value} of a mail that was not taken: given up, or to be tried again."""
    now, name = timezone.now(), _name_of(error)
    logger.warning("A mail was not sent: %s", name)
    last_try = mail.created_at + GIVEN_UP_AFTER
    if _is_final(mail, error) or now >= last_try:
        return {"failed_at": now, "content": {}, "error": name}
    return {"next_try_at": min(now + wait_after(mail.tries), last_try), "error": name}


def _is_final(mail: OutgoingMail, error: Exception) -> bool:
    """Whether the mail is refused for good (RFC 5321, 4.2.1: 5yz), or its address is invalid."""
    if isinstance(error, _REFUSALS):
        code = _code_of(error)
        return 500 <= code < 600 and code not in _OPERATOR_CODES
    return isinstance(error, ValueError) and not _is_address(mail.content["to"])


def _is_address(text: str) -> bool:
    """Whether it can be sent to. A ValueError may come from our own address as well."""
    try:
        return bool(normal_form.email(text))
    except normal_form.AddressError:
        return False


def _name_of(error: Exception) -> str:
    """The server's three digits for an error of this mail, else the exception's name and them."""
    code, name = _code_of(error), type(error).__name__[:50]
    if not 200 <= code < 600:
        return name
    suffices = isinstance(error, _REFUSALS) or code in _OPERATOR_CODES
    return str(code) if suffices else f"{name} {code}"


def _code_of(error: Exception) -> int:
    """The mail server's three digits, or 0 without any."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", 0)


def _settle(mail: OutgoingMail, **result: Any) -> None:
    """Stores the result of a sending while the lease is held.

    While the database is away, tries again until the lease ends: without its result, a mail that
    arrived would be sent once more.
    """
    leased = OutgoingMail.objects.unsent().filter(next_try_at=mail.next_try_at, tries__gt=0)
    leased = leased.filter(kind=mail.kind) if mail.is_gathered else leased.filter(pk=mail.pk)
    while True:
        try:
            with write():
                leased.update(**result)
            return
        except db.Error as error:
            logger.error("The result of a sending is not stored yet: %s", type(error).__name__)
            if timezone.now() >= mail.next_try_at:
                raise
        db.close_old_connections()
        time.sleep(PAUSE)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raises SendTimeout inside the block after `seconds`, whatever it waits for."""
    before = signal.signal(signal.SIGALRM, _time_out)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _time_out(_signal: int, _frame: FrameType | None) -> None:
    raise SendTimeout


def _close(connection: BaseEmailBackend) -> None:
    """Leaves the server after the mail is settled: an error here must not send it again."""
    with suppress(Exception), _within(CLOSE_TIMEOUT):
        connection.close()
