"""The public side of an enquiry: ask, bring questions along, see that it was sent."""

import logging
from collections.abc import Hashable
from datetime import datetime
from functools import lru_cache

from django import db
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mesosite.enquiries.answer_times import Promise, opening, promise
from mesosite.enquiries.consultation.consent import consent_version
from mesosite.enquiries.consultation.forms import ConsultationForm
from mesosite.enquiries.consultation.tokens import new_token, read_ticket, ticket_for
from mesosite.enquiries.decorators import quiet_page
from mesosite.enquiries.digits import opened
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.pages.context_processors import site_context, site_key
from mesosite.pages.same_origin import public_form
from mesosite.pages.unpublished import needs_pages

_GAP = "gap-of-the-form"
logger = logging.getLogger(__name__)


@needs_pages
@public_form
def consultation_form(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        now = timezone.now()
        promised = promise(now.replace(second=0, microsecond=0))
        page = _empty_form((site_key(), consent_version(), _openness(now)), promised)
        return HttpResponse(page.replace(_GAP, new_token()))
    form = ConsultationForm(request.POST)
    form.refuse_repeats()
    if form.says_under_18():
        return render(request, "enquiries/under_18.html", {"typed": form.typed()})
    if not form.is_valid():
        return _form_page(request, form, status=422)
    return _store(request, form)


@lru_cache(maxsize=8)
def _empty_form(key: Hashable, promised: Promise) -> str:
    """The form before anything is filled in, made once a minute at most: _GAP is for the token.

    key: all that it shows beside `promised`.
    """
    form = ConsultationForm(initial={"token": _GAP})
    context = site_context() | {"form": form} | promised._asdict()
    return render_to_string("enquiries/form.html", context)


def _openness(now: datetime) -> tuple[bool, datetime | None]:
    """(whether the clinic is open, until when it stays so): what the form says beside a problem."""
    opens, closes = opening(now) or (None, None)
    is_open = opens is not None and opens <= now
    return is_open, closes if is_open else opens


@needs_pages
@public_form
def bring_questions(request: HttpRequest) -> HttpResponse:
    """The form with what is given filled in. Writes nothing.

    Given: questions that somebody ticked on a page, or all that was typed before a slip at the age.
    """
    if request.method != "POST":
        return redirect("enquiries:form")
    return _form_page(request, ConsultationForm.filled_in(request.POST))


@quiet_page
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next. The ticket shows the code, and leads to the patient's page."""
    ticket = read_ticket(request.GET.get("e", ""))
    enquiry = _enquiry_of(*ticket) if ticket else None
    promised = promise(enquiry.created_at if enquiry else timezone.now())
    link = enquiry.link if enquiry and not isinstance(enquiry.link, Unreadable) else ""
    due = enquiry.due_at if enquiry else None
    context = {"enquiry": enquiry, "link": link, "due": due, "closures": promised.closures}
    context["opened"] = opened(enquiry) if enquiry and link else ""
    return render(request, "enquiries/sent.html", context)


def _enquiry_of(code: str, row_id: str) -> Enquiry | None:
    """The enquiry with this code, in its own row. The code is shown even without a database."""
    try:
        live = Enquiry.objects.exclude(state=State.ERASED)
        return live.filter(code=code, row_id=row_id).first()
    except db.Error:
        return Enquiry(code=code, link="")


def _store(request: HttpRequest, form: ConsultationForm) -> HttpResponse:
    try:
        submission = form.submit(request.META.get("REMOTE_ADDR", ""))
    except (db.Error, OSError) as error:
        # Its message may hold the row that was refused, and so what a patient wrote.
        logger.error("An enquiry could not be stored: %s", type(error).__name__)
        return _form_page(request, form, status=503)
    ticket = ticket_for(submission.enquiry)
    return redirect(reverse("enquiries:sent", query={"e": ticket}))


def _form_page(request: HttpRequest, form: ConsultationForm, status: int = 200) -> HttpResponse:
    """The form. 422: with the list of errors; 503: with a notice that it was not stored."""
    context = {
        "form": form,
        "problems": form.problems(),
        "not_sent": status == 503,
    } | promise(timezone.now())._asdict()
    return render(request, "enquiries/form.html", context, status=status)
