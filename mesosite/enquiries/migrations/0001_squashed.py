"""The tables of version 1.0, in place of its three migrations."""

import django.db.models.deletion
import django.utils.timezone
import mesosite.enquiries.encryption.fields
import mesosite.enquiries.models.enquiry
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ('enquiries', '0001_initial'),
        ('enquiries', '0002_private_and_once'),
        ('enquiries', '0003_seal_what_was_plain'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('key', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('until', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=12)),
                ('language', models.CharField(max_length=10)),
                ('statement', models.TextField()),
                ('privacy', models.TextField()),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'language'), name='one_text_a_version')],
            },
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=mesosite.enquiries.models.enquiry.new_code, editable=False, max_length=10, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('state', models.CharField(choices=[('new', 'New'), ('in_progress', 'In progress'), ('waiting', 'Waiting'), ('booked', 'Booked'), ('closed', 'Closed'), ('spam', 'Spam'), ('erased', 'Erased')], default='new', max_length=16)),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('priority', models.SmallIntegerField(choices=[(0, 'Urgent'), (1, 'Normal')], default=1)),
                ('version', models.PositiveIntegerField(default=1)),
                ('topics', models.TextField(default='[]')),
                ('contact', mesosite.enquiries.encryption.fields.EncryptedJSONField(default=dict)),
                ('answers', mesosite.enquiries.encryption.fields.EncryptedJSONField(default=dict)),
                ('visit_at', models.DateTimeField(blank=True, null=True)),
                ('close_reason', models.CharField(blank=True, choices=[('visited', 'Visited'), ('no_show', 'Did not come'), ('declined', 'Declined'), ('unreachable', 'Could not reach'), ('under_18', 'Under 18'), ('duplicate', 'Duplicate'), ('withdrawn', 'Withdrawn')], max_length=16)),
                ('link', mesosite.enquiries.encryption.fields.EncryptedTextField(default=mesosite.enquiries.models.enquiry.new_link)),
                ('link_hash', models.CharField(max_length=22, null=True, unique=True)),
                ('consented_at', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('touched_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('has_news', models.BooleanField(default=False)),
                ('warned_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('token_hash', models.CharField(blank=True, db_index=True, max_length=64)),
                ('sent_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('spam_score', models.PositiveSmallIntegerField(default=0)),
                ('is_crowded', models.BooleanField(default=False)),
                ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='enquiries.consenttext')),
                ('resembles', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='enquiries.enquiry')),
            ],
            options={
                'verbose_name_plural': 'enquiries',
                'indexes': [
                    models.Index(fields=['state', 'priority', 'asked_at', 'id'], name='enquiry_in_turn'),
                    models.Index(fields=['state', 'visit_at', 'id'], name='enquiry_by_visit'),
                    models.Index(fields=['state', '-state_since', '-id'], name='enquiry_latest_first'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'booked'), _negated=True), ('visit_at__isnull', False), _connector='OR'), name='booked_has_a_visit_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), models.Q(('close_reason', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('close_reason', '')), _connector='OR'), name='closed_has_a_reason_and_only_closed'),
                    models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'erased'), _negated=True), ('erased_at', None)), models.Q(('erased_at__isnull', False), ('link_hash', None), ('sent_hash', None), ('state', 'erased')), _connector='OR'), name='erased_has_its_time_and_nothing_that_was_given'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Received'), ('moved', 'Moved'), ('noted', 'Note added'), ('message', 'Message from the patient'), ('corrected', 'Corrected by the patient'), ('read', 'Read')], max_length=16)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('from_state', models.CharField(blank=True, choices=[('new', 'New'), ('in_progress', 'In progress'), ('waiting', 'Waiting'), ('booked', 'Booked'), ('closed', 'Closed'), ('spam', 'Spam'), ('erased', 'Erased')], max_length=16)),
                ('to_state', models.CharField(blank=True, choices=[('new', 'New'), ('in_progress', 'In progress'), ('waiting', 'Waiting'), ('booked', 'Booked'), ('closed', 'Closed'), ('spam', 'Spam'), ('erased', 'Erased')], max_length=16)),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timeline', to='enquiries.enquiry')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'entries',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', mesosite.enquiries.encryption.fields.EncryptedTextField(max_length=2000)),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='enquiries.enquiry')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', mesosite.enquiries.encryption.fields.EncryptedTextField(max_length=2000)),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='enquiries.enquiry')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('confirmation', 'Confirmation to the patient'), ('new_enquiry', 'New enquiry, to the clinic'), ('new_message', 'New message, to the clinic'), ('free_slot', 'Cancelled visit, to the clinic'), ('warning', 'Erased soon, to the clinic')], max_length=16)),
                ('content', mesosite.enquiries.encryption.fields.EncryptedJSONField(default=dict)),
                ('message_id', models.CharField(max_length=255, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=60)),
                ('sent_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='enquiries.enquiry')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('failed_at', None), ('sent_at', None)), fields=['next_try_at', 'id'], name='mail_due'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=22)),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='enquiries.enquiry')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['term', 'enquiry'], name='search_term'),
                ],
            },
        ),
    ]
