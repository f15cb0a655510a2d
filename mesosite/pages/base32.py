"""Codes that a person reads aloud and copies by hand: Crockford's base32, in groups of five.

Source: https://www.crockford.com/base32.html
"""

from mesosite import normal_form

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
_MISREAD = str.maketrans("ILO", "110")


def normal_code(text: str) -> str:
    """The code that a person typed: in capitals, without dashes, I and L read as 1, O as 0."""
    return "".join(filter(str.isalnum, normal_form.plain(text).upper().translate(_MISREAD)))


def in_groups(code: str) -> str:
    """`7KQ2M4XNTB` as it is printed: `7KQ2M-4XNTB`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def to_base32(number: int, width: int) -> str:
    """A whole number as at least `width` characters."""
    code = ""
    while number or len(code) < width:
        number, rest = divmod(number, len(ALPHABET))
        code = ALPHABET[rest] + code
    return code


def from_base32(code: str) -> int:
    """The number that a normal code stands for. ValueError for a character outside ALPHABET."""
    number = 0
    for character in code:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return number
