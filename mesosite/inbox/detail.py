"""One enquiry as staff see it: all that the patient wrote, what was done, what can be done."""

from itertools import takewhile

from django.shortcuts import render

from mesosite.enquiries.models import Entry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.inbox.forms import NoteForm, VersionForm, state_form
from mesosite.inbox.lists import Tab

SENT_ON_ARRIVAL = (OutgoingMail.Kind.CONFIRMATION, OutgoingMail.Kind.NEW_ENQUIRY)


def show_detail(request, enquiry, *, tried=None, note_form=None, stale=False, status=200):
    """The page of one enquiry, or of what is left of it.

    tried: (state, bound form) of a step that was refused; what was typed in it stays. note_form:
    the same of a note. stale: refused since somebody else changed the enquiry first.
    """
    stale = stale or bool(enquiry.erased_at and (tried or note_form))
    context = {
        "enquiry": enquiry,
        "tried": tried,
        "typed": tried[1].typed if stale and tried and tried[1].is_valid() else "",
        "stale": stale,
        "refused_note": note_form.data.get("text", "") if stale and note_form else "",
        "note_form": note_form or NoteForm(),
        "timeline": list(enquiry.timeline.select_related("person")),
    }
    template = "inbox/erased.html" if enquiry.erased_at else "inbox/enquiry.html"
    if not enquiry.erased_at:
        context |= _steps(enquiry, tried, stale) | _record(enquiry, context["timeline"])
    return render(request, template, context, status=409 if stale else status)


def _record(enquiry, timeline):
    """What was written and mailed, with what nobody has read yet apart."""
    messages, mails = list(enquiry.messages.all()), list(enquiry.mails.defer("content"))
    unread = _since_staff(timeline) if enquiry.has_news else []
    before = max(0, len(messages) - [entry.kind for entry in unread].count(Entry.Kind.MESSAGE))
    return {
        "back": Tab(State(enquiry.state)),
        "messages_before": messages[:before],
        "messages_new": messages[before:][::-1],
        "corrected": any(entry.kind == Entry.Kind.CORRECTED for entry in unread),
        "unread": enquiry.is_unread,
        "version_form": VersionForm(auto_id=False, initial={"version": enquiry.version}),
        "notes": enquiry.notes.select_related("person"),
        "mails": mails,
        "held_back": not any(mail.kind in SENT_ON_ARRIVAL for mail in mails),
    }


def _since_staff(timeline):
    """The entries since somebody of the staff read it or took a step, the latest first.

    A note says nothing of what was read: where it was, an entry of its own says so.
    """
    telling = [entry for entry in timeline if entry.kind != Entry.Kind.NOTED]
    return list(takewhile(lambda entry: not entry.person_id, reversed(telling)))


def _steps(enquiry, tried, stale):
    """(state, form) of each state that may follow, with the form that was refused in its place."""
    forms = {state: state_form(state, version=enquiry.version) for state in enquiry.next_states}
    if tried and tried[0] in forms:
        forms[tried[0]] = _renewed(enquiry, *tried) if stale else tried[1]
    likely = State.CLOSED if enquiry.state == State.BOOKED else enquiry.next_states[0]
    return {"steps": forms.items(), "likely": likely}


def _renewed(enquiry, state, form):
    """What was typed, on the version that the person sees now."""
    return state_form(state, form.data.dict() | {"version": enquiry.version})
