"""The number to call in an emergency, by country."""

import re

from phonenumbers import is_emergency_number

EU_NUMBER = "112"
"""Works in the EU and on most of the world's mobile phones: that of a clinic without a country."""
_OTHERS = {"GB": "999", "US": "911", "CA": "911", "AU": "000", "NZ": "111"}
_DIGITS = re.compile(r"[0-9]{2,6}")


def known_number(country: str) -> str:
    """The number of a country, given by its two letters, or "" where the phone data has no 112.

    Many of those countries have one number for the police and another for an ambulance.
    """
    if not country or country in _OTHERS:
        return _OTHERS.get(country, EU_NUMBER)
    return EU_NUMBER if is_emergency_number(EU_NUMBER, country) else ""


def is_emergency_digits(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text))
