"""Writing takes turns: one transaction at a time on SQLite, in the order in which they came."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TextIO

from django.conf import settings
from django.db import OperationalError, connection, transaction

TIMEOUT = 5  # seconds, as SQLite's own timeout
LOCK_FILE = "db.lock"
# At most 200 threads of a process wait for the lock, even if another process never releases it.
_waiting_threads = threading.BoundedSemaphore(200)


@contextmanager
def write() -> Iterator[None]:
    """A transaction in its turn. Inside another transaction it is a part of that one.

    SQLite's own waiting is unfair: of many writers at once some wait for a second and more. A file
    lock serves them in turn. Raises OperationalError after TIMEOUT seconds of waiting, or where the
    lock file cannot be opened (a full or read-only disk).
    """
    in_turn = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _turn() if in_turn else nullcontext(), transaction.atomic():
        yield


@contextmanager
def _turn() -> Iterator[None]:
    with _lock_file() as file:
        if not _lock_in_time(file):
            raise OperationalError("No turn to write.")
        yield


def _lock_file() -> TextIO:
    try:
        return open(settings.VAR_DIR / LOCK_FILE, "w")
    except OSError as error:
        raise OperationalError("The lock file cannot be opened.") from error


def _lock_in_time(file: TextIO) -> bool:
    """Takes the lock within TIMEOUT. Blocking is fair and polling is not, so a thread waits.

    A thread that still waits when the file is closed gets its lock later, and with it the last
    hold on the file, so that the lock ends at once.
    """
    if _lock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB):
        return True
    if not _waiting_threads.acquire(blocking=False):
        return False
    locked = threading.Event()
    thread = threading.Thread(target=_wait_for_lock, args=(file.fileno(), locked), daemon=True)
    thread.start()
    thread.join(TIMEOUT)
    return locked.is_set()


def _wait_for_lock(descriptor: int, locked: threading.Event) -> None:
    try:
        if _lock(descriptor, fcntl.LOCK_EX):
            locked.set()
    finally:
        _waiting_threads.release()


def _lock(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation)
    except OSError:
        return False
    return True
