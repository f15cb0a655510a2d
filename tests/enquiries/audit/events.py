"""Rows of the record as a test needs them, past the function that writes them."""

from datetime import timedelta

from django.utils import timezone

from mesosite.enquiries.models import AuditEvent, Event


def event(what=Event.OPENED, *, ago=timedelta(), kept=timedelta(days=1095), **values):
    at = timezone.now() - ago
    return AuditEvent.objects.create(what=what, at=at, until=at + kept, **values)


def stored():
    """Every column of every row, in their order."""
    return list(AuditEvent.objects.order_by("id").values())
