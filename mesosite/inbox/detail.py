"""The page of one enquiry: what the patient wrote, what was done, what can be done."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.inbox.drafts import draft_of
from mesosite.inbox.forms import NoteForm, StateForm, VersionForm, state_form
from mesosite.inbox.lists import Tab

Attempt = tuple[State, StateForm]
_CHANGED_ANSWERS = (Entry.Kind.CORRECTED, Entry.Kind.HEALTH_GIVEN)


def show_detail(
    request: HttpRequest,
    enquiry: Enquiry,
    *,
    tried: Attempt | None = None,
    note_form: NoteForm | None = None,
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of an enquiry, or of its tombstone.

    tried, note_form: a change of state or a note that was refused; what was typed in it stays.
    stale: refused because another person changed the enquiry first.
    """
    stale = stale or bool(enquiry.erased_at and (tried or note_form))
    draft = {} if tried or note_form else draft_of(request, enquiry)
    context: dict[str, Any] = {
        "draft": draft,
        "enquiry": enquiry,
        "tried": tried,
        "typed": tried[1].typed if stale and tried and tried[1].is_valid() else "",
        "stale": stale,
        "refused_note": _lost_note(note_form, draft) if enquiry.erased_at else "",
        "note_form": note_form or NoteForm(initial=draft),
        "timeline": list(enquiry.timeline.select_related("person")),
    }
    template = "inbox/erased.html" if enquiry.erased_at else "inbox/enquiry.html"
    if not enquiry.erased_at:
        context |= _steps(enquiry, tried, draft) | _record(enquiry, context["timeline"])
    return render(request, template, context, status=409 if stale else status)


def _lost_note(form: NoteForm | None, draft: dict[str, str]) -> str:
    """The note that has no place any more."""
    return form.data.get("text", "") if form else draft.get("text", "")


def _record(enquiry: Enquiry, timeline: list[Entry]) -> dict[str, Any]:
    """Messages, notes and mails, the unread messages apart."""
    messages, mails = list(enquiry.messages.all()), list(enquiry.mails.defer("content"))
    unread = _since_staff(timeline) if enquiry.has_news else []
    before = max(0, len(messages) - [entry.kind for entry in unread].count(Entry.Kind.MESSAGE))
    return {
        "back": Tab(State(enquiry.state)),
        "messages_before": messages[:before],
        "messages_new": messages[before:][::-1],
        "corrected": any(entry.kind in _CHANGED_ANSWERS for entry in unread),
        "unread": enquiry.is_unread,
        "version_form": VersionForm(auto_id=False, initial={"version": enquiry.version}),
        "notes": enquiry.notes.select_related("person"),
        "mails": mails,
        "held_back": not any(mail.kind in OutgoingMail.ON_ARRIVAL for mail in mails),
    }


def _since_staff(timeline: Iterable[Entry]) -> list[Entry]:
    """The entries since staff last read the enquiry or changed its state, the latest first.

    A note does not count as reading.
    """
    telling = [entry for entry in timeline if entry.kind != Entry.Kind.NOTED]
    return list(takewhile(lambda entry: not entry.person_id, telling[::-1]))


def _steps(enquiry: Enquiry, tried: Attempt | None, draft: dict[str, str]) -> dict[str, Any]:
    """(state, form) of each state that may follow; a refused form stands in its place."""
    forms = {state: state_form(state, initial=draft) for state in enquiry.next_states}
    if tried and tried[0] in forms:
        forms[tried[0]] = tried[1]
    likely = State.CLOSED if enquiry.state == State.BOOKED else enquiry.next_states[0]
    return {"steps": forms.items(), "likely": likely}
