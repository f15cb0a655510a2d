"""A problem after a treatment is a field of its own: the topic of that name moves into it."""

from django.db import migrations, models
from django.db.models.functions import Cast

TOPIC = "problem"


def move(apps, schema_editor):
    rows = apps.get_model("enquiries", "Enquiry").objects.using(schema_editor.connection.alias)
    written = rows.annotate(written=Cast("topics", models.TextField()))
    for row in written.filter(written__contains=f'"{TOPIC}"').only("topics").iterator():
        topics = [topic for topic in row.topics if topic != TOPIC]
        rows.filter(pk=row.pk).update(problem=True, topics=topics)


def move_back(apps, schema_editor):
    rows = apps.get_model("enquiries", "Enquiry").objects.using(schema_editor.connection.alias)
    for row in rows.filter(problem=True).only("topics").iterator():
        rows.filter(pk=row.pk).update(topics=[*row.topics, TOPIC])


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0019_links_and_erasure_by_staff")]

    operations = [
        migrations.AddField("enquiry", "problem", models.BooleanField(default=False)),
        migrations.RunPython(move, move_back),
    ]
