"""The patient's page: read, add a message, help us prepare, correct, download, withdraw."""

from contextlib import suppress
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mesosite.enquiries import address_confirmation, visits
from mesosite.enquiries.answer_times import closures_to_tell
from mesosite.enquiries.consultation.consent import health_consent_words
from mesosite.enquiries.consultation.form_fields import ErrorSummaryForm
from mesosite.enquiries.decorators import found_by_back, private_page, quiet_page
from mesosite.enquiries.digits import is_locked, opened, opened_after_wrong_ones
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, LockedError, StaleChange
from mesosite.enquiries.patient import actions
from mesosite.enquiries.patient.access import PatientRequest, patient_page, wrong_link
from mesosite.enquiries.patient.forms import (
    CorrectionForm,
    MessageForm,
    PrepareForm,
    WithdrawForm,
)
from mesosite.enquiries.patient.summary import as_json, summary
from mesosite.pages.context_processors import site_context


@patient_page("GET", "POST", link_alone=True)
def show(request: PatientRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    if request.method == "POST":  # without digits, which `patient_page` takes
        return redirect("enquiries:patient", link)
    context = {"record": summary(enquiry), "link": link, "closures": closures_to_tell()}
    context |= {"is_open": request.is_open, "enquiry": enquiry, "is_locked": is_locked(enquiry)}
    context["after_wrong_digits"] = request.is_open and opened_after_wrong_ones(enquiry)
    return render(request, "enquiries/patient/show.html", context)


@patient_page("GET", "POST", link_alone=True)
def add_message(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    form = MessageForm(_sent(request))
    if not form.is_valid():
        return _page(request, "message", form, link)
    try:
        actions.add_message(
            enquiry, form.cleaned_data["message"], problem=form.cleaned_data["problem"]
        )
    except actions.RateLimited:
        return _page(request, "message", form, link, too_often=True)
    # An urgent one leads to the top of the page, which says what to do now.
    place = "" if form.cleaned_data["problem"] else "#messages"
    return redirect(reverse("enquiries:patient", args=[link]) + place)


@patient_page("GET", "POST")
def prepare(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    """Answers that help to prepare a visit. Without any, those that were given are erased."""
    form = PrepareForm(_sent(request), enquiry=enquiry)
    page = partial(_page, request, "prepare", form, link, enquiry=enquiry)
    if isinstance(enquiry.answers, Unreadable) or not form.is_valid():
        return page()
    try:
        if any(form.answers().values()):
            actions.prepare(enquiry, form.answers(), health_consent_words())
        else:
            actions.erase_health(enquiry)
    except actions.RateLimited:
        return page(too_often=True)
    return redirect(reverse("enquiries:patient", args=[link]) + "#prepare")


@patient_page("GET", "POST")
def correct(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    form = CorrectionForm(_sent(request), enquiry=enquiry)
    form.refuse_repeats()
    if not form.is_valid():
        return _page(request, "correct", form, link)
    try:
        actions.correct(enquiry, **form.given())
    except actions.RateLimited:
        return _page(request, "correct", form, link, too_often=True)
    place = "" if form.cleaned_data["problem"] and not enquiry.problem else "#given"
    enquiry.refresh_from_db()  # other digits may open it now
    return redirect(reverse("enquiries:patient", args=[opened(enquiry)]) + place)


@patient_page("GET")
def download(request: HttpRequest, enquiry: Enquiry, link: str, kind: str) -> HttpResponse:
    """A copy of everything: `json` for programs, `html` for people."""
    given = summary(enquiry)
    if kind == "json":
        response: HttpResponse = JsonResponse(
            as_json(given), json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
    else:
        context = site_context() | {"record": given, "now": timezone.now()}
        response = HttpResponse(render_to_string("enquiries/patient/copy.html", context))
    name = f"request-{enquiry.shown_code}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@patient_page("GET", link_alone=True)
def visit_file(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    """The visit for the patient's calendar."""
    visit = visits.as_patient_sees(enquiry)
    if visit is None:
        return redirect("enquiries:patient", link)
    response = HttpResponse(
        messages.calendar_of(visit), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


@patient_page("GET", "POST")
def cancel_visit(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    """Asks first. Where the visit changed meanwhile, the patient's page says how it is."""
    if request.method == "POST":
        with suppress(StaleChange):
            actions.cancel_visit(enquiry, request.POST.get("visit", ""))
    elif visit := visits.as_patient_sees(enquiry) if enquiry.has_visit_to_come else None:
        context = {"link": link, "visit": visit}
        return render(request, "enquiries/patient/cancel_visit.html", context)
    return redirect("enquiries:patient", link)


@patient_page("GET", "POST", link_alone=True)
def remind(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    if request.method == "POST":
        actions.want_reminder(enquiry, request.POST.get("reminder") == "yes")
    return redirect("enquiries:patient", link)


@patient_page("GET", "POST")
def withdraw(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    if enquiry.is_locked:
        return _locked(request, enquiry, link)
    form = WithdrawForm(_sent(request), visit_to_come=enquiry.has_visit_to_come)
    if not form.is_valid():
        return _page(request, "withdraw", form, link, enquiry=enquiry)
    try:
        actions.withdraw(enquiry, cancel_visit=form.cancels_visit())
    except (LockedError, StaleChange):  # meanwhile: the page now says so, or asks about a visit
        return redirect("enquiries:withdraw", link)
    return redirect("enquiries:erased")


@patient_page("GET", "POST", link_alone=True)
def elsewhere(request: HttpRequest, enquiry: Enquiry, link: str, rest: str = "") -> HttpResponse:
    """An unknown address below the link, or the link without its last slash."""
    return redirect("enquiries:patient", link)


@private_page
@require_http_methods(["HEAD", "GET", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """A button confirms the address, since programs that scan mail open its links."""
    enquiry = address_confirmation.find(token)
    if enquiry is None:
        return wrong_link(request)
    if request.method == "POST":
        address_confirmation.confirm(enquiry)
        return redirect("enquiries:confirm_address", token)
    context = {"waits": bool(enquiry.address_waits)}
    return render(request, "enquiries/patient/confirm_address.html", context)


@quiet_page
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "enquiries/patient/erased.html")


def _locked(request: HttpRequest, enquiry: Enquiry, link: str) -> HttpResponse:
    """Why the request cannot be taken back, and until when. 409 for whoever tries it."""
    status = 409 if request.method == "POST" else 200
    context = {"enquiry": enquiry, "link": link}
    return render(request, "enquiries/patient/locked.html", context, status=status)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(
    request: HttpRequest, name: str, form: ErrorSummaryForm, link: str, **context: Any
) -> HttpResponse:
    """The page of one form. 422: with the list of errors; 429: with a notice of the limit.

    Back finds all but a form that shows what is stored.
    """
    refused = 429 if context.get("too_often") else 422
    status = refused if form.is_bound else 200
    context |= {"form": form, "link": link, "problems": form.problems()}
    page = render(request, f"enquiries/patient/{name}.html", context, status=status)
    holds_only_what_is_typed = form.is_bound or (not form.initial and name != "withdraw")
    return found_by_back(page) if holds_only_what_is_typed else page
