"""Times as the desk says them, in the current time zone: the clinic's."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def waited(since: datetime) -> str:
    """The time since then in one unit: “12 min”, “2 h”, “3 days”."""
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 60:
        return _("%d min") % max(minutes, 1)
    if minutes < 24 * 60:
        return _("%d h") % (minutes // 60)
    days = minutes // (24 * 60)
    return ngettext("%d day", "%d days", days) % days


def moment(at: datetime) -> str:
    """The day and time in the clinic's zone; this year's without the year."""
    here = timezone.localtime(at)
    this_year = here.year == timezone.localtime().year
    return formats.date_format(here, "D j M, H:i" if this_year else "j M Y, H:i")


def day(at: datetime) -> str:
    """The day in the clinic's zone; this year's without the year."""
    here = timezone.localtime(at)
    this_year = here.year == timezone.localtime().year
    return formats.date_format(here, "j M" if this_year else "j M Y")


def near(at: datetime) -> str:
    """A moment as one says it: “today 17:00”, “Fri 14:00”, “Mon 30 Nov, 12:00”."""
    here = timezone.localtime(at)
    days = (here.date() - timezone.localdate()).days
    if days == 0:
        return _("today %s") % formats.date_format(here, "H:i")
    return formats.date_format(here, "D H:i") if -7 < days < 0 else moment(at)
