"""A broken rule, as Django's checks and the error page of `make dev` show it."""

from django.conf import settings
from django.core.checks import ERROR, WARNING, CheckMessage

from mesosite.pages.errors import ContentError


class Problem(CheckMessage):
    """A rule of the publish gate that a content file breaks.

    number: the rule's, from 1; error: the ContentError with file, line, words and hint;
    warning: it stops no publishing. In development nothing stops the start: the browser shows it.
    """

    def __init__(self, number, error: ContentError, warning=False):
        level = WARNING if warning or settings.DEBUG else ERROR
        name = f"content.{'W' if warning else 'E'}{number:03}"
        super().__init__(level, str(error), hint=error.hint or None, id=name)
        self.error = error

    def __str__(self):
        hint = f"\n\tHINT: {self.hint}" if self.hint else ""
        return f"{self.msg} [{self.id}]{hint}"
