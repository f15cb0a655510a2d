"""What patients do with their own enquiry, through its link: add a message, correct, withdraw."""

import datetime

from django.utils import timezone

from mesosite.enquiries import rate_limits
from mesosite.enquiries.erasure import erase
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Entry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import current, patient_wrote, priority_of

# The same words again so soon are a second click.
_SAME_FOR = datetime.timedelta(minutes=10)


class RateLimited(Exception):
    """The enquiry has had as many messages and corrections today as it may have."""


def add_message(enquiry, text):
    """Store what the patient wrote, once, and put the enquiry before the clinic's eyes again.

    Raises TooOften.
    """
    with write():
        enquiry = current(enquiry)
        if not _just_said(enquiry, text):
            _count(enquiry)
            enquiry.messages.create(text=text)
            patient_wrote(enquiry, Entry.Kind.MESSAGE)
    return enquiry


def correct(enquiry, *, contact, answers, topics=None):
    """Store other contact details and answers in place of those that were given.

    topics: None leaves them as they are. Another email address gets the link. What changes nothing
    is not written. Raises TooOften.
    """
    with write():
        enquiry = current(enquiry)
        given = {"contact": contact, "answers": answers}
        if topics is not None:
            given |= {"topics": topics, "priority": priority_of(topics)}
        if any(getattr(enquiry, name) != value for name, value in given.items()):
            _count(enquiry)
            written_to = enquiry.contact.get("email")
            patient_wrote(enquiry, Entry.Kind.CORRECTED, **given)
            index.index(enquiry)
            if contact.get("email") != written_to:
                messages.redirect_confirmation(enquiry)
    return enquiry


def withdraw(enquiry, *, cancel_visit=None):
    """Erase the enquiry at once.

    cancel_visit: whether staff are told to free the visit's time; None where no visit was to come
    when the patient was asked. Raises StaleChange where one was booked meanwhile.
    """
    with write():
        enquiry = current(enquiry)
        if cancel_visit is None and enquiry.has_visit_to_come:
            raise StaleChange
        cancelled = cancel_visit and enquiry.state == State.BOOKED
        erase(enquiry, keep_visit=cancelled)
        if cancelled:
            messages.queue_free_slot(enquiry)


def _just_said(enquiry, text):
    last = enquiry.messages.last()
    return last and last.text == text and last.at > timezone.now() - _SAME_FOR


def _count(enquiry):
    if rate_limits.changes_too_often(enquiry):
        raise RateLimited
