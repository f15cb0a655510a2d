"""The story of an enquiry, oldest first: words, calls, notes, answers, steps, in one line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple, cast

from django.contrib.auth.models import User
from django.db.models import BigIntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from mesosite.enquiries.encryption.fields import EncryptedTextField
from mesosite.enquiries.models import Answer, Enquiry, Entry, Message, Note
from mesosite.enquiries.models.history import AddedText
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


class Text(NamedTuple):
    """A row of a Message, Note or Answer, by its kind. person and entry: their keys."""

    kind: str
    key: int
    at: datetime
    person: int | None
    entry: int | None
    text: Any


_TEXTS: dict[str, type[AddedText]] = {"note": Note, "answer": Answer, "message": Message}


def stream(
    enquiry: Enquiry, timeline: list[Entry], people: Mapping[int, User], user: User
) -> list[Item]:
    """timeline: the entries, oldest first, with their persons. people: all logins by their keys."""
    unread = since_staff(timeline) if enquiry.has_news else []
    texts = _texts(enquiry)
    messages = [text for text in texts if text.kind == "message"]
    new = len([entry for entry in unread if entry.kind == Entry.Kind.MESSAGE])
    first_new = len(messages) - new
    items = [
        *(_step(entry, enquiry, user, entry in unread) for entry in timeline if _is_shown(entry)),
        *(
            Item("message", message.at, text=message.text, new=n >= first_new)
            for n, message in enumerate(messages)
        ),
        *_words(texts, timeline, people, enquiry, user),
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


def _words(
    texts: Iterable[Text],
    timeline: list[Entry],
    people: Mapping[int, User],
    enquiry: Enquiry,
    user: User,
) -> Iterable[Item]:
    entries = {entry.pk: entry for entry in timeline}
    for row in (text for text in texts if text.person):
        entry, person = entries.get(row.entry or 0), people.get(row.person or 0)
        undoable = bool(entry and not _is_shown(entry) and can_undo(entry, enquiry, by=user))
        strikes = row.kind == "note" and not undoable and (person == user or may(user, Right.DATA))
        item = Item(row.kind, row.at, person, row.text, entry, undoable)
        yield replace(item, key=row.key, can_strike=strikes)


def _texts(enquiry: Enquiry) -> list[Text]:
    """All texts that were added to an enquiry, oldest first, in one statement."""
    first, *others = (_stored(kind, enquiry) for kind in _TEXTS)
    found = []
    for kind, key, at, person, entry, row_id, stored in first.union(*others, all=True):
        column = cast(EncryptedTextField, _TEXTS[kind]._meta.get_field("text"))
        text = column.decrypted_at(stored, f"{row_id}.{enquiry.row_id}")
        found.append(Text(kind, key, at, person, entry, text))
    return sorted(found, key=lambda text: (text.at, text.key))


def _stored(kind: str, enquiry: Enquiry) -> QuerySet[Any, Any]:
    """Of messages, which nobody on the staff wrote, person and entry are None."""
    none = Value(None, output_field=BigIntegerField())
    of: dict[str, Any] = {"person_id": none, "entry_id": none} if kind == "message" else {}
    of |= {"kind": Value(kind), "stored": Cast("text", TextField())}
    every: QuerySet[Any] = _TEXTS[kind]._base_manager.order_by()
    rows = every.filter(enquiry=enquiry).annotate(**of)
    return rows.values_list("kind", "pk", "at", "person_id", "entry_id", "row_id", "stored")
