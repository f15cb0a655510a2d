"""What a password must not be, beside too short and common (NIST SP 800-63B, 5.1.1.2).

No rule asks for kinds of characters.
"""

import re

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mesosite.pages.catalogue import clinic

MIN_REMAINING = 8
CONTEXT = ("mesosite", "mesotherapy", "consultation", "dermatology", "clinic", "staff", "inbox")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_REPEATED = re.compile(r"(.{1,32}?)\1+", re.DOTALL)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class VarietyValidator:
    """Refuses a password that is little more than a repetition, a row of keys or a known name.

    Repetitions and rows count as their first part, and names of the clinic and the site as nothing.
    At least MIN_REMAINING characters must remain, and they must be no common password themselves,
    with or without the digits and signs around them.
    """

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: User | None = None) -> None:
        whole, once = remaining(password), remaining(password, repeated=False)
        words = {word for text in (whole, once) for word in (text, _EDGES.sub("", text))}
        if len(once) < MIN_REMAINING or words & self._common:
            raise ValidationError(
                _(
                    "This is easily guessed: it repeats itself, follows the keyboard, or is a "
                    "common word with a little around it. Take three or four unrelated words."
                ),
                code="password_without_variety",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be a repetition, a row of keys or the clinic's name.")


def remaining(password: str, *, repeated: bool = True) -> str:
    """A password in small letters without known names and rows, and without its repetitions."""
    rest = password.casefold()
    for word in _context():
        rest = rest.replace(word, "")
    rest = _without_rows(rest)
    return rest if repeated else _REPEATED.sub(r"\1", rest)


def _context() -> list[str]:
    """The names that everybody knows who stands before this login, the longest first."""
    words = re.findall(r"\w{4,}", f"{clinic().name} {settings.SITE_HOST}".casefold())
    return sorted({*CONTEXT, *words}, key=len, reverse=True)


def _without_rows(text: str) -> str:
    """`text` with each run of four and more characters of a row, in either direction, as one."""
    kept, start = [], 0
    while start < len(text):
        kept.append(text[start])
        end = start + 1
        while _in_row(text[start : end + 1]) and end < len(text):
            end += 1
        start = end if end - start >= 4 else start + 1
    return "".join(kept)


def _in_row(run: str) -> bool:
    return any(run in row or run in row[::-1] for row in ROWS)
