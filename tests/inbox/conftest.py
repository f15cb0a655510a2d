import pytest

from mesosite.inbox.accounts import make_login
from tests.inbox.search_terms import Browser

PASSWORD = "seven-green-needles"


@pytest.fixture(autouse=True)
def _stored(db):
    """Every test of the inbox reads and writes the database: sessions, and attempts to log in."""


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
