import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from mesosite.enquiries.models import Enquiry
from mesosite.pages.clinic import Clinic

WORKDAY = ((datetime.time(9), datetime.time(17)),)


@pytest.fixture
def as_clinic(monkeypatch):
    """Makes the site a clinic's own: as_clinic(country="GR", …) with the values of clinic.yaml."""

    def set_clinic(**values):
        of = Clinic(**{"name": "Example Clinic", "tz": ZoneInfo("Europe/Athens")} | values)
        modules = ("enquiries.forms", "enquiries.views", "pages.context")
        modules += ("enquiries.management.commands.sample_enquiries",)
        for module in modules:
            monkeypatch.setattr(f"mesosite.{module}.clinic", lambda: of)
        return of

    return set_clinic


@pytest.fixture
def open_clinic(as_clinic):
    hours = dict.fromkeys(range(7), WORKDAY)
    return as_clinic(hours=hours, answer_within_hours=8, country="GR", phone="+30 210 000 0000")


@pytest.fixture
def receptionist(db):
    return get_user_model().objects.create(username="eleni", email="eleni@example.com")


@pytest.fixture
def enquiry(db):
    return Enquiry.receive(topics=["peel"], contact={"name": "Ana"}, answers={})
