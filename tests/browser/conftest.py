"""Real Chromium against the site as `make run` serves it, in a folder of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
START, STOP = 60, 10
HIDDEN = ("SITE_URL", "PUBLISHED", "DEBUG", "SECRET_KEY", "DATABASE_URL", "SECOND_FACTOR")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """`make run` in its own process group, and the commands beside it."""

    def __init__(self, var):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {k: v for k, v in os.environ.items() if k not in HIDDEN}
        self.environment = kept | {"PORT": str(self.port), "VAR_DIR": str(var)}
        self.environment["EMAIL_URL"] = "filemail://"  # whatever .env says, no mail goes out

    def start(self):
        self.process = subprocess.Popen(
            ["make", "run"], cwd=settings.BASE_DIR, env=self.environment, start_new_session=True
        )
        self._wait_until_healthy()
        return self

    def _wait_until_healthy(self):
        ends = time.monotonic() + START
        while time.monotonic() < ends and self._still_runs():
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:
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
        """SIGTERM to make alone, as a supervisor sends it. Returns how many are left running."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=STOP)
        ends = time.monotonic() + STOP
        while (left := self.members()) and time.monotonic() < ends:
            continue
        return left

    def members(self):
        found = subprocess.run(
            ["pgrep", "-g", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return found.stdout.split()

    def command(self, *arguments):
        done = subprocess.run(
            arguments, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("var")).start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def base_url(site):
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args():
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return {"args": list(QUIET)} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def password_link(site):
    """The link that `make staff` prints for a new receptionist."""
    printed = site.command("make", "staff", "EMAIL=eleni@clinic.example")
    return re.search(r"http://\S+/password/\S+", printed)[0]


@pytest.fixture
def plain(browser, site):
    """A phone's page without JavaScript."""
    context = browser.new_context(
        java_script_enabled=False, base_url=site.url, viewport={"width": 375, "height": 700}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def assert_accessible():
    """Asserts that axe finds nothing on a page."""

    def check(page):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
