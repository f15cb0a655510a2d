"""The mails to patients and staff. No mail has a word about health, or of what a patient wrote.

Each is queued in the transaction of the event that it tells of; `sender` takes it from there. A
patient gets it in the language that the patient chose, where `emails/` has it in that language.
"""

from datetime import datetime
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries import rate_limits
from mesosite.enquiries.choices import HEALTH_ANSWERS
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.mail.calendar_file import calendar_file, method_of
from mesosite.enquiries.models import ClinicValues, Enquiry, Entry, OutgoingMail, Visit
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import OPEN, State
from mesosite.enquiries.transactions import write
from mesosite.normal_form import email_key
from mesosite.pages.catalogue import clinic

Kind = OutgoingMail.Kind


def arrival_mails(enquiry: Enquiry) -> list[OutgoingMail]:
    """The mails of a new enquiry to patient and staff, where they have addresses; not stored."""
    kind = Kind.URGENT if enquiry.urgent else Kind.NEW_ENQUIRY
    return _confirmation(enquiry) + _for_staff(enquiry, kind)


def confirm_address_mails(enquiry: Enquiry, token: str) -> list[OutgoingMail]:
    """To an address that was given by phone: to confirm it, and no more; not stored.

    token: of the page that confirms it.
    """
    contact = enquiry.contact
    if not contact.get("email"):
        return []
    to, language = contact["email"], contact.get("language")
    return [_mail(enquiry, Kind.CONFIRM_ADDRESS, to, language, token=token)]


def release(enquiry: Enquiry, entry: Entry | None = None) -> None:
    """Lets go the mails that were held back while the enquiry was spam or closed.

    The arrival mails say that somebody will answer. They are queued once, and dropped where the
    enquiry is closed without an answer. entry: the step of staff, with which new mails wait.
    """
    leaves_at = _leaves_at(entry)
    pair = enquiry.mails.filter(kind__in=OutgoingMail.ON_ARRIVAL)
    # `sender` counts the tries from created_at. A later next_try_at may be a sender's lease.
    waiting = enquiry.mails.unsent().filter(next_try_at__lte=timezone.now())
    if enquiry.state == State.CLOSED:
        pair.unsent().delete()
    elif not pair.exists():
        _queue(arrival_mails(enquiry), entry)
    waiting.update(created_at=leaves_at, next_try_at=leaves_at)


def vouch(enquiry: Enquiry, entry: Entry) -> None:
    """Staff took the enquiry on: no number of requests from its network holds its mails back.

    Where it was closed without an answer, a confirmation that is held back does not leave any more.
    """
    held = enquiry.mails.held_back().filter(kind=Kind.CONFIRMATION)
    if enquiry.state == State.CLOSED:
        held.delete()
    else:
        held.update(created_at=_leaves_at(entry), next_try_at=_leaves_at(entry))


def restore_confirmation(enquiry: Enquiry) -> None:
    """Queues the confirmation that a closing dropped, where the closing was undone."""
    if enquiry.state in OPEN and not enquiry.mails.filter(kind=Kind.CONFIRMATION).exists():
        OutgoingMail.objects.bulk_create(_confirmation(enquiry))


def queue_answer(enquiry: Enquiry, entry: Entry) -> None:
    """To the patient: there is an answer on the patient's page. It waits while `entry` can go."""
    _queue(_for_patient(enquiry, Kind.ANSWER), entry)


def queue_visit(visit: Visit) -> None:
    """To the patient: the day and time, with a file for the calendar. It waits with its step."""
    answers = visit.enquiry.answers
    prepared = isinstance(answers, Unreadable) or any(map(answers.get, HEALTH_ANSWERS))
    asks = not (prepared or visit.is_cancelled or visit.sequence)
    mails = _for_patient(visit.enquiry, Kind.VISIT, visit=visit, asks_to_prepare=asks)
    for mail in mails:
        mail.content |= {"calendar": calendar_of(visit), "method": method_of(visit)}
    _queue(mails, visit.entry if visit.entry and visit.entry.is_pending else None)


