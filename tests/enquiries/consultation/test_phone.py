"""Phone numbers: typed as people type them, stored as E.164."""

import pytest

from tests.enquiries.filled_in import said, send, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed", ["+30 210 123 4567", "00302101234567", "210-1234567", "(210) 1234567"]
)
def test_a_clinic_with_a_country_reads_its_numbers(typed, open_clinic):
    send(email="", contact_by="phone", phone=typed)

    assert stored().contact["phone"] == "+302101234567"


def test_a_foreign_number_needs_its_plus(open_clinic):
    send(email="", contact_by="either", phone="+44 20 7946 0958")

    assert stored().contact["phone"] == "+442079460958"


def test_without_a_country_the_plus_is_asked_for():
    assert "Enter the phone number with + and the country first" in said(send(phone="2101234567"))


def test_with_a_country_an_example_of_it_is_given(open_clinic):
    assert "Enter a phone number such as 691 234 5678" in said(send(phone="12"))


def test_email_as_the_way_takes_a_phone_alone():
    send(email="", phone="+302101234567", contact_by="email")

    assert stored().contact["phone"] == "+302101234567"
