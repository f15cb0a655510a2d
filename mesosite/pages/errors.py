"""What goes wrong: in a content file (for its editor) and in a request (for its reader)."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


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


def _error_view(status):
    @login_not_required
    def view(request, exception=None):
        return render(request, f"{status}.html", status=status)

    return view


bad_request, forbidden, not_found = _error_view(400), _error_view(403), _error_view(404)


@login_not_required
def server_error(request):
    """No context processor and no database: this page must render when they do not."""
    return render(None, "500.html", status=500)


@login_not_required
def csrf_failure(request, reason=""):
    return forbidden(request)
