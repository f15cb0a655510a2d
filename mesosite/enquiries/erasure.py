"""Erasing: what a patient gave goes at once, and no backup brings it back.

The ledger is a file beside the database, not in it: a line for each erased enquiry, with the id of
a key and the keyed hash of its code. `replay` erases again whatever a restored database has brought
back.

A line is written when the erasing is committed, not before: a withdrawal that failed, and that the
patient was told had failed, must not come true at the next start, when a visit may be booked. Who
is killed between the two leaves a tombstone without a line; every start and every day catch up.
"""

import fcntl
import logging
import os
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mesosite.enquiries.encryption.keys import keys, primary_key
from mesosite.enquiries.models import Enquiry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write

LEDGER = "erased"
logger = logging.getLogger(__name__)


def erase(enquiry, *, keep_visit=False):
    """Make a tombstone of it: code and dates. keep_visit: the visit's time, until it is free.

    Raises StaleChange where the row is no longer at `enquiry.version`, and django.db.Error; then
    nothing is erased.
    """
    visit_at = enquiry.visit_at if keep_visit else None
    with write():
        # The row first: who adds to it meanwhile waits for it, and then finds it erased.
        seen = Enquiry.objects.filter(pk=enquiry.pk, version=enquiry.version)
        blank = _blank() | {"version": enquiry.version + 1, "visit_at": visit_at}
        if not seen.exclude(state=State.ERASED).update(**blank):
            raise StaleChange
        for related in (enquiry.terms, enquiry.notes, enquiry.messages, enquiry.mails):
            related.all().delete()
        enquiry.timeline.all().delete()
        Enquiry.objects.filter(resembles=enquiry).update(resembles=None)
        transaction.on_commit(partial(_write_down, enquiry.code))
    enquiry.refresh_from_db()


def _blank():
    """What a tombstone holds in place of what was given: {column: value}."""
    now, fresh = timezone.now(), Enquiry(link="")
    given = {name: getattr(fresh, name) for name in _GIVEN}
    return given | {"state": State.ERASED, "state_since": now, "erased_at": now}


_GIVEN = (
    *("topics", "contact", "answers", "close_reason", "link", "link_hash", "consent"),
    *("consented_at", "has_news", "warned_at", "seen_at", "token_hash", "sent_hash", "resembles"),
    *("priority", "spam_score", "is_crowded"),
)


def replay():
    """Erase again what stands in the ledger and is in the database. Returns how many.

    For every start, and after a backup was put back. Raises OSError and django.db.Error.
    """
    erased = _lines()
    live = Enquiry.objects.exclude(state=State.ERASED).values_list("pk", "code")
    back = [pk for pk, code in live if any(_line(key, code) in erased for key in keys().values())]
    for pk in back:
        with write():
            erase(Enquiry.objects.select_for_update().get(pk=pk))
    remember_all()
    return len(back)


def remember(codes):
    """Write codes into the ledger, under the first key, and onto the disk. Raises OSError."""
    with _ledger_alone():
        lines = _lines()
        known = len(lines)
        lines.update(dict.fromkeys(_line(primary_key(), code) for code in codes))
        if len(lines) > known:
            _write(lines)


def remember_all():
    """Write into the ledger every tombstone that is not in it yet. Raises OSError."""
    remember(Enquiry.objects.filter(state=State.ERASED).values_list("code", flat=True))


def renew_ledger():
    """After DATA_KEYS has changed: every tombstone under the first key too. Raises OSError.

    Lines under keys that are gone go too: a backup that they would be for cannot be read either.
    """
    remember_all()
    with _ledger_alone():
        _write(line for line in _lines() if line.split(".")[0] in keys())


def _write_down(code):
    try:
        remember([code])
    except OSError as error:
        logger.error("%s is erased, but not in the ledger yet: %s", code, type(error).__name__)


def _line(key, code):
    return f"{key.id}.{key.lookup_hash('erased', code)}"


def _lines():
    """The lines of the ledger as the keys of a dict, in their order."""
    try:
        text = (settings.VAR_DIR / LEDGER).read_text("ascii", errors="replace")
    except FileNotFoundError:
        return {}
    return dict.fromkeys(text.split())


def _write(lines):
    """Put a whole new ledger in place of the old one, so that no line is ever half written."""
    path, new = settings.VAR_DIR / LEDGER, settings.VAR_DIR / f"{LEDGER}.new"
    with open(new, "w", opener=_private) as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(settings.VAR_DIR, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _ledger_alone():
    with open(settings.VAR_DIR / f"{LEDGER}.lock", "w", opener=_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _private(path, flags):
    return os.open(path, flags, 0o600)
