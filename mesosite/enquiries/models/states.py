"""The states of an enquiry, which may follow which, and why one is closed."""

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


# The next states that staff can choose, in the order of the buttons. Erased is the end: the patient
# withdrew, or the time to keep the enquiry is over.
TRANSITIONS: dict[State, tuple[State, ...]] = {
    State.NEW: (State.IN_PROGRESS, State.WAITING, State.BOOKED, State.CLOSED, State.SPAM),
    State.IN_PROGRESS: (State.WAITING, State.BOOKED, State.CLOSED, State.SPAM),
    State.WAITING: (State.IN_PROGRESS, State.BOOKED, State.CLOSED, State.SPAM),
    State.BOOKED: (State.IN_PROGRESS, State.CLOSED, State.SPAM),
    State.CLOSED: (State.IN_PROGRESS, State.SPAM),
    State.SPAM: (State.NEW, State.IN_PROGRESS, State.WAITING, State.BOOKED, State.CLOSED),
    State.ERASED: (),
}
