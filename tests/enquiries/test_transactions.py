"""Who waits for a turn to write: for so long, and without leaving anything behind."""

import fcntl
import os
import threading

import pytest
from django.db import OperationalError

from mesosite.enquiries import transactions


@pytest.fixture
def held(settings, monkeypatch, tmp_path):
    """The lock, held by somebody else."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(transactions, "TIMEOUT", 0.01)
    with open(tmp_path / transactions.LOCK_FILE, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    for thread in waiting():
        thread.join()


def waiting():
    return [thread for thread in threading.enumerate() if "_wait" in thread.name]


def wait_in_vain():
    with pytest.raises(OperationalError, match="No turn"), transactions._turn():
        raise AssertionError


def is_free():
    with open(transactions.settings.VAR_DIR / transactions.LOCK_FILE, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def test_a_turn_that_comes_too_late_is_let_go(held):
    wait_in_vain()
    (late,) = waiting()
    fcntl.flock(held, fcntl.LOCK_UN)
    late.join()

    assert is_free()


def test_who_gave_up_leaves_no_file_open(held):
    before = len(os.listdir("/dev/fd"))
    for _n in range(5):
        wait_in_vain()

    assert len(waiting()) == 5
    assert len(os.listdir("/dev/fd")) == before


def test_a_lock_that_is_never_let_go_does_not_gather_threads(held, monkeypatch):
    monkeypatch.setattr(transactions, "_waiting_threads", threading.BoundedSemaphore(2))
    for _n in range(5):
        wait_in_vain()

    assert len(waiting()) == 2


def test_threads_that_waited_make_place_for_others(held, monkeypatch):
    monkeypatch.setattr(transactions, "_waiting_threads", threading.BoundedSemaphore(1))
    wait_in_vain()
    (late,) = waiting()
    fcntl.flock(held, fcntl.LOCK_UN)
    late.join()
    fcntl.flock(held, fcntl.LOCK_EX)
    wait_in_vain()

    assert len(waiting()) == 1


def test_without_locks_on_the_disk_there_is_no_turn(settings, monkeypatch, tmp_path):
    def refuse(*_args):
        raise OSError("No locks available")

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(fcntl, "flock", refuse)

    with pytest.raises(OperationalError, match="No turn"), transactions._turn():
        raise AssertionError


def test_a_turn_ends_with_an_error_too(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with pytest.raises(ZeroDivisionError), transactions._turn():
        raise ZeroDivisionError

    assert is_free()
