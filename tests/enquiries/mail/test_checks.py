"""A clinic's own site says at its start that its mails reach nobody."""

import pytest
from django.core.checks import run_checks

from mesosite.enquiries.mail import checks
from mesosite.pages.catalogue import content
from mesosite.pages.content.clinic import Clinic
from mesosite.pages.content.errors import ContentError


@pytest.fixture(autouse=True)
def _own_site(settings, monkeypatch):
    settings.SECURE, settings.SITE_URL = True, "https://scars.example"
    settings.EMAIL_BACKEND = checks.SMTP
    clinic_is(monkeypatch, name="Example Clinic")


def clinic_is(monkeypatch, **values):
    monkeypatch.setitem(vars(content()), "clinic", Clinic(**values))


def warned():
    return [warning.id for warning in run_checks(tags=["mail"])]


def test_with_a_mail_server_and_an_address_nothing_is_said():
    assert warned() == []


def test_without_an_address_it_says_that_nobody_is_told(settings):
    settings.CLINIC_EMAIL = ""

    assert warned() == ["enquiries.W002"]


def test_the_address_of_the_content_is_enough(settings, monkeypatch):
    settings.CLINIC_EMAIL = ""
    clinic_is(monkeypatch, name="Example Clinic", email="desk@clinic.example")

    assert warned() == []


@pytest.mark.parametrize("backend", ["filebased", "console", "dummy", "locmem"])
def test_without_a_mail_server_it_says_that_mails_stay_here(settings, backend):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"

    assert warned() == ["enquiries.W003"]


def test_a_demonstration_needs_neither(settings, monkeypatch):
    settings.CLINIC_EMAIL = settings.EMAIL_BACKEND = ""
    clinic_is(monkeypatch)

    assert warned() == []


def test_on_this_machine_alone_neither_is_needed(settings):
    settings.CLINIC_EMAIL = settings.EMAIL_BACKEND = ""
    settings.SECURE = False

    assert warned() == []


def test_content_that_cannot_be_read_is_told_by_its_own_check(monkeypatch):
    def spoiled():
        raise ContentError("clinic.yaml", 1, "spoiled")

    monkeypatch.setattr(checks, "clinic", spoiled)

    assert warned() == []
