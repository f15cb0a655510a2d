"""Each row with encrypted columns gets a random id; 0009 fills it in. Search hashes are made anew."""

import django.db.models.deletion
from django.db import migrations, models

from mesosite.enquiries.encryption.fields import EncryptedJSONField

ROWS = ("enquiry", "note", "message", "outgoingmail")


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0009_upkeep")]

    operations = [
        *(
            migrations.AddField(name, "row_id", models.CharField(max_length=32, null=True))
            for name in ROWS
        ),
        migrations.AddField("enquiry", "found_by", EncryptedJSONField(default=dict)),
        migrations.DeleteModel("SearchTerm"),
        migrations.CreateModel(
            "SearchTerm",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bits", models.SmallIntegerField()),
                ("term", models.IntegerField()),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="enquiries.enquiry",
                    ),
                ),
            ],
            {"indexes": [models.Index(fields=["bits", "term", "enquiry"], name="search_term")]},
        ),
    ]
