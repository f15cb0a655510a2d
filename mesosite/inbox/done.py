"""What a person did last: said above the next page, with Undo, Send now and the next row."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect

from mesosite.enquiries.models import Answer, Enquiry, Entry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.steps import Step
from mesosite.enquiries.undo import can_undo
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.lists.menu import back_to

_KEY = "done"
STAY = (Step.NOTE, Step.READ, Step.URGENT, Step.NOT_URGENT, Step.NOT_SPAM)
"""After these one goes on with the same enquiry."""
_REACHES_PATIENT = (State.CLOSED, State.BOOKED, State.WAITING)
_OF_VISITS = (Entry.Kind.VISIT_MOVED, Entry.Kind.VISIT_CANCELLED)


def lead_on(
    request: StaffRequest, enquiry: Enquiry, step: Step, entry: Entry | None, following: str
) -> HttpResponse:
    """Back to the list, at the row that took the place of this one; or to the same page."""
    if step in STAY or entry is None:
        return redirect("inbox:enquiry", enquiry.code)
    request.session[_KEY] = {"entry": entry.pk, "next": following}
    place = f"#e-{following}" if following else ""
    return redirect(back_to(request) + place)


def forget(request: StaffRequest) -> None:
    request.session.pop(_KEY, None)


def context(request: StaffRequest) -> dict[str, Any]:
    """{"done": entry, "next": enquiry, "reaches_patient": bool} while it can be undone, or {}."""
    kept = request.session.get(_KEY)
    if not kept:
        return {}
    answers = Exists(Answer.objects.filter(entry=OuterRef("pk")))
    entries = Entry.objects.select_related("enquiry").annotate(answers=answers)
    entry = entries.filter(pk=kept["entry"]).first()
    if not entry or not can_undo(entry, entry.enquiry, by=request.user):
        forget(request)
        return {}
    following = Enquiry.objects.with_code(kept["next"]).exclude(state=State.ERASED).first()
    of_visit = entry.kind in _OF_VISITS
    waits = entry.to_state in _REACHES_PATIENT or of_visit or entry.answers
    return {"done": entry, "next": following, "reaches_patient": waits}
