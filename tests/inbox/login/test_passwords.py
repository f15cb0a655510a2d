"""A password is long and hard to guess; nothing else is asked of it."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User

from mesosite.inbox.accounts import password_link
from mesosite.inbox.login import passwords
from tests.inbox.login.test_login import set_password

REFUSED = [
    "aaaaaaaaaaaa",
    "aaaaaaaaaaab",
    "passwordpassword",
    "PasswordPassword1",
    "abcabcabcabc",
    "123456789012",
    "abcdefghijklmn",
    "qwertyuiopasdf",
    "0987654321098",
    "football!!!2026",
    "mesosite-mesotherapy",
    "Mesosite2026!",
    "eleni@clinic.example",
    " " * 14,
]
TAKEN = [
    "seven-green-needles",
    "correct horse battery staple",
    "ένας μικρός ποταμός",
    "tr0ub4dor&3x!w",
    "bookkeeper teeth",
    "my clinic has a blue door",
]


def set_by_link(client, user, password):
    set_password(client, urlsplit(password_link(user)).path, password)
    return User.objects.get().check_password(password)


@pytest.mark.parametrize("password", REFUSED)
def test_a_password_that_is_soon_guessed_is_refused(client, receptionist, password):
    assert not set_by_link(client, receptionist, password)


@pytest.mark.parametrize("password", TAKEN)
def test_any_other_is_taken(client, receptionist, password):
    assert set_by_link(client, receptionist, password)


def test_the_clinic_s_name_and_a_year_are_refused(client, receptionist, settings):
    settings.SITE_HOST = "www.dermaskin.example"
    assert not set_by_link(client, receptionist, "Dermaskin-2026")


def test_a_very_long_password_is_judged_by_all_of_it(db):
    assert len(passwords.remaining("ab" * 20_000, repeated=False)) < passwords.MIN_REMAINING
