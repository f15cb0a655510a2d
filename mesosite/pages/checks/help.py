"""Whom a reader can turn to: there is a number, and it was seen not long ago."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from mesosite.pages.catalogue import clinic, content, help_here
from mesosite.pages.checks.checked_page import CheckedPage, Problem, first_line, newest_day
from mesosite.pages.content.errors import ContentError

_YEAR = datetime.timedelta(days=365)


def without_helpline(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """W005: a clinic, or a country, without a number for people in distress."""
    if (clinic().name or clinic().country) and not help_here().helplines:
        path = settings.CONTENT_DIR / "clinic.yaml"
        line = first_line(path.read_text("utf-8").split("\n"), "helpline:")
        message = "No line for people in distress is known for the country of the clinic."
        hint = "Read it on the line’s own page, call it once, and write helpline: 116 123, free."
        yield Problem(5, ContentError(path, line, message, hint), warning=True)


def seen_long_ago(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """W006: what help.yaml names for the clinic's readers, and was last seen over a year ago."""
    today = timezone.localdate()
    for contact in help_here().contacts:
        if contact.seen and today - contact.seen > _YEAR:
            message = f"“{contact.name}” was last seen on its page on {contact.seen:%-d %B %Y}."
            hint = "Look again, call its number, and set “seen” to the day."
            error = ContentError(settings.CONTENT_DIR / "help.yaml", contact.line, message, hint)
            yield Problem(6, error, warning=True)


def seen_tomorrow(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E033 too: what was seen on a day that is still to come everywhere."""
    for found in content().help_by_country.values():
        for contact in found.contacts:
            if contact.seen and contact.seen > newest_day():
                path = settings.CONTENT_DIR / "help.yaml"
                message = f"“seen” says {contact.seen:%-d %B %Y}, and that day is still to come."
                yield Problem(33, ContentError(path, contact.line, message, "Name a day that was."))
