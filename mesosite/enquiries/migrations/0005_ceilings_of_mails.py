"""What ceilings of mails need: the sender's network, and mails about no one enquiry."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("confirmation", "Confirmation to the patient"),
    ("new_enquiry", "New enquiry, to the clinic"),
    ("urgent", "Urgent enquiry, to the clinic"),
    ("new_message", "New message, to the clinic"),
    ("free_slot", "Cancelled visit, to the clinic"),
    ("warning", "Erased soon, to the clinic"),
    ("unseen_spam", "Spam to look at, to the clinic"),
]


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0004_one_a_form")]

    operations = [
        migrations.AddField(
            "enquiry", "network_hash", models.CharField(blank=True, default="", max_length=32)
        ),
        migrations.AlterField(
            "outgoingmail", "kind", models.CharField(choices=KINDS, max_length=16)
        ),
        migrations.AlterField(
            "outgoingmail",
            "enquiry",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mails",
                to="enquiries.enquiry",
            ),
        ),
    ]
