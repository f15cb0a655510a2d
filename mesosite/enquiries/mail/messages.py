"""The mails to patients and staff. No mail has a word about health, or of what a patient wrote.

Each is queued in the transaction of the event that it tells of; `sender` takes it from there.
"""

from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from mesosite.enquiries import rate_limits
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

Kind = OutgoingMail.Kind


def arrival_mails(enquiry: Enquiry) -> list[OutgoingMail]:
    """The mails of a new enquiry to patient and staff, where they have addresses; not stored."""
    kind = Kind.URGENT if enquiry.urgent else Kind.NEW_ENQUIRY
    return _confirmation(enquiry) + _for_staff(enquiry, kind)


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


def vouch(enquiry: Enquiry) -> None:
    """Staff took the enquiry on: no number of requests from its network holds its mails back.

    Where it was closed without an answer, a confirmation that is held back does not leave any more.
    """
    Enquiry.objects.filter(pk=enquiry.pk).update(network_hash="")
    now, held = timezone.now(), enquiry.mails.held_back().filter(kind=Kind.CONFIRMATION)
    if enquiry.state == State.CLOSED:
        held.delete()
    else:
        held.update(created_at=now, next_try_at=now)


def redirect_confirmation(enquiry: Enquiry) -> None:
    """Queues the confirmation to a corrected address, and no more to the old one.

    For spam only in place of a confirmation that is held back.
    """
    waiting, _rows = enquiry.mails.unsent().filter(kind=Kind.CONFIRMATION).delete()
    if enquiry.state == State.SPAM and not waiting:
        return
    OutgoingMail.objects.bulk_create(_confirmation(enquiry))


def queue_new_message(enquiry: Enquiry, *, urgent: bool = False) -> None:
    """To staff, unless such a mail about the enquiry waits already."""
    kind = Kind.URGENT if urgent else Kind.NEW_MESSAGE
    if not enquiry.mails.unsent().filter(kind=kind).exists():
        queue_for_staff(enquiry, kind)


def queue_for_staff(enquiry: Enquiry, kind: Kind) -> None:
    OutgoingMail.objects.bulk_create(_for_staff(enquiry, kind))


def queue_unseen_spam() -> None:
    """To staff, at most once a day, while there is spam that nobody has looked at."""
    unseen = Enquiry.objects.filter(state=State.SPAM, seen_at=None).count()
    if not (_recipients() and unseen):
        return
    with write():
        if rate_limits.tells_of_spam():
            for to in _recipients():
                _mail(None, Kind.UNSEEN_SPAM, to, settings.LANGUAGE_CODE, n=unseen).save()


def several(kind: str, n: int) -> dict[str, str]:
    """{"subject", "body"} of one mail to staff in place of `n` of this kind."""
    return _text(f"{kind}_several", settings.LANGUAGE_CODE, n=n)


def _confirmation(enquiry: Enquiry) -> list[OutgoingMail]:
    to, language = enquiry.contact.get("email"), enquiry.contact.get("language")
    if not to or isinstance(enquiry.link, Unreadable):
        return []
    return [_mail(enquiry, Kind.CONFIRMATION, to, language, link=enquiry.link)]


def _for_staff(enquiry: Enquiry, kind: Kind) -> list[OutgoingMail]:
    to = urgent_recipients() if kind == Kind.URGENT else _recipients()
    return [_mail(enquiry, kind, address, settings.LANGUAGE_CODE) for address in to]


def urgent_recipients() -> list[str]:
    """The addresses that are told of an urgent request; [] where the clinic has none."""
    return _recipients()


def _recipients() -> list[str]:
    address = settings.CLINIC_EMAIL or clinic().email
    return [address] if address else []


def _mail(
    enquiry: Enquiry | None, kind: Kind, to: str, language: str | None, **context: Any
) -> OutgoingMail:
    content = {"to": to} | _text(kind, language, enquiry=enquiry, **context)
    message_id = make_msgid(domain=settings.SITE_HOST)
    return OutgoingMail(enquiry=enquiry, kind=kind, content=content, message_id=message_id)


def _text(name: str, language: str | None, **context: Any) -> dict[str, str]:
    """{"subject", "body"} of `emails/<name>.txt`: the subject is its first line."""
    context |= {"clinic": clinic(), "site_url": settings.SITE_URL}
    offered = dict(settings.LANGUAGES)
    with translation.override(language if language in offered else settings.LANGUAGE_CODE):
        text = render_to_string(f"emails/{name}.txt", context).strip()
    subject, _line, body = text.partition("\n")
    return {"subject": subject.strip(), "body": body.strip() + "\n"}
