"""The actions of patients on their own enquiry, through its link."""

from typing import Any

from django.utils import timezone

from mesosite.enquiries import rate_limits, visits
from mesosite.enquiries.choices import HEALTH_ANSWERS
from mesosite.enquiries.erasure import erase
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import ConsentText, Enquiry, Entry, StaleChange
from mesosite.enquiries.models.consent import ConsentWords
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import SAME_FOR, current, patient_wrote
from mesosite.normal_form import email_key


class RateLimited(Exception):
    """The enquiry has had 20 messages and corrections today: `rate_limits.CHANGES`."""


def add_message(enquiry: Enquiry, text: str, *, problem: bool = False) -> Enquiry:
    """Stores a message, once. Returns the row as it is then. Raises RateLimited.

    problem: it is about a problem after a treatment. Where that makes the enquiry urgent, the
    message is always taken.
    """
    with write():
        enquiry = current(enquiry)
        makes_urgent = problem and not enquiry.urgent
        if makes_urgent or not _just_said(enquiry, text):
            if not makes_urgent:
                _count(enquiry)
            enquiry.messages.create(text=text)
            patient_wrote(enquiry, Entry.Kind.MESSAGE, urgent=problem)
    return enquiry


def correct(
    enquiry: Enquiry,
    *,
    problem: bool,
    topics: list[str],
    contact: dict[str, Any],
    answers: dict[str, Any],
) -> None:
    """Replaces all that the form asks. Raises RateLimited, unless a problem is named now.

    A new email address gets the link. A correction that changes nothing is not stored. That there
    is no problem any more is stored, and staff decide whether it is urgent.
    """
    with write():
        enquiry = current(enquiry)
        given = {"problem": problem, "topics": topics, "contact": contact, "answers": answers}
        if any(getattr(enquiry, name) != value for name, value in given.items()):
            urgent = problem and not enquiry.problem
            if not urgent:
                _count(enquiry)
            written_to = enquiry.contact.get("email")
            other = email_key(contact.get("email") or "") != email_key(written_to or "")
            if other and written_to:
                messages.queue_address_changed(enquiry, written_to)
            also = enquiry.digits_with(contact)
            also |= {"address_waits": "", "address_by": None} if other else {}
            patient_wrote(enquiry, Entry.Kind.CORRECTED, urgent=urgent, **given | also)
            index.index(enquiry)
            if other:
                messages.redirect_confirmation(enquiry)


def prepare(enquiry: Enquiry, answers: dict[str, list[str]], consent: ConsentWords) -> None:
    """Stores the answers of HEALTH_ANSWERS with the consent to keep them. Raises RateLimited.

    Nothing is asked of staff by it, so no answer is due sooner or later than before.
    """
    with write():
        enquiry = current(enquiry)
        text = ConsentText.of(*consent)
        if (enquiry.answers | answers, text) == (enquiry.answers, enquiry.health_consent):
            return
        _count(enquiry)
        changes: dict[str, Any] = {"answers": enquiry.answers | answers, "has_news": True}
        changes |= {"health_consent": text, "health_consented_at": timezone.now()}
        enquiry.change(Entry.Kind.HEALTH_GIVEN, seen_at=None, **changes)


def erase_health(enquiry: Enquiry) -> None:
    """Takes back the consent to keep the answers of HEALTH_ANSWERS, which are erased at once."""
    with write():
        enquiry = current(enquiry)
        if any(enquiry.answers.get(name) for name in HEALTH_ANSWERS):
            kept = {name: v for name, v in enquiry.answers.items() if name not in HEALTH_ANSWERS}
            none: dict[str, Any] = {"health_consent": None, "health_consented_at": None}
            enquiry.change(Entry.Kind.HEALTH_ERASED, answers=kept, **none)


def withdraw(enquiry: Enquiry, *, cancel_visit: bool | None = None) -> None:
    """Erases the enquiry at once.

    cancel_visit: whether staff are asked to free the visit's time; None where the patient saw no
    visit to come. Raises StaleChange where a visit was booked meanwhile.
    """
    with write():
        enquiry = current(enquiry)
        to_come = enquiry.has_visit_to_come
        if cancel_visit is None and to_come:
            raise StaleChange
        if cancelled := bool(cancel_visit) and to_come:
            visits.cancel(enquiry, None)
        told = messages.erased_mails(enquiry)
        erase(enquiry, keep_visit=to_come)
        messages.store(told)
        if cancelled:
            messages.queue_for_staff(enquiry, messages.Kind.FREE_SLOT)


def cancel_visit(enquiry: Enquiry, row: str) -> None:
    """The patient does not come. Staff are told, and can offer another visit.

    row: the key of the Visit that the patient saw. Raises StaleChange where it is over, or was
    changed meanwhile.
    """
    with write():
        enquiry = current(enquiry)
        standing = visits.standing(enquiry)
        if not enquiry.has_visit_to_come or not standing or str(standing.pk) != row:
            raise StaleChange
        changes: dict[str, Any] = {"state": State.IN_PROGRESS, "state_since": timezone.now()}
        entry = patient_wrote(enquiry, Entry.Kind.VISIT_CANCELLED, visit_at=None, **changes)
        visits.cancel(enquiry, entry)


def want_reminder(enquiry: Enquiry, wanted: bool) -> None:
    """Whether the patient gets a mail one working day before the visit."""
    Enquiry.objects.exclude(state=State.ERASED).filter(pk=enquiry.pk).update(wants_reminder=wanted)


def _just_said(enquiry: Enquiry, text: str) -> bool:
    last = enquiry.messages.last()
    return bool(last and last.text == text and last.at > timezone.now() - SAME_FOR)


def _count(enquiry: Enquiry) -> None:
    if rate_limits.changes_too_often(enquiry):
        raise RateLimited
