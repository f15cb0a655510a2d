"""Answers about health have a consent of their own, and events of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0020_problem_out_of_the_topics")]

    operations = [
        migrations.AddField(
            "enquiry",
            "health_consent",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="health_enquiries",
                to="enquiries.consenttext",
            ),
        ),
        migrations.AddField("enquiry", "health_consented_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "entry",
            "kind",
            models.CharField(
                choices=[
                    ("received", "Received"),
                    ("moved", "Moved"),
                    ("noted", "Note added"),
                    ("message", "Message from the patient"),
                    ("corrected", "Corrected by the patient"),
                    ("health_given", "Answers about health given by the patient"),
                    ("health_erased", "Answers about health taken back by the patient"),
                    ("read", "Read"),
                    ("freed", "Slot freed"),
                    ("taken", "Taken"),
                    ("given_back", "Given back"),
                    ("handed_over", "For a clinician"),
                    ("next_day", "Call again"),
                    ("spoke", "Spoke on the phone"),
                    ("they_called", "They called us"),
                    ("no_answer", "Called, no answer"),
                    ("left_message", "Called, left a message"),
                    ("wrong_number", "Called, wrong number"),
                    ("answered", "Answered on the patient’s page"),
                    ("urgent", "Urgent"),
                    ("not_urgent", "Not urgent"),
                    ("visit_moved", "Visit moved"),
                    ("visit_cancelled", "Visit cancelled"),
                    ("new_link", "New link for the patient"),
                    ("undone", "Undone"),
                ],
                max_length=16,
            ),
        ),
    ]
