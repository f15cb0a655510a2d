"""A freed slot is an entry of its own kind. The timeline of a tombstone holds no other entry."""

from django.db import migrations, models

KINDS = [("received", "Received"), ("moved", "Moved"), ("noted", "Note added"),
         ("message", "Message from the patient"), ("corrected", "Corrected by the patient"),
         ("read", "Read"), ("freed", "Slot freed")]


def mark_freed(apps, schema_editor):
    entries = apps.get_model("enquiries", "Entry").objects.filter(enquiry__state="erased")
    entries.filter(kind="read").update(kind="freed")


def mark_read(apps, schema_editor):
    apps.get_model("enquiries", "Entry").objects.filter(kind="freed").update(kind="read")


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0002_topics_as_json")]

    operations = [
        migrations.AlterField("entry", "kind", models.CharField(choices=KINDS, max_length=16)),
        migrations.RunPython(mark_freed, mark_read),
    ]
