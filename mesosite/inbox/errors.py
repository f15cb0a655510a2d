"""Answers to staff whose form was not taken, with what they typed."""

import sys

from django import db
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mesosite.inbox import drafts
from mesosite.pages.content.errors import ContentError
from mesosite.pages.same_origin import comes_from_own_page
from mesosite.pages.unpublished import no_pages
from mesosite.pages.views import errors

UNAVAILABLE = 503


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Leads back to the page of a form with an old token; 403 for a form of another site.

    A token is old after another login of the same browser.
    """
    if not comes_from_own_page(request):
        return errors.forbidden(request)
    if not drafts.keep(request):
        messages.error(
            request, _("This page was open from before a login. Nothing was done: do it again.")
        )
    match = request.resolver_match
    if match and match.url_name == "mfa_login_webauthn":  # it shows no page
        return redirect("account_login")
    return redirect(request.path)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500; where the database failed at a step of staff, 503 with what was typed, to send again;
    503 too where a content file cannot be read, which ends no request of a published site.

    The page needs no database.
    """
    match, error = request.resolver_match, sys.exc_info()[1]
    if isinstance(error, ContentError):
        return no_pages(staff=request.path.startswith(reverse("inbox:list")))
    step = request.method == "POST" and match and match.namespace == "inbox"
    if not (step and isinstance(error, db.Error)):
        return errors.server_error(request)
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context = {"typed": [pair for pair in typed if pair[0] != "csrfmiddlewaretoken"]}
    return render(request, "inbox/unavailable.html", context, status=UNAVAILABLE)
