"""Changes of an enquiry and the mails that follow: for staff, patient and submission alike.

Each function is one transaction. The rules of a single row (states, constraints, versions) are the
model's.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, Note, Priority, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

# A message or correction of the patient moves an enquiry from these states to "in progress".
_REOPENED_BY_PATIENT = (State.WAITING, State.CLOSED)
# The same note or message again within this time is a second click.
SAME_FOR = timedelta(minutes=10)
HELD_FROM = 5  # a request with this spam score or a higher one arrives among the spam


def change_state(
    enquiry: Enquiry, to: State, *, by: User, visit_at: datetime | None = None, reason: str = ""
) -> None:
    """`Enquiry.change_state`, with its errors. Releases held mails once somebody is to answer."""
    before = enquiry.state
    with write():
        enquiry.change_state(to, by=by, visit_at=visit_at, reason=reason)
        if before in (State.SPAM, State.CLOSED) and to != State.SPAM:
            messages.release(enquiry)
        if to != State.SPAM:
            messages.vouch(enquiry)


def add_note(enquiry: Enquiry, text: str, *, by: User) -> Note:
    """Stores a note of staff for staff. News from the patient stays unread: see `mark_read`.

    The same note of the same person within SAME_FOR is stored once: it is a second click.
    Raises StaleChange where the enquiry was erased meanwhile.
    """
    with write():
        last = enquiry.notes.filter(person=by).last()
        if last and last.text == text and last.at > timezone.now() - SAME_FOR:
            return last
        live = Enquiry.objects.filter(pk=enquiry.pk).exclude(state=State.ERASED)
        if not live.update(touched_at=timezone.now(), warned_at=None):
            raise StaleChange
        enquiry.timeline.create(kind=Entry.Kind.NOTED, person=by)
        return enquiry.notes.create(person=by, text=text)


def arrived_again(enquiry: Enquiry, spam_score: int) -> Enquiry:
    """The same form was sent again, with this score. Returns the row as it is then.

    Opens a closed enquiry. Lifts one out of the spam that was held on arrival and is clean now;
    one that staff put there stays.
    """
    with write():
        enquiry = current(enquiry)
        if enquiry.state == State.CLOSED:
            patient_wrote(enquiry, Entry.Kind.RECEIVED, urgent=enquiry.problem)
        elif spam_score < HELD_FROM and _is_held_on_arrival(enquiry):
            changes: dict[str, Any] = {"state": State.NEW, "state_since": timezone.now()}
            enquiry.change(Entry.Kind.RECEIVED, spam_score=spam_score, seen_at=None, **changes)
            messages.release(enquiry)
    return enquiry


def _is_held_on_arrival(enquiry: Enquiry) -> bool:
    by_staff = enquiry.timeline.filter(to_state=State.SPAM, person__isnull=False)
    return enquiry.state == State.SPAM and not by_staff.exists()


def current(enquiry: Enquiry) -> Enquiry:
    """The row as it is now, locked until the transaction ends. Raises Enquiry.DoesNotExist."""
    return Enquiry.objects.select_for_update().exclude(state=State.ERASED).get(pk=enquiry.pk)


def patient_wrote(
    enquiry: Enquiry, kind: Entry.Kind, *, urgent: bool = False, **changes: Any
) -> None:
    """Stores what a patient changed, starts the time to answer anew, and tells staff.

    urgent: it tells of a problem after a treatment, which no state holds back, not even spam.
    """
    now = timezone.now()
    changes |= {"asked_at": now, "has_news": True, "seen_at": None}
    if urgent:
        changes |= {"problem": True, "priority": Priority.URGENT}
    if enquiry.state in _REOPENED_BY_PATIENT:
        changes |= {"state": State.IN_PROGRESS, "state_since": now}
        changes |= {"visit_at": None, "close_reason": ""}
    elif enquiry.state == State.SPAM and urgent:
        changes |= {"state": State.NEW, "state_since": now}
    enquiry.change(kind, **changes)
    if changes.get("state") == State.NEW:
        messages.release(enquiry)
    if enquiry.state != State.SPAM:
        messages.queue_new_message(enquiry, urgent=urgent)


def priority_of(problem: bool) -> Priority:
    return Priority.URGENT if problem else Priority.NORMAL


def answer_due(enquiry: Enquiry) -> datetime | None:
    """When the patient was told that a person answers (aware), or None: nothing is promised."""
    return None if enquiry.problem else clinic().answer_due(enquiry.asked_at)


def is_urgent_problem(enquiry: Enquiry) -> bool:
    """Whether its patient is told not to wait: a problem that nobody has closed or looked at."""
    waits = enquiry.state in (State.NEW, State.SPAM, State.IN_PROGRESS) or enquiry.has_news
    return enquiry.problem and enquiry.urgent and waits
