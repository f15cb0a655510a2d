"""Real Chromium against the site as `make run` serves it."""

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


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
