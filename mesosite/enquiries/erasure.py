"""Erasure: what a patient gave goes at once, and no backup brings it back.

The ledger is a file beside the database, not in it: a line for each erased enquiry, with the id of
a key and the keyed hash of its code. `replay` erases again what a restored database brought back.

A line is written after the erasure is committed, not before: a withdrawal that failed, as the
patient was told, must not happen at the next start, when a visit may be booked. A process killed
between the two leaves a tombstone without a line; every start and the daily job add it.
"""

import fcntl
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mesosite.enquiries.encryption.keys import Key, keys, primary_key
from mesosite.enquiries.models import Enquiry, LockedError, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write

LEDGER = "erased"
KEPT = {"id", "code", "created_at", "asked_at", "touched_at"}  # columns, as they were
logger = logging.getLogger(__name__)


def erase(enquiry: Enquiry, *, keep_visit: bool = False, even_locked: bool = False) -> None:
    """Leaves a tombstone: code and dates. keep_visit: with the visit, until it is over or free.

    Raises LockedError, StaleChange where the row is no longer at `enquiry.version`, and
    django.db.Error; then nothing is erased. even_locked: what was erased before a backup was put
    back is erased again, whatever its row says.
    """
    if enquiry.is_locked and not even_locked:
        raise LockedError
    last = enquiry.visits.last() if keep_visit else None
    visit = {"visit_at": enquiry.visit_at if last and last.is_cancelled else None}
    with write():
        # The row first: a transaction that adds to it meanwhile waits, and then finds it erased.
        as_seen = Enquiry.objects.filter(pk=enquiry.pk, version=enquiry.version)
        tombstone = _tombstone() | {"version": enquiry.version + 1} | visit
        if not as_seen.exclude(state=State.ERASED).update(**tombstone):
            raise StaleChange
        for name in ("terms", "notes", "replies", "messages", "mails", "timeline"):
            getattr(enquiry, name).all().delete()
        enquiry.visits.exclude(pk=last.pk if last else 0).delete()
        Enquiry.objects.filter(resembles=enquiry).update(resembles=None)
        Enquiry.objects.filter(same_as=enquiry).update(same_as=None)
        transaction.on_commit(partial(_remember_or_log, enquiry.code))
    enquiry.refresh_from_db()


def _tombstone() -> dict[str, Any]:
    """{column: value}. What is not in KEPT is as in an empty enquiry, so a new column is erased."""
    now, empty = timezone.now(), Enquiry(link="")
    erased = {field.name for field in Enquiry._meta.concrete_fields} - KEPT
    blank = {name: getattr(empty, name) for name in erased}
    return blank | {"state": State.ERASED, "state_since": now, "erased_at": now}


def replay() -> int:
    """Erases again what is in the ledger and in the database. Returns the number of enquiries.

    For every start, and after a backup was restored. Raises OSError and django.db.Error.
    """
    erased = _read()
    live = Enquiry.objects.exclude(state=State.ERASED).values_list("pk", "code")
    back = [pk for pk, code in live if any(_line(key, code) in erased for key in keys().values())]
    for pk in back:
        with write():
            erase(Enquiry.objects.select_for_update().get(pk=pk), even_locked=True)
    remember_all()
    return len(back)


def remember(codes: Iterable[str]) -> None:
    """Writes codes into the ledger, under the primary key, and to the disk. Raises OSError."""
    with _ledger_lock():
        lines = _read()
        known = len(lines)
        lines.update(dict.fromkeys(_line(primary_key(), code) for code in codes))
        if len(lines) > known:
            _write(lines)


def remember_all() -> None:
    """Writes into the ledger every tombstone that is not in it yet. Raises OSError."""
    remember(Enquiry.objects.filter(state=State.ERASED).values_list("code", flat=True))


def renew_ledger() -> None:
    """After DATA_KEYS has changed: every tombstone under the primary key too. Raises OSError.

    Lines of keys that are no longer there are dropped: their backups cannot be read either.
    """
    remember_all()
    with _ledger_lock():
        _write(line for line in _read() if line.split(".")[0] in keys())


def _remember_or_log(code: str) -> None:
    try:
        remember([code])
    except OSError as error:
        logger.error("%s is erased, but not in the ledger yet: %s", code, type(error).__name__)


def _line(key: Key, code: str) -> str:
    return f"{key.id}.{key.lookup_hash('erased', code)}"


def _read() -> dict[str, None]:
    """The lines of the ledger, in their order."""
    try:
        text = (settings.VAR_DIR / LEDGER).read_text("ascii", errors="replace")
    except FileNotFoundError:
        return {}
    return dict.fromkeys(text.split())


def _write(lines: Iterable[str]) -> None:
    """Puts a whole new ledger in place of the old one, so that no line is ever half written."""
    path, new = settings.VAR_DIR / LEDGER, settings.VAR_DIR / f"{LEDGER}.new"
    with open(new, "w", opener=private) as file:
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
def _ledger_lock() -> Iterator[None]:
    with open(settings.VAR_DIR / f"{LEDGER}.lock", "w", opener=private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def private(path: str, flags: int) -> int:
    """An opener of files that their owner alone can read."""
    return os.open(path, flags, 0o600)
