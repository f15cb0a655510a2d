import pytest
from django.core.cache import cache

from mesosite.inbox.accounts import make_login
from tests.inbox.search_terms import Browser

PASSWORD = "seven-green-needles"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db):
    """allauth counts failed logins in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def receptionist(db):
    user = make_login("eleni@clinic.example", name="Eleni Kosta", role="receptionist")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def client():
    """The browser of a stranger."""
    return Browser()


@pytest.fixture
def desk(receptionist):
    """The browser at the reception desk, logged in."""
    client = Browser()
    client.force_login(receptionist)
    return client
