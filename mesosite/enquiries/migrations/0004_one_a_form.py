"""The same answers are one enquiry where they come from one form; from two forms they are two."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0003_freed_slots")]

    operations = [
        migrations.AlterField(
            "enquiry", "sent_hash", models.CharField(db_index=True, max_length=64, null=True)
        ),
        migrations.AddConstraint(
            "enquiry",
            models.UniqueConstraint(fields=("token_hash", "sent_hash"), name="one_a_form"),
        ),
    ]
