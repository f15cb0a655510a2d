import pytest

from mesosite.inbox.accounts import make_login
from tests.inbox.asking import Browser

PASSWORD = "seven-green-needles"


@pytest.fixture(autouse=True)
def _stored(db):
    """Every test of the inbox reads and writes the database: sessions, and attempts to log in."""


@pytest.fixture
def receptionist(db):
    return _with_password("eleni@clinic.example", "Eleni Kosta", "receptionist")


def _with_password(email, name, *roles):
    user = make_login(email, name=name, roles=roles)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def clinician(db):
    return _with_password("nikos@clinic.example", "Nikos Ralli", "clinician")


@pytest.fixture
def manager(db):
    return _with_password("anna@clinic.example", "Anna Vell", "manager")


@pytest.fixture
def another_manager(db):
    return _with_password("jonas@clinic.example", "Jonas Berg", "manager", "receptionist")


@pytest.fixture
def client():
    """The browser of a stranger."""
    return Browser()


@pytest.fixture
def office(manager):
    """The browser of the manager, logged in."""
    client = Browser()
    client.force_login(manager)
    return client


@pytest.fixture
def surgery(clinician):
    """The browser of the clinician, logged in."""
    client = Browser()
    client.force_login(clinician)
    return client


@pytest.fixture
def desk(receptionist):
    """The browser at the reception desk, logged in."""
    client = Browser()
    client.force_login(receptionist)
    return client
