"""The mails: whom to tell, and what. None has a word about health, or anything a patient wrote.

Each is queued in the transaction of what it tells of; `sending` takes it from there.
"""

from email.utils import make_msgid

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from mesosite.enquiries import rate_limits
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models.mail import OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.pages.catalogue import clinic

Kind = OutgoingMail.Kind


def within_limits(mails):
    """Those of them that may go. A form that is open to all must not flood somebody's mailbox."""
    return [mail for mail in mails if mail.kind != Kind.CONFIRMATION or _may_write_to(mail)]


def _may_write_to(mail):
    return not rate_limits.mails_too_often(mail.content["to"])


def arrival_mails(enquiry):
    """The pair of a new enquiry, not yet stored: to the patient, who may have no address, and to
    staff."""
    pair = [_confirmation(enquiry), _for_staff(enquiry, Kind.NEW_ENQUIRY)]
    return [mail for mail in pair if mail]


def release(enquiry):
    """Let go what was held back of an enquiry that is no spam any more, or is open again.

    The pair of a new enquiry says that somebody will answer: it is queued once, and what is closed
    without an answer does not get it.
    """
    now = timezone.now()
    pair = enquiry.mails.filter(kind__in=(Kind.CONFIRMATION, Kind.NEW_ENQUIRY))
    if enquiry.state == State.CLOSED:
        pair.unsent().delete()
    elif not pair.exists():
        OutgoingMail.objects.bulk_create(arrival_mails(enquiry))
    # `sending` counts the tries from created_at. A later next_try_at may be a sender's lease.
    enquiry.mails.unsent().filter(next_try_at__lte=now).update(created_at=now, next_try_at=now)


def redirect_confirmation(enquiry):
    """To the address that the patient gave later, and no more to the one that was wrong.

    Among the spam only in place of one that is held back already.
    """
    waiting, _rows = enquiry.mails.unsent().filter(kind=Kind.CONFIRMATION).delete()
    if enquiry.state == State.SPAM and not waiting:
        return
    OutgoingMail.objects.bulk_create(within_limits(filter(None, [_confirmation(enquiry)])))


def queue_new_message(enquiry):
    """To staff, unless such a mail about the enquiry waits already."""
    if not enquiry.mails.unsent().filter(kind=Kind.NEW_MESSAGE).exists():
        _queue(_for_staff(enquiry, Kind.NEW_MESSAGE))


def queue_free_slot(enquiry):
    _queue(_for_staff(enquiry, Kind.FREE_SLOT))


def queue_warning(enquiry):
    _queue(_for_staff(enquiry, Kind.WARNING))


def _queue(mail):
    if mail:
        mail.save(force_insert=True)


def _confirmation(enquiry):
    to, language = enquiry.contact.get("email"), enquiry.contact.get("language")
    if not to or isinstance(enquiry.link, Unreadable):
        return None
    return _mail(enquiry, Kind.CONFIRMATION, to, language, link=enquiry.link)


def _for_staff(enquiry, kind):
    to = settings.CLINIC_EMAIL or clinic().email
    return _mail(enquiry, kind, to, settings.LANGUAGE_CODE) if to else None


def _mail(enquiry, kind, to, language, **context):
    """`emails/<kind>.txt`: the subject on its first line, then the body."""
    context |= {"enquiry": enquiry, "clinic": clinic(), "site_url": settings.SITE_URL}
    known = dict(settings.LANGUAGES)
    with translation.override(language if language in known else settings.LANGUAGE_CODE):
        text = render_to_string(f"emails/{kind}.txt", context).strip()
    subject, _line, body = text.partition("\n")
    content = {"to": to, "subject": subject.strip(), "body": body.strip() + "\n"}
    message_id = make_msgid(domain=settings.SITE_HOST)
    return OutgoingMail(enquiry=enquiry, kind=kind, content=content, message_id=message_id)
