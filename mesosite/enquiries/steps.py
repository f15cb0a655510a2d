"""The steps of staff at the desk on one enquiry: what each changes, and the words that go with it.

Any work on a new or closed enquiry makes it one in progress. An enquiry that is worked on always
has an answer that is owed, or a day on which it comes back (`next_on`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries import visits
from mesosite.enquiries.answer_times import answer_due
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, Priority, StaleChange
from mesosite.enquiries.models.states import AT_WORK, CloseReason, State
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import change_state, same_note

Kind = Entry.Kind
ASK_AGAIN = timedelta(days=7)
"""After an answer, or while we wait for the patient, an enquiry comes back then."""
_MOMENTS = {"answered_at", "seen_at", "due_at"}
Columns = dict[str, Any]
Changes = tuple[Kind, Columns]


class Step(TextChoices):
    """The value of a button of the desk, and what it says."""

    NOTE = "note", _("Add note")
    READ = "read", _("Mark as read")
    ANSWER = "answer", _("Answer")
    SPOKE = "spoke", _("Spoke")
    THEY_CALLED = "they_called", _("They called us")
    NO_ANSWER = "no_answer", _("No answer")
    LEFT_MESSAGE = "left_message", _("Left a message")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    WRITE_AND_CLOSE = "write_and_close", _("Write to them and close")
    TAKE = "take", _("I take this")
    GIVE_BACK = "give_back", _("Give it back")
    HAND_OVER = "hand_over", _("For a clinician")
    WAIT = "wait", _("Wait for the patient")
    NEXT_DAY = "next_day", _("Call again")
    BOOK = "book", _("Book this visit")
    MOVE_VISIT = "move_visit", _("Move the visit")
    CANCEL_VISIT = "cancel_visit", _("Cancel the visit")
    CLOSE = "close", _("Close")
    SAME = "same", _("Same as the other")
    SPAM = "spam", _("Spam")
    NOT_SPAM = "not_spam", _("Not spam")
    URGENT = "urgent", _("Urgent")
    NOT_URGENT = "not_urgent", _("Not urgent")


@dataclass(frozen=True)
class Press:
    """One press of a button at the desk: by whom, and what was given with it.

    answer: words for the patient; note: words for colleagues. day and part: when it comes back.
    visit_at, minutes and person: when, how long and with whom a visit is. same_as: the older
    request of the same person, for which this one is closed.
    """

    step: Step
    by: User
    answer: str = ""
    note: str = ""
    day: date | None = None
    part: str = ""
    visit_at: datetime | None = None
    minutes: int | None = None
    person: User | None = None
    reason: str = ""
    same_as: Enquiry | None = None
    now: datetime = field(default_factory=timezone.now)


def take_step(enquiry: Enquiry, press: Press) -> Entry:
    """Takes a step, with its words, as one entry of the timeline.

    Raises ValidationError where states forbid it, and StaleChange where the enquiry was changed
    since `enquiry.version`.
    """
    if enquiry.state == State.ERASED:
        raise StaleChange
    kind, changes = _changes(enquiry, press)
    with write():
        entry = _change(enquiry, press, kind, changes)
        if press.answer:
            enquiry.replies.create(person=press.by, text=press.answer, entry=entry)
            messages.queue_answer(enquiry, entry)
        if press.step == Step.MOVE_VISIT and press.visit_at:
            at, minutes, person = press.visit_at, press.minutes, press.person
            visits.book(enquiry, entry, at=at, minutes=minutes, person=person)
        if press.note and not same_note(enquiry, press.note, by=press.by):
            enquiry.notes.create(person=press.by, text=press.note, entry=entry)
    return entry


def was_taken(enquiry: Enquiry, press: Press, seen: int) -> bool:
    """Whether this person's own first click took this very step. enquiry: as it is now.

    seen: the version that the person saw.
    """
    last = enquiry.timeline.filter(version=seen + 1).first()
    if enquiry.version != seen + 1 or not last or last.person_id != press.by.pk:
        return False
    kind, changes = _changes(enquiry, press)
    same = all(getattr(enquiry, name) == changes[name] for name in changes.keys() - _MOMENTS)
    words = {row.text for row in (*last.note_set.all(), *last.answer_set.all())}
    return last.kind == kind and same and {press.answer, press.note} - {""} <= words


def _change(enquiry: Enquiry, press: Press, kind: Kind, changes: dict[str, Any]) -> Entry:
    changes = changes | _never_forgotten(enquiry, changes, press.now)
    if "state" in changes:
        to, visit_at = State(changes.pop("state")), changes.pop("visit_at", None)
        reason = changes.pop("close_reason", "")
        visit = {"visit_at": visit_at, "minutes": press.minutes, "person": press.person}
        return change_state(enquiry, to, kind=kind, by=press.by, reason=reason, **visit, **changes)
    changes |= {"has_news": False, "network_hash": ""}
    entry = enquiry.change(kind, by=press.by, undoable=True, **changes)
    messages.vouch(enquiry, entry)
    return entry


def _changes(enquiry: Enquiry, press: Press) -> Changes:
    """What a step makes of an enquiry, with what its words and its work bring along."""
    kind, columns = _STEPS[press.step]
    changes = columns(enquiry, press)
    if press.answer:
        changes = _answered(press) | {"for_clinician": False} | changes
    idle = (State.NEW, State.CLOSED) if press.step in _OWNERSHIP else _NOT_AT_HAND
    if "state" not in changes and press.step not in _NO_WORK and enquiry.state in idle:
        changes["state"] = State.IN_PROGRESS
    return kind, changes


def _never_forgotten(enquiry: Enquiry, changes: Columns, now: datetime) -> Columns:
    """{"next_on": today} where nothing else would bring an open enquiry back."""
    names = ("state", "answered_at", "next_on")
    state, answered_at, next_on = (changes.get(name, getattr(enquiry, name)) for name in names)
    forgotten = state in AT_WORK and answered_at and not next_on
    return {"next_on": timezone.localdate(now)} if forgotten else {}


def _answered(press: Press) -> Columns:
    return {"answered_at": press.now, "next_part": ""} | _back_after(press, ASK_AGAIN)


def _back_after(press: Press, days: timedelta) -> Columns:
    return {"next_on": press.day or timezone.localdate(press.now) + days}


def _talked(enquiry: Enquiry, press: Press) -> Columns:
    return _answered(press)


def _comes_back(enquiry: Enquiry, press: Press) -> Columns:
    return {"next_on": press.day, "next_part": press.part}


def _wait(enquiry: Enquiry, press: Press) -> Columns:
    state = {} if enquiry.state == State.WAITING else {"state": State.WAITING}
    return state | _back_after(press, ASK_AGAIN) | {"next_part": ""}


def _book(enquiry: Enquiry, press: Press) -> Columns:
    """The visit stands on the patient's page, so it is an answer."""
    visit = {"state": State.BOOKED, "visit_at": press.visit_at, "for_clinician": False}
    return visit | _NO_DAY | {"answered_at": enquiry.answered_at or press.now}


