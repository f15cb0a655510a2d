"""Changes of an enquiry and the mails that follow: for staff, patient and submission alike.

Each function is one transaction. The rules of a single row (states, constraints, versions) are the
model's; the steps of staff at the desk are in `steps`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from mesosite.enquiries import visits
from mesosite.enquiries.answer_times import answer_due
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, Note, Priority, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write

# A message or correction of the patient moves an enquiry from these states to "in progress".
_REOPENED_BY_PATIENT = (State.WAITING, State.CLOSED)
# The same note or message again within this time is a second click.
SAME_FOR = timedelta(minutes=10)
HELD_FROM = 5  # a request with this spam score or a higher one arrives among the spam


def change_state(
    enquiry: Enquiry,
    to: State,
    *,
    by: User,
    visit_at: datetime | None = None,
    minutes: int | None = None,
    person: User | None = None,
    reason: str = "",
    **also: Any,
) -> Entry:
    """`Enquiry.change_state`, with its errors. Releases held mails once somebody is to answer.

    visit_at, minutes, person: when, how long and with whom the visit is that is booked. Any other
    state cancels a visit that is still to come.
    """
    before = enquiry.state
    with write():
        vouched = {} if to == State.SPAM else {"network_hash": ""}
        entry = enquiry.change_state(to, by=by, visit_at=visit_at, reason=reason, **vouched | also)
        if before in (State.SPAM, State.CLOSED) and to != State.SPAM:
            messages.release(enquiry, entry)
        if to != State.SPAM:
            messages.vouch(enquiry, entry)
        if to == State.BOOKED and visit_at:
            visits.book(enquiry, entry, at=visit_at, minutes=minutes, person=person)
        elif before == State.BOOKED:
            visits.cancel(enquiry, entry)
    return entry


def add_note(enquiry: Enquiry, text: str, *, by: User) -> Note:
    """Stores a note of staff for staff. News from the patient stays unread: see `mark_read`.

    The same note of the same person within SAME_FOR is stored once: it is a second click.
    Raises StaleChange where the enquiry was erased meanwhile.
    """
    with write():
        if note := same_note(enquiry, text, by=by):
            return note
        live = Enquiry.objects.filter(pk=enquiry.pk).exclude(state=State.ERASED)
        if not live.update(touched_at=timezone.now(), warned_at=None):
            raise StaleChange
        version = live.values_list("version", flat=True).get()
        kind = Entry.Kind.NOTED
        entry = enquiry.timeline.create(kind=kind, person=by, version=version, undo={})
        return enquiry.notes.create(person=by, text=text, entry=entry)


def same_note(enquiry: Enquiry, text: str, *, by: User) -> Note | None:
    """The last note of this person, where it is the same and was written within SAME_FOR."""
    last = enquiry.notes.filter(person=by).last()
    same = last and last.text == text and last.at > timezone.now() - SAME_FOR
    return last if same else None


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
) -> Entry:
    """Stores what a patient changed, starts the time to answer, and tells staff.

    urgent: it tells of a problem after a treatment, which no state holds back, not even spam.
    """
    now = timezone.now()
    if urgent:
        changes |= {"problem": True, "priority": Priority.URGENT}
    priority = changes.get("priority", enquiry.priority)
    changes |= {"asked_at": now, "has_news": True, "seen_at": None}
    changes |= {"due_at": _promise(enquiry, now, priority), "answered_at": None}
    changes |= {"next_on": None, "next_part": ""}
    if enquiry.state in _REOPENED_BY_PATIENT:
        changes |= {"state": State.IN_PROGRESS, "state_since": now}
        changes |= {"visit_at": None, "close_reason": ""}
    elif enquiry.state == State.SPAM and urgent:
        changes |= {"state": State.NEW, "state_since": now}
    entry = enquiry.change(kind, **changes)
    if changes.get("state") == State.NEW:
        messages.release(enquiry)
    if enquiry.state != State.SPAM:
        messages.queue_new_message(enquiry, urgent=urgent)
    return entry


def _promise(enquiry: Enquiry, now: datetime, priority: int) -> datetime | None:
    """By when somebody who writes now is answered: never later than promised already."""
    due = answer_due(now, urgent=priority == Priority.URGENT)
    promised = enquiry.due_at if enquiry.answered_at is None else None
    if enquiry.state == State.CLOSED or not promised:
        return due
    return min(promised, due) if due else promised


def priority_of(problem: bool) -> Priority:
    return Priority.URGENT if problem else Priority.NORMAL


def is_urgent_problem(enquiry: Enquiry) -> bool:
    """Whether its patient is told not to wait: a problem that nobody has answered or looked at."""
    waits = enquiry.answered_at is None and enquiry.state not in _REOPENED_BY_PATIENT
    return enquiry.problem and enquiry.urgent and waits
