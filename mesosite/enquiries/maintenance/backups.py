"""Backup and restoring of the whole database. The ledger of `erasure` is not part of a backup.

SQLite copies itself; PostgreSQL is copied by its own programs. A copy holds what the database
holds: what patients gave as ciphertext (except the topics), which nobody reads without DATA_KEYS,
and the logins of staff with their password hashes.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django import db
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from mesosite.enquiries.audit import carry_over
from mesosite.enquiries.audit.checks import protect
from mesosite.enquiries.audit.record import record
from mesosite.enquiries.erasure import private, remember_all, replay
from mesosite.enquiries.models import Event, Upkeep

RUNNING = "running"  # the file in VAR_DIR that every process which uses the database locks


class BackupError(Exception):
    """Why nothing was copied or restored, in words for the operator."""


def back_up(path: Path) -> None:
    """Copies the database into the new file `path`, which only its owner can read.

    Notes when, so that the site can tell how old its last backup is. Raises BackupError, OSError
    and django.db.Error; then there is no such file.
    """
    if path.exists():
        raise BackupError(f"{path} is there already.")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600
    try:
        _copy_to(name)
        os.fsync(handle)
        Upkeep.done(Upkeep.Task.BACKUP)
        os.rename(name, path)
    except BaseException:
        os.unlink(name)
        raise
    finally:
        os.close(handle)


@contextmanager
def site_running() -> Iterator[None]:
    """Prevents restoring in this process and in those that it forks meanwhile.

    Raises BackupError while a backup is being restored.
    """
    with _locked(fcntl.LOCK_SH, "A backup is being put back: start again when that is done."):
        yield


def restore(path: Path) -> int:
    """Puts the copy `path` in place of the database. Returns how many were erased again.

    Raises BackupError. Until the whole copy is in its place, the database is as it was.
    """
    if not path.is_file():
        raise BackupError(f"{path} is not there.")
    with _locked(fcntl.LOCK_EX, "Stop the site first, and the mail sender with it."):
        return _restore(path)


def _restore(path: Path) -> int:
    try:
        carry_over.put_back()  # of a restore that was killed
        remember_all()
        carry_over.save()
    except db.Error:  # a new database, or a broken one
        connection.close()
    _replace_with(path)
    call_command("migrate", interactive=False, verbosity=0)
    Session.objects.all().delete()  # a login that has ended stays so
    carry_over.put_back()
    protect()
    record(Event.RESTORED, None, None)
    return replay()


@contextmanager
def _locked(operation: int, message: str) -> Iterator[None]:
    """The lock on the file RUNNING. It ends with the last process that has the file open."""
    with open(settings.VAR_DIR / RUNNING, "w", opener=private) as file:
        try:
            fcntl.flock(file, operation | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(message) from error
        yield


def _copy_to(name: str) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [name])
    else:
        _run("pg_dump", "--format=custom", f"--file={name}")


def _replace_with(path: Path) -> None:
    if connection.vendor == "sqlite":
        try:
            _replace_sqlite_with(path)
        except (sqlite3.Error, db.Error) as error:
            raise BackupError(
                f"{path} or the database cannot be read. If it is the database, move it away."
            ) from error
    else:
        connection.close()
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run("pg_restore", *options, str(path), "--dbname")


def _replace_sqlite_with(path: Path) -> None:
    """In one transaction of SQLite's own: killed in it, the process leaves the old database."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        copy.execute("SELECT 1 FROM enquiries_enquiry LIMIT 1")
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError(f"{path} is damaged.")
        connection.ensure_connection()
        copy.backup(connection.connection, progress=_refuse_if_busy)
    connection.close()


def _refuse_if_busy(status: int, _left: int, _total: int) -> None:
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise BackupError("Somebody uses the database: stop the site and the mail sender first.")


def _run(program: str, *parameters: str) -> None:
    """Runs a program of PostgreSQL. The database's name goes last, its password not at all."""
    if not shutil.which(program):
        raise BackupError(f"{program} is not there: install PostgreSQL's client programs.")
    arguments, environment = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, parameters
    )
    command = [program, *arguments[1:]]
    done = subprocess.run(command, env=os.environ | (environment or {}), check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program} failed.")