def calendar_of(visit: Visit) -> str:
    """The file for the calendar of the patient, who may have given no address."""
    sender = staff_address() or settings.DEFAULT_FROM_EMAIL
    return calendar_file(visit, sender=sender, to=visit.enquiry.contact.get("email", ""))


def queue_reminder(visit: Visit) -> None:
    OutgoingMail.objects.bulk_create(_for_patient(visit.enquiry, Kind.REMINDER, visit=visit))


def _queue(mails: list[OutgoingMail], entry: Entry | None) -> None:
    """Urgent mails do not wait with the step that caused them."""
    for mail in mails:
        if entry and mail.kind != Kind.URGENT:
            mail.entry, mail.next_try_at = entry, _leaves_at(entry)
    OutgoingMail.objects.bulk_create(mails)


def _leaves_at(entry: Entry | None) -> datetime:
    return entry.final_at if entry else timezone.now()


def redirect_confirmation(enquiry: Enquiry) -> None:
    """Queues the confirmation to a corrected address, and no more to the old one.

    For spam only in place of a confirmation that is held back.
    """
    waiting, _rows = enquiry.mails.unsent().filter(kind=Kind.CONFIRMATION).delete()
    if enquiry.state == State.SPAM and not waiting:
        return
    OutgoingMail.objects.bulk_create(_confirmation(enquiry))


WITH_LINK = (
    *(Kind.CONFIRMATION, Kind.CONFIRM_ADDRESS, Kind.ANSWER, Kind.VISIT, Kind.REMINDER),
    *(Kind.LINK, Kind.COPY),
)
"""The mails to patients that hold a link, to the page or to confirm an address."""


def queue_link(enquiry: Enquiry) -> bool:
    """To the patient: the link to the page. Returns whether there is an address."""
    mails = _for_patient(enquiry, Kind.LINK)
    OutgoingMail.objects.bulk_create(mails)
    return bool(mails)


def queue_copy(enquiry: Enquiry) -> bool:
    """To the patient: the copy is on the page. Returns whether there is an address."""
    mails = _for_patient(enquiry, Kind.COPY)
    OutgoingMail.objects.bulk_create(mails)
    return bool(mails)


def erased_mails(enquiry: Enquiry) -> list[OutgoingMail]:
    """To the patient, where a mail has reached that address: it is erased; not stored.

    They belong to no enquiry, and so outlive it.
    """
    to, language = enquiry.mailed_to, enquiry.contact.get("language")
    if not to or not _has_confirmed(enquiry):
        return []
    return [_mail(None, Kind.ERASED, to, language, code=enquiry.shown_code)]


def queue_address_changed(enquiry: Enquiry, old: str) -> None:
    """To the address that the enquiry had before, where a mail has reached it.

    enquiry: as it was with that address.
    """
    if enquiry.address_waits or not _has_confirmed(enquiry):
        return
    language = enquiry.contact.get("language")
    _mail(enquiry, Kind.ADDRESS_CHANGED, old, language).save()


def _has_confirmed(enquiry: Enquiry) -> bool:
    return enquiry.mails.filter(kind=Kind.CONFIRMATION, sent_at__isnull=False).exists()


def store(mails: list[OutgoingMail]) -> None:
    OutgoingMail.objects.bulk_create(mails)


def queue_new_message(enquiry: Enquiry, *, urgent: bool = False) -> None:
    """To staff, unless such a mail about the enquiry waits already."""
    kind = Kind.URGENT if urgent else Kind.NEW_MESSAGE
    if not enquiry.mails.unsent().filter(kind=kind).exists():
        queue_for_staff(enquiry, kind)


def queue_for_staff(enquiry: Enquiry, kind: Kind) -> None:
    OutgoingMail.objects.bulk_create(_for_staff(enquiry, kind))


