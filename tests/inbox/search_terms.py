"""Enquiries and browsers as tests need them: each test changes one thing."""

from urllib.parse import urlencode

from django.test import Client

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.patient import actions


class Browser(Client):
    """Posts forms as browsers do, the only way in which the site takes them."""

    def post(self, path, data=None, **extra):
        body = urlencode({"csrfmiddlewaretoken": ""} | (data or {}), doseq=True)
        return super().post(path, body, "application/x-www-form-urlencoded", **extra)


def ask(*, contact=None, answers=None, topics=("peel",), problem=False, suspect=False, **changes):
    """An enquiry as it arrives, a day after any other with the same answers.

    `changes` go into the row past every rule: times, state.
    """
    enquiry = submit(
        topics=list(topics),
        problem=problem,
        contact={"name": "Μαρία Παπά", "email": "m@example.org", "contact_by": "email"}
        | {"language": "en"}
        | (contact or {}),
        answers={"message": "", "questions": [], "health": [], "scar_types": []} | (answers or {}),
        honeypot=suspect,
    ).enquiry
    Enquiry.objects.filter(pk=enquiry.pk).update(**{"sent_hash": None} | changes)
    enquiry.refresh_from_db()
    return enquiry


def erased(enquiry, *, cancel_visit=False):
    """The tombstone of an enquiry that its patient has withdrawn."""
    actions.withdraw(enquiry, cancel_visit=cancel_visit)
    enquiry.refresh_from_db()
    return enquiry


def kept(enquiry):
    """All that a refused step must leave as it is."""
    row = Enquiry.objects.values().get(pk=enquiry.pk)
    return row | {"timeline": enquiry.timeline.count(), "notes": enquiry.notes.count()}
