"""What was booked before visits had rows of their own becomes a visit whose length nobody knows."""

from django.db import migrations

ERASED, BATCH = "erased", 500


def fill(apps, schema_editor):
    enquiries = apps.get_model("enquiries", "Enquiry").objects
    visit = apps.get_model("enquiries", "Visit")
    booked = enquiries.filter(visit_at__isnull=False).only("visit_at", "state")
    last = 0
    while batch := list(booked.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        visit.objects.bulk_create(
            visit(enquiry_id=row.pk, at=row.visit_at, is_cancelled=row.state == ERASED)
            for row in batch
        )


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0016_visits")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
