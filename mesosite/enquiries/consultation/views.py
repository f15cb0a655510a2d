"""The public side of an enquiry: ask, bring questions along, see that it was sent."""

import logging

from django import db
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from mesosite.enquiries.answer_times import promise
from mesosite.enquiries.consultation.form_page import form_page
from mesosite.enquiries.consultation.forms import ConsultationForm
from mesosite.enquiries.consultation.tokens import read_ticket, ticket_for
from mesosite.enquiries.decorators import quiet_page
from mesosite.enquiries.digits import opened
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.pages.same_origin import public_form
from mesosite.pages.unpublished import needs_pages

logger = logging.getLogger(__name__)


@needs_pages
@public_form
def consultation_form(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(form_page())
    form = ConsultationForm(request.POST)
    form.refuse_repeats()
    if form.says_under_18():
        return render(request, "enquiries/under_18.html", {"typed": form.typed()})
    if not form.is_valid():
        return HttpResponse(form_page(form), status=422)
    return _store(request, form)


@needs_pages
@public_form
def bring_questions(request: HttpRequest) -> HttpResponse:
    """The form with what is given filled in. Writes nothing.

    Given: questions that somebody ticked on a page, or all that was typed before a slip at the age.
    """
    if request.method != "POST":
        return redirect("enquiries:form")
    return HttpResponse(form_page(ConsultationForm.filled_in(request.POST)))


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
        return HttpResponse(form_page(form, not_sent=True), status=503)
    ticket = ticket_for(submission.enquiry)
    return redirect(reverse("enquiries:sent", query={"e": ticket}))
