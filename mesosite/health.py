"""For the operator's monitor: codes only, without details of what is wrong inside."""

import datetime

from django import db
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mesosite.enquiries.mail.sender import stuck_mails
from mesosite.enquiries.models import OutgoingMail
from mesosite.pages.unpublished import pages_since

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
    """200: the database answers, pages are served, and mails are sent; else 503 with "database",
    "content" or "mail". More lines warn of pages that are older than the files."""
    try:
        overdue = OutgoingMail.objects.due(since=OVERDUE_AFTER).exists() or stuck_mails().exists()
    except db.Error:
        return _answer("database", 503)
    if settings.NO_PAGES:
        return _answer("content", 503)
    return _answer("mail", 503, _warning()) if overdue else _answer("ok", 200, _warning())


def _warning() -> str:
    """Why the pages are older than the files, and their day; "" where they are not."""
    since = pages_since()
    reason = f"warning: {settings.NOT_PUBLISHED}\n"
    return f"{reason}The pages are those of {since:%Y-%m-%d}. The log says why.\n" if since else ""


def _answer(word: str, status: int = 200, more: str = "") -> HttpResponse:
    return HttpResponse(f"{word}\n{more}", status=status, content_type="text/plain")
