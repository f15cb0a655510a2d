"""For the operator's monitor: codes only, never a word of what is wrong inside."""

import datetime

from django import db
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mesosite.enquiries.mail.sender import stuck_mails
from mesosite.enquiries.models import OutgoingMail

OVERDUE_AFTER = datetime.timedelta(minutes=15)  # longer than a sender's lease


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """200: this process can serve."""
    return _answer("ok")


@login_not_required
@require_safe
@never_cache
def readyz(request):
    """200: the database answers and mails are sent; 503 with the word for what does not."""
    try:
        overdue = OutgoingMail.objects.due(since=OVERDUE_AFTER).exists() or stuck_mails().exists()
    except db.Error:
        return _answer("database", 503)
    return _answer("mail", 503) if overdue else _answer("ok")


def _answer(word, status=200):
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain")
