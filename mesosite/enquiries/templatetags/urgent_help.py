"""What somebody with a problem after a treatment does now, wherever a page asks about one."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from mesosite.enquiries.answer_times import opening
from mesosite.pages.catalogue import clinic
from mesosite.pages.content.opening_hours import Opening

register = template.Library()
_THIS_WEEK = timedelta(days=6)  # within it the name of a day is no other day's


@register.inclusion_tag("enquiries/urgent_help.html")
def urgent_help() -> dict[str, Any]:
    """The safety card, and whom to ring: the clinic's number leads only while the clinic is open.

    A clinic without a phone or hours promises nothing, nor does a demonstration.
    """
    now = timezone.now()
    return {"clinic": clinic()} | whom_to_ring(now, opening(now))


def whom_to_ring(now: datetime, hours: Opening | None) -> dict[str, Any]:
    """The context of `urgent_help` beside the clinic. hours: what `opening` says of `now`."""
    here = clinic()
    context: dict[str, Any] = {
        "answers": bool(here.phone and here.hours and not here.demonstration)
    }
    if hours:
        opens, closes = hours
        key, at = ("open_until", closes) if opens <= now else ("closed_until", opens)
        context[key] = _day_and_time(at, now)
    return context


def _day_and_time(at: datetime, now: datetime) -> str:
    """“17:00” today, “Mon 09:00” this week, else “Mon 7 Dec, 09:00”; at: in the clinic's zone."""
    if at.date() == now.astimezone(at.tzinfo).date():
        return date_format(at, "H:i")
    return date_format(at, "D H:i" if at - now < _THIS_WEEK else "D j M, H:i")
