"""The patient's own page: see, add a message, correct, download, take the request back."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mesosite.enquiries.decorators import quiet_page
from mesosite.enquiries.models import StaleChange
from mesosite.enquiries.patient import actions
from mesosite.enquiries.patient.access import patient_page
from mesosite.enquiries.patient.forms import CorrectionForm, MessageForm, WithdrawForm
from mesosite.enquiries.patient.summary import as_json, summary
from mesosite.pages.context_processors import site_context

UNPROCESSABLE, TOO_MANY = 422, 429


@patient_page("GET")
def show(request, enquiry, link):
    context = {"record": summary(enquiry), "link": link, "form": MessageForm()}
    return render(request, "enquiries/own.html", context)


@patient_page("GET", "POST")
def add_message(request, enquiry, link):
    sent = request.POST if request.method == "POST" else None
    form = MessageForm(sent)
    if sent is None:
        return _page(request, "message", form, link)
    if not form.is_valid():
        return _page(request, "message", form, link, UNPROCESSABLE)
    try:
        actions.add_message(enquiry, form.cleaned_data["message"])
    except actions.RateLimited:
        return _page(request, "message", form, link, TOO_MANY)
    return redirect(reverse("enquiries:own", args=[link]) + "#messages")


@patient_page("GET", "POST")
def correct(request, enquiry, link):
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(sent, enquiry=enquiry)
    if sent is None:
        return _page(request, "correct", form, link)
    if form.has_repeats():
        raise BadRequest("A field of one value came more than once.")
    if not form.is_valid():
        return _page(request, "correct", form, link, UNPROCESSABLE)
    try:
        actions.correct(enquiry, **form.given())
    except actions.RateLimited:
        return _page(request, "correct", form, link, TOO_MANY)
    return redirect(reverse("enquiries:own", args=[link]) + "#given")


@patient_page("GET")
def download(request, enquiry, link, kind):
    """A copy of everything: `json` for programs, `html` for people."""
    given = summary(enquiry)
    if kind == "json":
        response = JsonResponse(
            as_json(given), json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
    else:
        context = site_context() | {"record": given, "now": timezone.now()}
        response = HttpResponse(render_to_string("enquiries/own_copy.html", context))
    name = f"request-{enquiry.shown_code}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@patient_page("GET", "POST")
def withdraw(request, enquiry, link):
    sent = request.POST if request.method == "POST" else None
    form = WithdrawForm(sent, visit_to_come=enquiry.has_visit_to_come)
    if sent is None:
        return _page(request, "withdraw", form, link, enquiry=enquiry)
    if not form.is_valid():
        return _page(request, "withdraw", form, link, UNPROCESSABLE, enquiry=enquiry)
    try:
        actions.withdraw(enquiry, cancel_visit=form.cancels_visit())
    except StaleChange:  # a visit was booked meanwhile: the page asks about it now
        return redirect("enquiries:withdraw", link)
    return redirect("enquiries:erased")


@patient_page("GET", "POST")
def elsewhere(request, enquiry, link, rest=""):
    """An address below the link that is none, or the link without its last stroke."""
    return redirect("enquiries:own", link)


@quiet_page
def erased(request):
    return render(request, "enquiries/erased.html")


def _page(request, name, form, link, status=200, **context):
    """The page of one form. 422: with what to mend; 429: with the news that it was not kept."""
    context |= {
        "form": form,
        "link": link,
        "problems": form.problems(),
        "too_often": status == TOO_MANY,
    }
    return render(request, f"enquiries/own_{name}.html", context, status=status)