def _close(enquiry: Enquiry, press: Press) -> Columns:
    reason = CloseReason.UNREACHABLE if press.step == Step.WRITE_AND_CLOSE else press.reason
    return {"state": State.CLOSED, "close_reason": reason, "for_clinician": False} | _NO_DAY


def _same(enquiry: Enquiry, press: Press) -> Columns:
    """Closed for the older one, where the work goes on. No word moves."""
    duplicate = {"state": State.CLOSED, "close_reason": CloseReason.DUPLICATE}
    other = {"same_as_id": press.same_as.pk if press.same_as else None}
    return duplicate | other | {"for_clinician": False} | _NO_DAY


def _urgent(enquiry: Enquiry, press: Press) -> Columns:
    """An answer is owed, by the clock of what is urgent; an earlier promise stands."""
    promised = enquiry.due_at if enquiry.is_owed else None
    dues = (answer_due(press.now, urgent=True), promised)
    earliest = min((due for due in dues if due), default=None)
    return {"priority": Priority.URGENT, "answered_at": None, "due_at": earliest}


def _just(**changes: Any) -> Callable[[Enquiry, Press], Columns]:
    """A step that makes the same of every enquiry."""
    return lambda enquiry, press: dict(changes)


def _take(enquiry: Enquiry, press: Press) -> Columns:
    return {"owner_id": press.by.pk, "for_clinician": False}


def _read(enquiry: Enquiry, press: Press) -> Columns:
    return {"seen_at": press.now} if enquiry.state == State.SPAM else {}


_NO_DAY: Columns = {"next_on": None, "next_part": ""}
_OWNERSHIP = (Step.TAKE, Step.GIVE_BACK, Step.HAND_OVER)
_NO_WORK = (Step.READ, Step.NOTE, Step.URGENT, Step.NOT_URGENT, Step.WAIT)
_NOT_AT_HAND = (State.NEW, State.CLOSED, State.WAITING)
_STEPS: dict[Step, tuple[Kind, Callable[[Enquiry, Press], Columns]]] = {
    Step.NOTE: (Kind.NOTED, _just()),
    Step.READ: (Kind.READ, _read),
    Step.ANSWER: (Kind.ANSWERED, _just()),
    Step.SPOKE: (Kind.SPOKE, _talked),
    Step.THEY_CALLED: (Kind.THEY_CALLED, _talked),
    Step.NO_ANSWER: (Kind.NO_ANSWER, _comes_back),
    Step.LEFT_MESSAGE: (Kind.LEFT_MESSAGE, _comes_back),
    Step.WRONG_NUMBER: (Kind.WRONG_NUMBER, _just()),
    Step.WRITE_AND_CLOSE: (Kind.NO_ANSWER, _close),
    Step.TAKE: (Kind.TAKEN, _take),
    Step.GIVE_BACK: (Kind.GIVEN_BACK, _just(owner_id=None)),
    Step.HAND_OVER: (Kind.HANDED_OVER, _just(owner_id=None, for_clinician=True)),
    Step.WAIT: (Kind.MOVED, _wait),
    Step.NEXT_DAY: (Kind.NEXT_DAY, _comes_back),
    Step.BOOK: (Kind.MOVED, _book),
    Step.MOVE_VISIT: (Kind.VISIT_MOVED, lambda enquiry, press: {"visit_at": press.visit_at}),
    Step.CANCEL_VISIT: (Kind.VISIT_CANCELLED, _just(state=State.IN_PROGRESS, **_NO_DAY)),
    Step.CLOSE: (Kind.MOVED, _close),
    Step.SAME: (Kind.MOVED, _same),
    Step.SPAM: (Kind.MOVED, _just(state=State.SPAM, **_NO_DAY)),
    Step.NOT_SPAM: (Kind.MOVED, _just(state=State.NEW)),
    Step.URGENT: (Kind.URGENT, _urgent),
    Step.NOT_URGENT: (Kind.NOT_URGENT, _just(priority=Priority.NORMAL)),
}
