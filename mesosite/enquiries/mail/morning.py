"""The morning's mail to the clinic: how much there is to do, in numbers. No word of a patient."""

from datetime import datetime, time

from django.db.models import Q
from django.utils import timezone

from mesosite.enquiries import rate_limits
from mesosite.enquiries.answer_times import closed_days
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import ClinicValues, Enquiry, Priority
from mesosite.enquiries.models.enquiry import OWED
from mesosite.enquiries.models.queryset import capped_counts
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

FROM, UNTIL = time(8), time(12)
"""It leaves at FROM in the clinic's zone, or later in the morning where the site stood still."""


def queue_morning() -> None:
    """Queues the mail once on each day on which the clinic is open, if there is anything to say."""
    own, now = clinic(), timezone.now()
    local, to = now.astimezone(own.tz), messages.staff_address()
    today = local.date()
    if not (to and FROM <= local.time() < UNTIL and own.works_on(today, closed_days(today, today))):
        return
    with write():
        if ClinicValues.current().morning_mail and rate_limits.tells_of_morning(today):
            counts = counts_at(now)
            if any(counts.values()):
                messages.queue_morning(to, counts)


def counts_at(now: datetime) -> dict[str, int]:
    """{"new", "late", "urgent", "spam"}: each capped, and each request counted once at most.

    Urgent and late are those of To do's headings; new are the other new requests that it shows,
    under whatever heading. What is put off to a later day is in none of them.
    """
    today = timezone.localdate(now, clinic().tz)
    calm, owed = Q(priority=Priority.NORMAL), Enquiry.objects.filter(OWED)
    late = calm & (Q(next_on=None) | Q(next_on__lt=today)) & Q(due_at__lt=now)
    shown = Q(next_on__lte=today) | Q(has_news=True) | Q(next_on=None) & calm
    at_ease = Q(answered_at__isnull=False) | calm & ~late
    return capped_counts(
        {
            "new": Enquiry.objects.filter(shown, at_ease, state=State.NEW).in_turn(),
            "late": owed.filter(late).order_by("due_at", "id"),
            "urgent": owed.filter(priority=Priority.URGENT).order_by("due_at", "id"),
            "spam": Enquiry.objects.unseen_spam(),
        }
    ).read()
