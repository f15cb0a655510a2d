"""The error of a content file, in words that its editor knows."""

import re
from pathlib import Path

from django.conf import settings

UNSEEN = re.compile(
    "[^\\t\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)
"""What YAML cannot hold, and what breaks a line unseen (U+0085, U+2028, U+2029), or half a sign."""


class ContentError(Exception):
    """A content file that cannot be published as it is.

    path: the file; line: counted from 1, or 0 for the file as a whole; message: what is wrong,
    in an editor's words; hint: what to do about it; number: of the check that reports it.
    """

    number = 1

    def __init__(self, path: Path | str, line: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.path, self.line, self.message, self.hint = Path(path), line, message, hint

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    @property
    def place(self) -> str:
        folder = settings.CONTENT_DIR.parent
        path = self.path.relative_to(folder) if self.path.is_relative_to(folder) else self.path
        return f"{path}:{self.line}" if self.line else str(path)


class WrongValue(Exception):
    """A value that cannot be taken: why, what to do, and its line (0: that of its key)."""

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message, self.hint, self.line = message, hint, line


def read_text(
    path: Path, missing: str, hint: str = "", error: type[ContentError] = ContentError
) -> str:
    """The text of a file, without a byte order mark and with \n at the end of each line.

    Raises `error`, with `missing` and `hint` where no file is there.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as cause:
        if path.is_symlink():
            raise error(path, 0, "This link leads to no file.", "Put the file here.") from cause
        raise error(path, 0, missing, hint) from cause
    except UnicodeDecodeError as cause:
        hint = "Save it again with the encoding UTF-8."
        raise error(path, 0, "The file is not saved as UTF-8.", hint) from cause
    except OSError as cause:
        message = f"The file cannot be read: {cause.strerror}."
        raise error(path, 0, message, "It must be a file that the site may read.") from cause
    if wrong := UNSEEN.search(text):
        line = text.count("\n", 0, wrong.start()) + 1
        name = f"U+{ord(wrong[0]):04X}"
        message = f"This line holds a control character that nobody sees ({name})."
        raise error(path, line, message, "Type the line again.")
    return text
