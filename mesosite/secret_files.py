"""Secrets: made on this machine, in VAR_DIR, or read from the environment."""

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

Read = TypeVar("Read")


def kept_in(path: Path, size: int) -> str:
    """The text of `path`, made of `size` random bytes where the file is missing. Raises OSError.

    The file appears whole and on the disk, or not at all: several processes may start at once, and
    with a lost key all that it encrypted is lost.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.read_text()
    made = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(made, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(size))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was first
        os.link(made, path)
    made.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return path.read_text()


def read_keys(text: str) -> list[bytes]:
    """DATA_KEYS as bytes. The first key encrypts, all of them decrypt."""
    try:
        keys = [base64.urlsafe_b64decode(f"{key.strip()}==") for key in text.split(",")]
    except ValueError:
        keys = []
    if not keys or any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured(
            "DATA_KEYS is one key, or several with commas between: each 32 random bytes in "
            "base64url, as `python -c 'import secrets; print(secrets.token_urlsafe(32))'` makes."
        )
    return keys


def read_url(env: environ.Env, variable: str, default: str, read: Callable[[str], Read]) -> Read:
    """`read` of the variable. No error quotes the value, which holds a password."""
    try:
        return read(env.str(variable, default="") or default)
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{variable} cannot be read. In a password @ is written as %40, : as %3A, / as %2F."
        ) from None
