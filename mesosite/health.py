"""For the operator's monitor: codes only, without details of what is wrong inside."""

import datetime

from django import db
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mesosite.enquiries.mail.sender import stuck_mails
from mesosite.enquiries.models import OutgoingMail

OVERDUE_AFTER = datetime.timedelta(minutes=15)  # longer than a sender's lease


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200: this process can serve."""
    return _answer("ok")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200: the database answers and mails are sent; else 503 with "database" or "mail"."""
    try:
        overdue = OutgoingMail.objects.due(since=OVERDUE_AFTER).exists() or stuck_mails().exists()
    except db.Error:
        return _answer("database", 503)
    return _answer("mail", 503) if overdue else _answer("ok")


def _answer(word: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain")