def queue_unseen_spam() -> None:
    """To staff, at most once a day, while there is spam that nobody has looked at."""
    to, unseen = staff_address(), Enquiry.objects.filter(state=State.SPAM, seen_at=None).count()
    if not (to and unseen):
        return
    with write():
        if rate_limits.tells_of_spam():
            _mail(None, Kind.UNSEEN_SPAM, to, settings.LANGUAGE_CODE, n=unseen).save()


def queue_morning(to: str, counts: dict[str, int]) -> None:
    """To the clinic: how much there is to do. counts: of `morning`."""
    said = (f"{'1,000+' if n > CAP else n} {_WAITS[name]}" for name, n in counts.items() if n)
    _mail(None, Kind.MORNING, to, settings.LANGUAGE_CODE, numbers=", ".join(said)).save()


_WAITS = {"new": _("new"), "late": _("late"), "urgent": _("urgent"), "spam": _("held as spam")}


def queue_test() -> bool:
    """To the clinic's own address. Returns whether there is one."""
    if to := staff_address():
        _mail(None, Kind.TEST, to, settings.LANGUAGE_CODE).save()
    return bool(to)


def queue_login_link(to: str, link: str) -> None:
    """To a member of staff: the link to set a password, and no more."""
    _mail(None, Kind.LOGIN_LINK, to, settings.LANGUAGE_CODE, link=link).save()


def several(kind: str, n: int) -> dict[str, str]:
    """{"subject", "body"} of one mail to staff in place of `n` of this kind."""
    return _text(f"{kind}_several", settings.LANGUAGE_CODE, n=n)


def _confirmation(enquiry: Enquiry) -> list[OutgoingMail]:
    return _for_patient(enquiry, Kind.CONFIRMATION)


def _for_patient(enquiry: Enquiry, kind: Kind, **context: Any) -> list[OutgoingMail]:
    to, language = enquiry.mailed_to, enquiry.contact.get("language")
    if not to or isinstance(enquiry.link, Unreadable):
        return []
    return [_mail(enquiry, kind, to, language, link=enquiry.link, **context)]


def _for_staff(enquiry: Enquiry, kind: Kind) -> list[OutgoingMail]:
    to = [address for address in (staff_address(), _urgent_address(kind)) if address]
    if not to:
        return []
    mail = _mail(enquiry, kind, to[0], settings.LANGUAGE_CODE)
    if to[1:] and email_key(to[1]) != email_key(to[0]):
        mail.content["also"] = to[1]
    return [mail]


def _urgent_address(kind: Kind) -> str:
    return ClinicValues.current().urgent_email if kind == Kind.URGENT else ""


def staff_address() -> str:
    """Where mails to the clinic go, or "" while nobody has said it."""
    return settings.CLINIC_EMAIL or clinic().email


def _mail(
    enquiry: Enquiry | None, kind: Kind, to: str, language: str | None, **context: Any
) -> OutgoingMail:
    content = {"to": to} | _text(kind, language, enquiry=enquiry, **context)
    message_id = make_msgid(domain=settings.SITE_HOST)
    return OutgoingMail(enquiry=enquiry, kind=kind, content=content, message_id=message_id)


def _text(name: str, language: str | None, **context: Any) -> dict[str, str]:
    """{"subject", "body"} of `emails/<name>.txt`: the subject is its first line.

    Of `emails/<language>/<name>.txt` where there is one: not every language of a patient is one
    of the site, and days have their words and cases.
    """
    context |= {"clinic": clinic(), "site_url": settings.SITE_URL}
    written = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    try:
        template, written = get_template(f"emails/{language}/{name}.txt"), language or written
    except TemplateDoesNotExist:
        template = get_template(f"emails/{name}.txt")
    with translation.override(written):
        text = template.render(context).strip()
    subject, _line, body = text.partition("\n")
    return {"subject": subject.strip(), "body": body.strip() + "\n"}
