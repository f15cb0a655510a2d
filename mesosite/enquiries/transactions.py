"""Writing takes turns: one transaction at a time on SQLite, in the order in which they asked."""

import fcntl
import threading
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction

TIMEOUT = 5  # seconds, as SQLite's own timeout
LOCK_FILE = "db.lock"
# A lock that somebody holds for ever shall not fill the process with threads that wait for it.
_places = threading.BoundedSemaphore(200)


@contextmanager
def write():
    """A transaction that had its turn. Inside another one it is a part of that.

    SQLite's own waiting is unfair: of many writers at once some wait for a second and more. A lock
    on a file lets them in by turns. Raises OperationalError after PATIENCE seconds of waiting, or
    where the file cannot be opened (a full or read-only disk).
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _turn(), transaction.atomic():
        yield


@contextmanager
def _turn():
    with _lock_file() as file:
        if not _locked(file):
            raise OperationalError("No turn to write.")
        yield


def _lock_file():
    try:
        return open(settings.VAR_DIR / LOCK_FILE, "w")
    except OSError as error:
        raise OperationalError("The lock file cannot be opened.") from error


def _locked(file):
    """Whether the lock was had in time. Blocking is fair, polling is not, so a thread waits.

    A thread that still waits when the file is closed gets its lock later, and with it the last
    hold on the file, so that the lock ends at once.
    """
    if _had(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB):
        return True
    if not _places.acquire(blocking=False):
        return False
    had = []
    waiting = threading.Thread(target=_wait, args=(file.fileno(), had), daemon=True)
    waiting.start()
    waiting.join(TIMEOUT)
    return bool(had)


def _wait(descriptor, had):
    try:
        if _had(descriptor, fcntl.LOCK_EX):
            had.append(True)
    finally:
        _places.release()


def _had(descriptor, how):
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        return False
    return True
