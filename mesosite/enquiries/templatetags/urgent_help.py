"""What somebody with a problem after a treatment does now, wherever a page asks about one."""

from typing import Any

from django import template
from django.utils import timezone

from mesosite.enquiries.answer_times import opening, whom_to_ring
from mesosite.pages.catalogue import clinic

register = template.Library()


@register.inclusion_tag("enquiries/urgent_help.html")
def urgent_help() -> dict[str, Any]:
    """The safety card, and whom to ring: the clinic's number leads only while the clinic is open.

    A clinic without a phone or hours promises nothing, nor does a demonstration.
    """
    now = timezone.now()
    return {"clinic": clinic()} | whom_to_ring(now, opening(now))
