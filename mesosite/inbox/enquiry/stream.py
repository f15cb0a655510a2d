"""The story of an enquiry, oldest first: words, calls, notes, answers, steps, in one line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.contrib.auth.models import User

from mesosite.enquiries.models import Enquiry, Entry
from mesosite.enquiries.undo import can_undo
from mesosite.inbox.roles import Right, may

_SAID_BY_ITS_WORDS = (Entry.Kind.NOTED, Entry.Kind.MESSAGE, Entry.Kind.ANSWERED)
_SILENT = (Entry.Kind.UNDONE, Entry.Kind.RECEIVED)


@dataclass(frozen=True)
class Item:
    """kind: "step", "note", "answer" or "message". can_undo: by this person, still.

    key: of a note, which this person may strike where `can_strike`.

    new: the patient wrote it, and no member of staff has read it.
    """

    kind: str
    at: datetime
    person: User | None = None
    text: Any = ""
    entry: Entry | None = None
    can_undo: bool = False
    new: bool = False
    key: int = 0
    can_strike: bool = False


def stream(enquiry: Enquiry, timeline: list[Entry], user: User) -> list[Item]:
    """timeline: the entries, oldest first, with their persons."""
    unread = since_staff(timeline) if enquiry.has_news else []
    messages = list(enquiry.messages.all())
    new = len([entry for entry in unread if entry.kind == Entry.Kind.MESSAGE])
    first_new = len(messages) - new
    items = [
        *(_step(entry, enquiry, user, entry in unread) for entry in timeline if _is_shown(entry)),
        *(
            Item("message", message.at, text=message.text, new=n >= first_new)
            for n, message in enumerate(messages)
        ),
        *_words("note", enquiry.notes.select_related("person", "entry"), enquiry, user),
        *_words("answer", enquiry.replies.select_related("person", "entry"), enquiry, user),
    ]
    return sorted(items, key=lambda item: item.at)


def since_staff(timeline: Iterable[Entry]) -> list[Entry]:
    """The entries since staff last read the enquiry or took a step, the latest first.

    A note does not count as reading.
    """
    telling = [entry for entry in timeline if entry.kind != Entry.Kind.NOTED]
    return list(takewhile(lambda entry: not entry.person_id, telling[::-1]))


def _is_shown(entry: Entry) -> bool:
    """Words tell of themselves, unless what they came with was a step too."""
    words = entry.kind in _SAID_BY_ITS_WORDS and not entry.to_state and not entry.undone_at
    return not words and entry.kind not in _SILENT


def _step(entry: Entry, enquiry: Enquiry, user: User, new: bool) -> Item:
    undoable = can_undo(entry, enquiry, by=user)
    return Item("step", entry.at, entry.person, entry=entry, can_undo=undoable, new=new)


def _words(kind: str, rows: Iterable[Any], enquiry: Enquiry, user: User) -> Iterable[Item]:
    for row in rows:
        alone = row.entry and not _is_shown(row.entry)
        undoable = bool(alone) and can_undo(row.entry, enquiry, by=user)
        strikes = kind == "note" and not undoable and (row.person == user or may(user, Right.DATA))
        item = Item(kind, row.at, row.person, row.text, row.entry, undoable)
        yield replace(item, key=row.pk, can_strike=strikes)
