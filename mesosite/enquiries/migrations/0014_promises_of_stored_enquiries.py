"""What is stored already gets its promise, and its answer or day where its state tells of one.

due_at: by the clinic's hours as they are published, where they can be read. answered_at: staff
answered before an enquiry waited, was booked or closed, unless the patient has written since.
"""

import datetime

from django.db import migrations
from django.db.models import F

ERASED, WAITING = "erased", "waiting"
ANSWERED = (WAITING, "booked", "closed")
URGENT, URGENT_HOURS, BATCH, WAITS = 0, 2, 500, datetime.timedelta(days=7)


def fill(apps, schema_editor):
    enquiries = apps.get_model("enquiries", "Enquiry").objects
    answered = enquiries.filter(state__in=ANSWERED, state_since__gte=F("asked_at"))
    answered.update(answered_at=F("state_since"))
    last, due_at = 0, _promises()
    rows = enquiries.exclude(state=ERASED).only("asked_at", "priority", "state", "state_since")
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        for row in batch:
            row.due_at = due_at(row.asked_at, urgent=row.priority == URGENT)
            row.next_on = (row.state_since + WAITS).date() if row.state == WAITING else None
        enquiries.bulk_update(batch, ["due_at", "next_on"])


def _promises():
    """What computes a promise; None for every moment where the hours cannot be read."""
    try:
        from mesosite.pages.catalogue import clinic

        own = clinic()
    except Exception:
        return lambda asked_at, urgent: None

    def answer_due(asked_at, urgent):
        hours = own.answer_within_hours and (URGENT_HOURS if urgent else own.answer_within_hours)
        return own.answer_due(asked_at, hours, own.closed)

    return answer_due


def empty(apps, schema_editor):
    columns = {"due_at": None, "answered_at": None, "next_on": None}
    apps.get_model("enquiries", "Enquiry").objects.update(**columns)


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0013_what_there_is_to_do")]

    operations = [migrations.RunPython(fill, empty)]
