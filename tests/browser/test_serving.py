"""`make run` starts, serves, sends mail, and ends when it is told to."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

import pytest
from django.conf import settings

from tests.browser.conftest import Site
from tests.enquiries.mail_server import MailServer
from tests.enquiries.patient import answers

LONG = 20  # seconds that nothing here should need


@pytest.fixture
def running(tmp_path):
    """A site of its own for a test that kills: nothing of it outlives the test."""
    site = Site(tmp_path / "var")
    yield site
    if site.members():
        os.killpg(site.process.pid, signal.SIGKILL)


def soon(condition):
    """What `condition` returns once that is true."""
    ends = time.monotonic() + LONG
    while not (found := condition()):
        assert time.monotonic() < ends
        time.sleep(0.05)
    return found


def sender_of(site):
    """The process id of the mail sender, once there is one."""
    return soon(lambda: senders(site))[0]


def senders(site):
    found = subprocess.run(
        ["pgrep", "-g", str(site.process.pid), "-f", "manage.py send_mail"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in found.stdout.split()]


def main_of(site):
    """The process that make started: workers and sender are its children."""
    found = subprocess.check_output(["pgrep", "-P", str(site.process.pid)], text=True)
    return int(found)


def request_by(site):
    """Sends the form, as a browser does."""
    with urllib.request.urlopen(f"{site.url}/consultation/") as page:
        token = re.search(r'name="token" value="([^"]+)"', page.read().decode())[1]
    body = urllib.parse.urlencode(answers(token=token), doseq=True).encode()
    with urllib.request.urlopen(f"{site.url}/consultation/", body) as answer:
        assert "/sent/" in answer.url


def test_make_run_ends_on_sigterm_and_leaves_nothing(running):
    sender_of(running.start())

    assert running.stop() == []


def test_a_sender_that_is_killed_is_followed_by_another(running):
    killed = sender_of(running.start())
    os.kill(killed, signal.SIGKILL)

    assert soon(lambda: [pid for pid in senders(running) if pid != killed])
    assert running.stop() == []


def test_neither_workers_nor_sender_outlive_a_site_that_is_killed(running):
    sender_of(running.start())
    os.kill(main_of(running), signal.SIGKILL)
    running.process.wait(LONG)

    assert soon(lambda: not running.members())


def test_a_request_leaves_as_a_pair_of_mails(running):
    with MailServer() as server:
        running.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        request_by(running.start())
        soon(lambda: len(server.arrived) == 2)
        running.stop()

    assert {mail["To"] for mail in server.arrived} == {"maria@example.com", "desk@clinic.example"}


def test_a_mail_server_that_hangs_holds_up_neither_a_request_nor_the_end(running):
    held = threading.Event()

    async def hang(server):
        held.set()
        await server.loop.create_future()

    with MailServer() as server:
        server.at_data = hang
        running.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        request_by(running.start())
        assert held.wait(LONG)
        request_by(running)
        assert running.stop() == []


def test_a_sender_alone_waits_for_a_database_and_ends_when_it_is_told(tmp_path):
    sender = subprocess.Popen(
        [sys.executable, "manage.py", "send_mail"],
        cwd=settings.BASE_DIR,
        env=Site(tmp_path / "var").environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    with sender:
        assert "goes on after OperationalError" in sender.stderr.readline()
        sender.terminate()
        assert sender.wait(timeout=10) == 0


def test_make_run_refuses_a_port_in_use(site):
    second = subprocess.run(
        ["make", "run"],
        cwd=settings.BASE_DIR,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode != 0
    assert f"Port {site.port} is in use" in second.stderr


def test_secrets_are_made_once_and_for_the_owner_alone(site):
    from pathlib import Path

    secret = Path(site.environment["VAR_DIR"]) / "secret_key"

    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) >= 50
