"""From here on a row without an id, whose values are bound to their column alone, is impossible."""

from django.db import migrations, models

from mesosite.enquiries.encryption.fields import new_row_id

ROWS = ("enquiry", "note", "message", "outgoingmail")


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0011_bound_to_their_rows")]

    operations = [
        migrations.AlterField(
            name,
            "row_id",
            models.CharField(default=new_row_id, editable=False, max_length=32, unique=True),
        )
        for name in ROWS
    ]
