"""Enquiries and browsers as tests need them: each test changes one thing."""

from urllib.parse import urlencode

from django.test import Client

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.patient import actions
from tests.enquiries.stored import as_stored


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
    if visit_at := changes.get("visit_at"):
        enquiry.visits.create(at=visit_at)
    enquiry.refresh_from_db()
    return enquiry


def address(enquiry, step=""):
    return f"/staff/e/{enquiry.code}/{step}"


def press(browser, enquiry, step, **data):
    """Presses a button of the form on the page of an enquiry, as it was read at this version."""
    given = {"step": step, "version": enquiry.version, "to": "note", "text": ""}
    return browser.post(address(enquiry, "step/"), given | data)


def erased(enquiry, *, cancel_visit=False):
    """The tombstone of an enquiry that its patient has withdrawn."""
    actions.withdraw(enquiry, cancel_visit=cancel_visit)
    enquiry.refresh_from_db()
    return enquiry


def kept(enquiry):
    """All that a refused step must leave as it is."""
    (row,) = as_stored(Enquiry.objects.filter(pk=enquiry.pk))
    row = {name: value for name, value in row.items() if not name.startswith("opened_")}
    return row | {"timeline": enquiry.timeline.count(), "notes": enquiry.notes.count()}
