"""The life of an enquiry: its states, what may follow what, and why one is closed. One table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    BOOKED = "booked", _("Booked")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")
    ERASED = "erased", _("Erased")


class CloseReason(TextChoices):
    VISITED = "visited", _("Visited")
    NO_SHOW = "no_show", _("Did not come")
    DECLINED = "declined", _("Declined")
    UNREACHABLE = "unreachable", _("Could not reach")
    UNDER_18 = "under_18", _("Under 18")
    DUPLICATE = "duplicate", _("Duplicate")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What staff may do next, in the order in which the buttons stand. Any state may also become
# spam, and what is spam may become any state that it could have been: see `next_states`. Erased
# is the end: the patient withdraws, or its time is over (see `erasing`).
TRANSITIONS = {
    State.NEW: (State.IN_PROGRESS, State.WAITING, State.BOOKED, State.CLOSED),
    State.IN_PROGRESS: (State.WAITING, State.BOOKED, State.CLOSED),
    State.WAITING: (State.IN_PROGRESS, State.BOOKED, State.CLOSED),
    State.BOOKED: (State.IN_PROGRESS, State.CLOSED),
    State.CLOSED: (State.IN_PROGRESS,),
    State.SPAM: (State.NEW, State.IN_PROGRESS, State.WAITING, State.BOOKED, State.CLOSED),
    State.ERASED: (),
}


def next_states(state):
    """The states that may follow `state`, spam last."""
    return TRANSITIONS[State(state)] + (
        () if state in (State.SPAM, State.ERASED) else (State.SPAM,)
    )
