"""Secrets that this machine makes for itself and keeps in VAR_DIR, for their owner alone."""

import contextlib
import os
import secrets


def kept_in(path, size):
    """The text of `path`, made of `size` random bytes where there is none yet.

    It appears whole and on the disk, or not at all: several processes may start at once, and a
    key that is lost after it was used is lost with all that it encrypted.
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
    _settle(path.parent)
    return path.read_text()


def _settle(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
