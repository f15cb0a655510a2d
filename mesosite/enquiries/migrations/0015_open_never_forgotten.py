"""No enquiry that is worked on is forgotten: an answer is owed, or it comes back on a day."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enquiries', '0014_promises_of_stored_enquiries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('new', 'in_progress', 'waiting')), _negated=True), ('answered_at', None), ('next_on__isnull', False), _connector='OR'), name='open_has_an_answer_owed_or_a_day_on_which_it_comes_back'),
        ),
    ]
