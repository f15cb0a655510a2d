"""A step of staff can be undone for UNDO_FOR. Until then the patient sees nothing of it.

Its mails wait as long (`OutgoingMail.entry`), and so do its answer and what it changes on the
patient's page, unless they are sent at once.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import UNDO_FOR, Answer, Enquiry, Entry, Note, StaleChange, Visit
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write


@dataclass(frozen=True)
class Undone:
    """The enquiry, and the words that came with the step: they are typed again into the box."""

    enquiry: Enquiry
    answer: str
    note: str


def undo(entry: Entry, *, by: User) -> Undone:
    """Takes a step back, with its note or answer and the mails that wait because of it.

    Raises StaleChange where it is another person's, too late, sent, or no longer the last one.
    """
    with write():
        enquiry, entry = _current(entry, by)
        answer, note = entry.answer_set.first(), entry.note_set.first()
        entry.mails.unsent().filter(tries=0).delete()
        enquiry.change(Entry.Kind.UNDONE, by=by, **columns_before(entry))
        Entry.objects.filter(pk=entry.pk).update(undone_at=timezone.now())
        Answer.objects.filter(entry=entry).delete()
        Note.objects.filter(entry=entry).delete()
        Visit.objects.filter(entry=entry).delete()
        messages.restore_confirmation(enquiry)
    return Undone(enquiry, str(answer.text) if answer else "", str(note.text) if note else "")


def send_now(entry: Entry, *, by: User) -> Enquiry:
    """The patient sees the step now, and its mails leave. Raises StaleChange as `undo` does."""
    with write():
        enquiry, entry = _current(entry, by)
        Entry.objects.filter(pk=entry.pk).update(undo=None)
        entry.mails.unsent().filter(tries=0).update(next_try_at=timezone.now())
    return enquiry


def can_undo(entry: Entry, enquiry: Enquiry, *, by: User) -> bool:
    """enquiry: as it is now."""
    last = entry.version == enquiry.version and enquiry.state != State.ERASED
    return bool(last and entry.is_pending and entry.person_id == by.pk)


def as_patient_sees(enquiry: Enquiry, timeline: Iterable[Entry] | None = None) -> Enquiry:
    """A copy of the enquiry as it was before the steps that can be undone still.

    timeline: its entries, oldest first, where they are read already.
    """
    seen = copy.copy(enquiry)
    if timeline is None:
        timeline = enquiry.timeline.filter(at__gt=timezone.now() - UNDO_FOR)
    for entry in [*timeline][::-1]:
        if entry.kind == Entry.Kind.UNDONE or entry.undone_at or entry.version is None:
            continue
        if not entry.is_pending:  # the patient wrote, or it was sent at once: all before it stands
            break
        for name, value in columns_before(entry).items():
            setattr(seen, name, value)
    return seen


def columns_before(entry: Entry) -> dict[str, Any]:
    """{column of the enquiry: its value before the step}."""
    fields = {field.attname: field for field in Enquiry._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in (entry.undo or {}).items()}


def _current(entry: Entry, by: User) -> tuple[Enquiry, Entry]:
    """Both as they are now, locked until the transaction ends."""
    enquiry = Enquiry.objects.select_for_update().get(pk=entry.enquiry_id)
    now = Entry.objects.filter(pk=entry.pk).first()
    if now is None or not can_undo(now, enquiry, by=by):
        raise StaleChange
    return enquiry, now
