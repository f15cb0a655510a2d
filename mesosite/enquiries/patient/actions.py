"""The actions of patients on their own enquiry, through its link."""

from typing import Any

from django.utils import timezone

from mesosite.enquiries import rate_limits, visits
from mesosite.enquiries.erasure import erase
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import SAME_FOR, current, patient_wrote, priority_of
from mesosite.normal_form import email_key


class RateLimited(Exception):
    """The enquiry has had 20 messages and corrections today: `rate_limits.CHANGES`."""


def add_message(enquiry: Enquiry, text: str) -> Enquiry:
    """Stores a message, once. Returns the row as it is then. Raises RateLimited."""
    with write():
        enquiry = current(enquiry)
        if not _just_said(enquiry, text):
            _count(enquiry)
            enquiry.messages.create(text=text)
            patient_wrote(enquiry, Entry.Kind.MESSAGE)
    return enquiry


def correct(
    enquiry: Enquiry, *, topics: list[str], contact: dict[str, Any], answers: dict[str, Any]
) -> None:
    """Replaces topics, contact details and answers. Raises RateLimited.

    A new email address gets the link. A correction that changes nothing is not stored.
    """
    with write():
        enquiry = current(enquiry)
        given = {"topics": topics, "contact": contact, "answers": answers}
        if any(getattr(enquiry, name) != value for name, value in given.items()):
            _count(enquiry)
            written_to = enquiry.contact.get("email")
            patient_wrote(enquiry, Entry.Kind.CORRECTED, priority=priority_of(topics), **given)
            index.index(enquiry)
            if email_key(contact.get("email") or "") != email_key(written_to or ""):
                if written_to:
                    messages.queue_address_changed(enquiry, written_to)
                messages.redirect_confirmation(enquiry)


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
        changes = {"state": State.IN_PROGRESS, "state_since": timezone.now(), "visit_at": None}
        entry = patient_wrote(enquiry, Entry.Kind.VISIT_CANCELLED, **changes)
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
