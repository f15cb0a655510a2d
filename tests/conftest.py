import signal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.site import PATIENCE, Site


def pytest_configure():
    """SIGTERM ends a run as Ctrl-C does, and with it the sites and browsers that it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what uses the database runs: the rest says the same as on SQLite."""
    if connection.vendor == "sqlite":
        return
    idle = [item for item in items if not uses_database(item)]
    config.hook.pytest_deselected(items=idle)
    items[:] = [item for item in items if uses_database(item)]


def uses_database(item):
    return item.get_closest_marker("django_db") or {"db", "transactional_db"} & {*item.fixturenames}


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
def as_clinic(db, monkeypatch):
    """Makes the site a clinic's own: as_clinic(country="GR", …) with the values of clinic.yaml.

    answer_within_hours and closed (days) go into the database, as a manager sets them.
    """

    from mesosite.enquiries.models import ClinicValues, Closure
    from mesosite.pages.catalogue import content
    from mesosite.pages.content.clinic import Clinic

    def set_clinic(**values):
        if (hours := values.pop("answer_within_hours", None)) is not None:
            defaults = {"answer_within_hours": hours or None}
            ClinicValues.objects.update_or_create(pk=ClinicValues.ID, defaults=defaults)
        if (closed := values.pop("closed", None)) is not None:
            Closure.objects.all().delete()
            Closure.objects.bulk_create(Closure(first_day=day, last_day=day) for day in closed)
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


@pytest.fixture(scope="session", autouse=True)
def emptied_record():
    """A test with transactions of its own empties every table after it, the record too."""
    from mesosite.enquiries.audit import triggers

    empty = connection.ops.execute_sql_flush

    def without_triggers(statements):
        with transaction.atomic():
            triggers.drop()
            empty(statements)
            triggers.create()

    connection.ops.execute_sql_flush = without_triggers
