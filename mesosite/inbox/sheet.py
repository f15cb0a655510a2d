"""One enquiry as staff see it: all that the patient wrote, what was done, what can be done."""

from django.shortcuts import render

from mesosite.enquiries.life import State
from mesosite.inbox.forms import NoteForm, move_form
from mesosite.inbox.tabs import Tab


def show_sheet(request, enquiry, *, tried=None, note_form=None, stale=False, status=200):
    """The page of one enquiry.

    tried: (state, bound form) of a step that was refused; what was typed in it stays.
    stale: it was refused since somebody else changed the enquiry first.
    """
    context = {
        "enquiry": enquiry,
        "back": Tab(State(enquiry.state)),
        "steps": _steps(enquiry, tried, stale),
        "likely": State.CLOSED if enquiry.state == State.BOOKED else enquiry.next_states[0],
        "tried": tried,
        "stale": stale,
        "note_form": note_form or NoteForm(),
        "notes": enquiry.notes.select_related("person"),
        "timeline": enquiry.timeline.select_related("person"),
    }
    return render(request, "inbox/enquiry.html", context, status=status)


def _steps(enquiry, tried, stale):
    """(state, form) of each state that may follow, with the form that was refused in its place."""
    forms = {state: move_form(state, version=enquiry.version) for state in enquiry.next_states}
    if tried and tried[0] in forms:
        forms[tried[0]] = _renewed(enquiry, *tried) if stale else tried[1]
    return forms.items()


def _renewed(enquiry, state, form):
    """What was typed, on the version that the person sees now."""
    return move_form(state, form.data.dict() | {"version": enquiry.version})
