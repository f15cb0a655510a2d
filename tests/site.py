"""The site as `make run` serves it, in a folder of its own, and its database past the site."""

import atexit
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TypeVar

import environ
import psycopg

T = TypeVar("T")
FOLDER = Path(__file__).resolve().parents[1]
PATIENCE = 200
"""Seconds after which a test gives up on a product that hangs, everywhere; it times nothing. More
than a mail waits after its second try (144), less than a sender waits for a mail server (240)."""
PORTS = range(20_000, 32_000)  # below those that a system gives away by itself
HIDDEN = ("SITE_URL", "PUBLISHED", "DEBUG", "SECRET_KEY", "DATABASE_URL", "SECOND_FACTOR")
OF_MAKE = ("MAKELEVEL", "MAKEFLAGS", "MFLAGS")  # a make inside another one says more


_held: list[socket.socket] = []


def free_port() -> int:
    """A TCP port that nothing uses, and that no other run of tests takes while this process lives.

    UDP has ports of its own: a socket there marks the number as taken.
    """
    for port in PORTS:
        mark = socket.socket(type=socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _held.append(mark)
        return port
    raise AssertionError(f"No port of {PORTS} is free.")


def soon(condition: Callable[[], T]) -> T:
    """What `condition` returns once that is true."""
    ends = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < ends
        time.sleep(0.05)
    return found


def pgrep(*arguments):
    """The ids of the processes that it finds."""
    command = ["pgrep", *map(str, arguments)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


@cache
def ran_before() -> Path:
    """What a site that nobody used yet leaves in VAR_DIR, but for its secrets, made once.

    A start on a copy of it migrates nothing and compresses nothing again, which takes two thirds of
    a first start.
    """
    folder = Path(tempfile.mkdtemp(prefix="mesosite-ran-before-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    site = Site(folder / "var")
    site.command(sys.executable, "manage.py", "migrate", "--verbosity", "0")
    site.command(sys.executable, "manage.py", "publish")
    for secret in ("secret_key", "data_keys"):
        (site.var / secret).unlink(missing_ok=True)
    return site.var


class Site:
    """`make run` in its own process group, and the commands beside it.

    HAS_RUN: a start finds what an earlier one left. `tests/serving` has sites that never ran.
    """

    COMMAND = ("make", "run")
    HAS_RUN = True
    process = None

    def __init__(self, var, **environment):
        self.port, self.var = free_port(), var
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {k: v for k, v in os.environ.items() if k not in HIDDEN + OF_MAKE}
        self.environment = kept | {"PORT": str(self.port), "VAR_DIR": str(var)}
        self.environment["EMAIL_URL"] = "filemail://"  # whatever .env says, no mail goes out
        self.environment |= environment

    def after_a_run(self):
        """With what an earlier run left, unless there is something already."""
        if not (self.var / "db.sqlite3").exists():
            shutil.copytree(ran_before(), self.var, dirs_exist_ok=True)
        return self

    def start(self, **output):
        """output: where what is printed goes, as Popen takes it."""
        if self.HAS_RUN:
            self.after_a_run()
        self.process = subprocess.Popen(
            self.COMMAND, cwd=FOLDER, env=self.environment, start_new_session=True, **output
        )
        self._wait_until_healthy()
        return self

    def _wait_until_healthy(self):
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and self._still_runs():
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=PATIENCE) as answer:
                    return answer.status
            except OSError:
                continue
        raise AssertionError("make run did not become healthy")

    def _still_runs(self):
        try:
            return self.process.wait(timeout=0.1) is None
        except subprocess.TimeoutExpired:
            return True

    def stop(self):
        """SIGTERM to make alone, as a supervisor sends it. Returns what is left running."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=PATIENCE)
        ends = time.monotonic() + PATIENCE
        while (left := self.members()) and time.monotonic() < ends:
            time.sleep(0.05)
        return left

    def kill(self):
        """Nothing of it runs on, whatever became of it."""
        if self.process and self.members():
            os.killpg(self.process.pid, signal.SIGKILL)

    def members(self):
        return pgrep("-g", self.process.pid)

    def main(self):
        """The id of the process that make started: workers and sender are its children."""
        return pgrep("-P", self.process.pid)[0]

    def oldest_worker(self):
        """The id of the web worker that has lived longest, once there is one."""
        return soon(lambda: pgrep("-P", self.main(), "-o", "-f", "mesosite.serve"))[0]

    def senders(self):
        return pgrep("-g", self.process.pid, "-f", "manage.py send_mail")

    def sender(self):
        """The id of the mail sender, once there is one."""
        return soon(self.senders)[0]

    def command(self, *arguments):
        done = subprocess.run(
            arguments, cwd=FOLDER, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sql(self, statement):
        """Run one statement on the site's database, beside the site. Returns its rows, if any."""
        with closing(self._connect()) as database:
            cursor = database.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _connect(self):
        if url := self.environment.get("DATABASE_URL"):
            parts = environ.Env.db_url_config(url)
            given = {"host": parts["HOST"], "user": parts["USER"], "dbname": parts["NAME"]}
            return psycopg.connect(**given, autocommit=True)
        return sqlite3.connect(self.var / "db.sqlite3", isolation_level=None, timeout=PATIENCE)
