"""The clock of an enquiry, who has it, its next day; answers to patients; what undoing needs."""

import django.db.models.deletion
import django.utils.timezone
import mesosite.enquiries.encryption.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enquiries', '0012_every_row_has_its_id'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_id', models.CharField(default=mesosite.enquiries.encryption.fields.new_row_id, editable=False, max_length=32, unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', mesosite.enquiries.encryption.fields.EncryptedTextField(max_length=2000)),
            ],
            options={
                'ordering': ['at', 'id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='enquiry',
            name='answered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='for_clinician',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='next_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='next_part',
            field=models.CharField(blank=True, choices=[('morning', 'Morning'), ('midday', 'Midday'), ('afternoon', 'Afternoon'), ('evening', 'Evening')], max_length=16),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='opened_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='opened_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='owner',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiries', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='entry',
            name='due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='undo',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='undone_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='version',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='note',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='enquiries.entry'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='enquiries.entry'),
        ),
        migrations.AlterField(
            model_name='enquiry',
            name='close_reason',
            field=models.CharField(blank=True, choices=[('visited', 'Visited'), ('no_show', 'Did not come'), ('against', 'Patient decided against it'), ('cannot_help', 'We cannot help'), ('unreachable', 'Could not reach'), ('under_18', 'Under 18'), ('duplicate', 'Same as another request'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], max_length=16),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('received', 'Received'), ('moved', 'Moved'), ('noted', 'Note added'), ('message', 'Message from the patient'), ('corrected', 'Corrected by the patient'), ('read', 'Read'), ('freed', 'Slot freed'), ('taken', 'Taken'), ('given_back', 'Given back'), ('handed_over', 'For a clinician'), ('next_day', 'Call again'), ('spoke', 'Spoke on the phone'), ('they_called', 'They called us'), ('no_answer', 'Called, no answer'), ('left_message', 'Called, left a message'), ('wrong_number', 'Called, wrong number'), ('answered', 'Answered on the patient’s page'), ('urgent', 'Urgent'), ('not_urgent', 'Not urgent'), ('undone', 'Undone')], max_length=16),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('confirmation', 'Confirmation to the patient'), ('new_enquiry', 'New enquiry, to the clinic'), ('urgent', 'Urgent enquiry, to the clinic'), ('new_message', 'New message, to the clinic'), ('free_slot', 'Cancelled visit, to the clinic'), ('warning', 'Erased soon, to the clinic'), ('unseen_spam', 'Spam to look at, to the clinic'), ('test', 'Test, to the clinic'), ('answer', '“You have an answer”, to the patient')], max_length=16),
        ),
        migrations.AddField(
            model_name='answer',
            name='enquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='enquiries.enquiry'),
        ),
        migrations.AddField(
            model_name='answer',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='enquiries.entry'),
        ),
        migrations.AddField(
            model_name='answer',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('failed_at__isnull', False)), fields=['-failed_at'], name='mail_failed'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('has_news', True), models.Func(models.F('state'), output_field=models.BooleanField(), template="(%(expressions)s NOT IN ('closed', 'spam', 'erased'))")), fields=['asked_at', 'id'], name='enquiry_open_with_news'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('answered_at__isnull', True), models.Func(models.F('state'), output_field=models.BooleanField(), template="(%(expressions)s NOT IN ('closed', 'spam', 'erased'))")), fields=['priority', 'due_at', 'id'], name='enquiry_owed'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('next_on__isnull', False), models.Func(models.F('state'), output_field=models.BooleanField(), template="(%(expressions)s NOT IN ('closed', 'spam', 'erased'))")), fields=['next_on', 'id'], name='enquiry_next_day'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('owner__isnull', False), models.Func(models.F('state'), output_field=models.BooleanField(), template="(%(expressions)s NOT IN ('closed', 'spam', 'erased'))")), fields=['owner', 'due_at', 'id'], name='enquiry_by_owner'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('for_clinician', True), models.Func(models.F('state'), output_field=models.BooleanField(), template="(%(expressions)s NOT IN ('closed', 'spam', 'erased'))")), fields=['due_at', 'id'], name='enquiry_for_clinician'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('seen_at__isnull', True), models.Func(models.F('state'), output_field=models.BooleanField(), template="(%(expressions)s = 'spam')")), fields=['-state_since', '-id'], name='enquiry_unseen_spam'),
        ),
    ]
