"""The mails to patients and staff. No mail has a word about health, or of what a patient wrote.

Each is queued in the transaction of the event that it tells of; `sender` takes it from there.
"""

from collections.abc import Iterable
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from mesosite.enquiries import rate_limits
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.pages.catalogue import clinic

Kind = OutgoingMail.Kind


def within_limits(mails: Iterable[OutgoingMail]) -> list[OutgoingMail]:
    """The mails without confirmations to an address that had 3 today: no form floods a mailbox."""
    return [
        mail
        for mail in mails
        if mail.kind != Kind.CONFIRMATION or not rate_limits.mails_too_often(mail.content["to"])
    ]


def arrival_mails(enquiry: Enquiry) -> list[OutgoingMail]:
    """The mails of a new enquiry to patient and staff, where they have addresses; not stored."""
    return _confirmation(enquiry) + _for_staff(enquiry, Kind.NEW_ENQUIRY)


def release(enquiry: Enquiry) -> None:
    """Lets go the mails that were held back while the enquiry was spam or closed.

    The arrival mails say that somebody will answer. They are queued once, and dropped where the
    enquiry is closed without an answer.
    """
    now = timezone.now()
    pair = enquiry.mails.filter(kind__in=OutgoingMail.ON_ARRIVAL)
    if enquiry.state == State.CLOSED:
        pair.unsent().delete()
    elif not pair.exists():
        OutgoingMail.objects.bulk_create(arrival_mails(enquiry))
    # `sender` counts the tries from created_at. A later next_try_at may be a sender's lease.
    enquiry.mails.unsent().filter(next_try_at__lte=now).update(created_at=now, next_try_at=now)


def redirect_confirmation(enquiry: Enquiry) -> None:
    """Queues the confirmation to a corrected address, and no more to the old one.

    For spam only in place of a confirmation that is held back.
    """
    waiting, _rows = enquiry.mails.unsent().filter(kind=Kind.CONFIRMATION).delete()
    if enquiry.state == State.SPAM and not waiting:
        return
    OutgoingMail.objects.bulk_create(within_limits(_confirmation(enquiry)))


def queue_new_message(enquiry: Enquiry) -> None:
    """To staff, unless such a mail about the enquiry waits already."""
    if not enquiry.mails.unsent().filter(kind=Kind.NEW_MESSAGE).exists():
        queue_for_staff(enquiry, Kind.NEW_MESSAGE)


def queue_for_staff(enquiry: Enquiry, kind: Kind) -> None:
    OutgoingMail.objects.bulk_create(_for_staff(enquiry, kind))


def _confirmation(enquiry: Enquiry) -> list[OutgoingMail]:
    to, language = enquiry.contact.get("email"), enquiry.contact.get("language")
    if not to or isinstance(enquiry.link, Unreadable):
        return []
    return [_mail(enquiry, Kind.CONFIRMATION, to, language, link=enquiry.link)]


def _for_staff(enquiry: Enquiry, kind: Kind) -> list[OutgoingMail]:
    to = settings.CLINIC_EMAIL or clinic().email
    return [_mail(enquiry, kind, to, settings.LANGUAGE_CODE)] if to else []


def _mail(
    enquiry: Enquiry, kind: Kind, to: str, language: str | None, **context: Any
) -> OutgoingMail:
    """`emails/<kind>.txt`: the subject on its first line, then the body."""
    context |= {"enquiry": enquiry, "clinic": clinic(), "site_url": settings.SITE_URL}
    offered = dict(settings.LANGUAGES)
    with translation.override(language if language in offered else settings.LANGUAGE_CODE):
        text = render_to_string(f"emails/{kind}.txt", context).strip()
    subject, _line, body = text.partition("\n")
    content = {"to": to, "subject": subject.strip(), "body": body.strip() + "\n"}
    message_id = make_msgid(domain=settings.SITE_HOST)
    return OutgoingMail(enquiry=enquiry, kind=kind, content=content, message_id=message_id)
