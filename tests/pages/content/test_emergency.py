"""Nobody is told to call a number that may not work in the clinic's country."""

import pytest

KNOWN = {"": "112", "GR": "112", "DE": "112", "GB": "999", "US": "911", "AU": "000", "NZ": "111"}
UNKNOWN = ["JP", "EG", "SG", "MA", "CN"]
WRONG = ["119 or 110", "call 119", "1", "1234567", "+30210", "١١٩"]


def shown(client):
    footer = client.get("/risks/").content.decode().rpartition("<footer")[2]
    return footer.partition('<a href="tel:')[2].partition('"')[0]


@pytest.mark.parametrize("country", KNOWN)
def test_a_known_country_has_its_number(content, client, country):
    content.change("clinic.yaml", "country: ", f"country: {country} #")

    assert shown(client) == KNOWN[country]


@pytest.mark.parametrize("country", UNKNOWN)
def test_where_112_is_not_known_the_clinic_is_asked(content, country):
    content.change("clinic.yaml", "country: ", f"country: {country} #")

    message = f"112 may not work in {country}: which number brings an ambulance there?"
    assert content.errors() == [("content.E001", f"content/clinic.yaml:6: {message}")]


def test_the_number_of_the_clinic_is_shown_on_cards_and_in_the_footer(content, client):
    content.change("clinic.yaml", "country: ", "country: JP #")
    content.change("clinic.yaml", "emergency_number: ", "emergency_number: 119 #")

    assert content.errors() == []
    assert shown(client) == "119"
    assert ">119</a> if:" in client.get("/risks/").content.decode()


@pytest.mark.parametrize("number", WRONG)
def test_what_is_no_emergency_number_is_refused(content, number):
    content.change("clinic.yaml", "emergency_number: ", f'emergency_number: "{number}" #')

    assert "“emergency_number” must be 2 to 6 digits" in content.errors()[0][1]
