"""What is wrong in a content file, in the words of its editor."""

from pathlib import Path

from django.conf import settings


class ContentError(Exception):
    """A content file that cannot be published as it is.

    path: the file; line: counted from 1, or 0 for the file as a whole; message: what is wrong,
    in an editor's words; hint: what to do about it; number: of the check that reports it.
    """

    number = 1

    def __init__(self, path, line, message, hint=""):
        super().__init__(message)
        self.path, self.line, self.message, self.hint = Path(path), line, message, hint

    def __str__(self):
        return f"{self.place}: {self.message}"

    @property
    def place(self):
        try:
            path = self.path.relative_to(settings.CONTENT_DIR.parent)
        except ValueError:
            path = self.path
        return f"{path}:{self.line}" if self.line else str(path)
