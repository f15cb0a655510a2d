"""Each step of staff on an enquiry, which is an entry of its timeline, is recorded with it."""

from typing import Any

from allauth.core import context
from django.db.models.signals import post_save
from django.dispatch import receiver

from mesosite.enquiries.audit.record import record
from mesosite.enquiries.models import Entry, Event


@receiver(post_save, sender=Entry)
def _changed(instance: Entry, created: bool, **kwargs: Any) -> None:
    """In the transaction of the change: one that cannot be recorded does not happen."""
    if created and instance.person_id:
        state = {"to": instance.to_state} if instance.to_state else {}
        code, request = instance.enquiry.code, getattr(context, "request", None)
        record(Event.CHANGED, request, instance.person_id, code=code, change=instance.kind, **state)
