"""The states of an enquiry, which may follow which, and why one is closed."""

from django.db.models import BooleanField, F, Func, Q, TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    BOOKED = "booked", _("Booked")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")
    ERASED = "erased", _("Erased")


AT_WORK = (State.NEW, State.IN_PROGRESS, State.WAITING)
OPEN = (*AT_WORK, State.BOOKED)
"""The states in which somebody works on an enquiry, or it has a visit to come."""
ENDED = (State.CLOSED, State.SPAM, State.ERASED)


def is_open(column: str = "state") -> Q:
    """It says what a state is not: of a list of what it is, databases look for each alone."""
    ended = ", ".join(f"'{state}'" for state in ENDED)
    return _written_out(column, f"NOT IN ({ended})")


def is_spam() -> Q:
    return _written_out("state", f"= '{State.SPAM}'")


def _written_out(column: str, test: str) -> Q:
    """A condition in words of SQL: SQLite uses no partial index where the query binds a part."""
    template = f"(%(expressions)s {test})"
    return Q(Func(F(column), template=template, output_field=BooleanField()))


class CloseReason(TextChoices):
    VISITED = "visited", _("Visited")
    NO_SHOW = "no_show", _("Did not come")
    DECIDED_AGAINST = "against", _("Patient decided against it")
    CANNOT_HELP = "cannot_help", _("We cannot help")
    UNREACHABLE = "unreachable", _("Could not reach")
    UNDER_18 = "under_18", _("Under 18")
    DUPLICATE = "duplicate", _("Same as another request")
    # Of old closings: they keep their word, and no new one gets it.
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OFFERED_REASONS = tuple(
    reason for reason in CloseReason if reason not in (CloseReason.DECLINED, CloseReason.WITHDRAWN)
)


# The states to which a step of staff may lead. Any work on a new or closed enquiry makes it one in
# progress. Erased is the end: the patient withdrew, or the time to keep the enquiry is over.
TRANSITIONS: dict[State, tuple[State, ...]] = {
    State.NEW: (State.IN_PROGRESS, State.WAITING, State.BOOKED, State.CLOSED, State.SPAM),
    State.IN_PROGRESS: (State.WAITING, State.BOOKED, State.CLOSED, State.SPAM),
    State.WAITING: (State.IN_PROGRESS, State.BOOKED, State.CLOSED, State.SPAM),
    State.BOOKED: (State.IN_PROGRESS, State.CLOSED, State.SPAM),
    State.CLOSED: (State.IN_PROGRESS, State.WAITING, State.BOOKED, State.SPAM),
    State.SPAM: (State.NEW, State.IN_PROGRESS, State.WAITING, State.BOOKED, State.CLOSED),
    State.ERASED: (),
}
