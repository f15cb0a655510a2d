import signal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection

from tests.site import PATIENCE, Site


def pytest_configure():
    """SIGTERM ends a run as Ctrl-C does, and with it the sites and browsers that it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def published():
    """The published site, with its static files under hashed names, once for the whole run."""
    from mesosite.pages.publish import publish

    publish(settings.PUBLISHED_DIR)
    return settings.PUBLISHED_DIR


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """Hashing a password slowly, on purpose, is Django's to test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def patient_writers():
    """A busy machine keeps no writer from its turn; a test of the limit on waiting sets its own."""
    from mesosite.enquiries import transactions

    transactions.TIMEOUT = PATIENCE
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE


@pytest.fixture
def as_clinic(monkeypatch):
    """Makes the site a clinic's own: as_clinic(country="GR", …) with the values of clinic.yaml."""

    from mesosite.pages.catalogue import content
    from mesosite.pages.content.clinic import Clinic

    def set_clinic(**values):
        of = Clinic(**{"name": "Example Clinic", "tz": ZoneInfo("Europe/Athens")} | values)
        monkeypatch.setitem(vars(content()), "clinic", of)
        return of

    return set_clinic


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site as `make run` serves it, for browsers and whatever else does not change it."""
    site = Site(tmp_path_factory.mktemp("var")).start()
    yield site
    site.stop()


def pytest_runtest_logreport(report):
    """A skipped test is one that nobody ran: here that is a failure, on every machine."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped: {report.longrepr}"
