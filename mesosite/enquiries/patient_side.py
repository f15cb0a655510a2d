"""What patients do with their own enquiry, through its link: add a message, correct, withdraw."""

import datetime

from django.utils import timezone

from mesosite.enquiries import emails, searching, spam
from mesosite.enquiries.erasing import erase
from mesosite.enquiries.life import State
from mesosite.enquiries.models import Enquiry, Entry, StaleChange
from mesosite.enquiries.receiving import priority_of
from mesosite.enquiries.writing import writing

# Who waits for the patient goes on now, and what was closed is looked at again.
_GOES_ON = (State.WAITING, State.CLOSED)


# The same words again so soon are a second click.
_SAME_FOR = datetime.timedelta(minutes=10)


class TooOften(Exception):
    """The enquiry has had as many messages and corrections today as it may have."""


def ask_again(enquiry):
    """The patient sent the same request again after it was closed: it is looked at again."""
    with writing():
        enquiry = _now(enquiry)
        if enquiry.state == State.CLOSED:
            _patient_wrote(enquiry, Entry.Kind.RECEIVED)


def add_message(enquiry, text):
    """Store what the patient wrote, once, and put the enquiry before the clinic's eyes again.

    Raises TooOften.
    """
    with writing():
        enquiry = _now(enquiry)
        if not _just_said(enquiry, text):
            _count(enquiry)
            enquiry.messages.create(text=text)
            _patient_wrote(enquiry, Entry.Kind.MESSAGE)
    return enquiry


def correct(enquiry, *, contact, answers, topics=None):
    """Store other contact details and answers in place of those that were given.

    topics: None leaves them as they are. Another email address gets the link. What changes nothing
    is not written. Raises TooOften.
    """
    with writing():
        enquiry = _now(enquiry)
        given = {"contact": contact, "answers": answers}
        if topics is not None:
            given |= {"topics": topics, "priority": priority_of(topics)}
        if any(getattr(enquiry, name) != value for name, value in given.items()):
            _count(enquiry)
            written_to = enquiry.contact.get("email")
            _patient_wrote(enquiry, Entry.Kind.CORRECTED, **given)
            searching.index(enquiry)
            if contact.get("email") != written_to:
                emails.redirect_confirmation(enquiry)
    return enquiry


def withdraw(enquiry, *, cancel_visit=None):
    """Erase the enquiry at once.

    cancel_visit: whether staff are told to free the visit's time; None where no visit was to come
    when the patient was asked. Raises StaleChange where one was booked meanwhile.
    """
    with writing():
        enquiry = _now(enquiry)
        if cancel_visit is None and enquiry.has_visit_to_come:
            raise StaleChange
        cancelled = cancel_visit and enquiry.state == State.BOOKED
        erase(enquiry, keep_visit=cancelled)
        if cancelled:
            emails.queue_free_slot(enquiry)


def _now(enquiry):
    """The row as it is, and nobody else's until the transaction ends."""
    return Enquiry.objects.select_for_update().exclude(state=State.ERASED).get(pk=enquiry.pk)


def _just_said(enquiry, text):
    last = enquiry.messages.last()
    return last and last.text == text and last.at > timezone.now() - _SAME_FOR


def _count(enquiry):
    if spam.changes_too_often(enquiry):
        raise TooOften


def _patient_wrote(enquiry, kind, **changes):
    now = timezone.now()
    changes |= {"asked_at": now, "has_news": True, "seen_at": None}
    if enquiry.state in _GOES_ON:
        changes |= {"state": State.IN_PROGRESS, "state_since": now}
        changes |= {"visit_at": None, "close_reason": ""}
    enquiry.change(kind, **changes)
    if enquiry.state != State.SPAM:
        emails.queue_new_message(enquiry)
