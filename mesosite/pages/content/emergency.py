"""The number to call in an emergency, by country."""

import re

from phonenumbers import is_emergency_number

EU_NUMBER = "112"
"""Works in the EU and on most of the world's mobile phones: that of a clinic without a country."""
_DIGITS = re.compile(r"[0-9]{2,6}")


def known_number(country: str) -> str:
    """112 where the phone data has it for a country, given by its two letters, or "".

    Many of those countries have one number for the police and another for an ambulance.
    """
    return EU_NUMBER if not country or is_emergency_number(EU_NUMBER, country) else ""


def is_emergency_digits(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text))
