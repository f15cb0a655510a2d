"""The error of a content file, in words that its editor knows."""

from pathlib import Path

from django.conf import settings


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


def read_text(
    path: Path, missing: str, hint: str = "", error: type[ContentError] = ContentError
) -> str:
    """The text of a file. Raises `error`, with `missing` and `hint` where no file is there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as cause:
        raise error(path, 0, missing, hint) from cause
    except UnicodeDecodeError as cause:
        hint = "Save it again with the encoding UTF-8."
        raise error(path, 0, "The file is not saved as UTF-8.", hint) from cause
