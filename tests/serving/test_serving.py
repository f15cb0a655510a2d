"""`make run` starts, serves, sends mail, and ends when it is told to."""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
import urllib.request

from tests.enquiries.filled_in import answers
from tests.enquiries.mail.server import MailServer, dripping
from tests.site import FOLDER, PATIENCE, Site, soon


def request_by(site):
    """Sends the form, as a browser does."""
    with urllib.request.urlopen(f"{site.url}/consultation/") as page:
        token = re.search(r'name="token" value="([^"]+)"', page.read().decode())[1]
    body = urllib.parse.urlencode(answers(token=token), doseq=True).encode()
    with urllib.request.urlopen(f"{site.url}/consultation/", body) as answer:
        assert "/sent/" in answer.url


def test_a_sender_that_is_killed_is_followed_by_another(site):
    killed = site.sender()
    os.kill(killed, signal.SIGKILL)

    assert soon(lambda: [pid for pid in site.senders() if pid != killed])


def test_neither_workers_nor_sender_outlive_a_site_that_is_killed(running):
    running.start().sender()
    os.kill(running.main(), signal.SIGKILL)
    running.process.wait(PATIENCE)

    assert soon(lambda: not running.members())


def test_a_request_leaves_as_a_pair_of_mails(site, mail_server):
    request_by(site)
    soon(lambda: len(mail_server.arrived) >= 2)

    to = sorted(mail["To"] for mail in mail_server.arrived)
    assert to == ["desk@clinic.example", "maria@example.com"]


def test_a_mail_server_that_hangs_holds_up_neither_a_request_nor_the_end(running):
    """The server always says something in time, so that the limit on each step does not end it."""
    held = threading.Event()

    async def hang(server):
        held.set()
        return await dripping(server)

    with MailServer() as server:
        server.at_data = hang
        running.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        request_by(running.start())
        assert held.wait(PATIENCE)
        request_by(running)
        assert running.stop() == []


def test_a_sender_alone_waits_for_a_database_and_ends_when_it_is_told(tmp_path):
    sender = subprocess.Popen(
        [sys.executable, "manage.py", "send_mail"],
        cwd=FOLDER,
        env=Site(tmp_path / "var").environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "goes on after OperationalError" in sender.stderr.readline()
        sender.terminate()
        assert sender.wait(PATIENCE) == 0
    finally:
        sender.kill()
        sender.communicate()


def test_make_run_refuses_a_port_in_use(site):
    second = subprocess.run(
        ["make", "run"],
        cwd=FOLDER,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode != 0
    assert f"Port {site.port} is in use" in second.stderr


def test_secrets_are_made_once_and_for_the_owner_alone(site):
    secret = site.var / "secret_key"

    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) >= 50
