"""The patient's own page: see, add a message, correct, download, take the request back."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mesosite.enquiries import patient_side
from mesosite.enquiries.models import StaleChange
from mesosite.enquiries.own_access import own_page, quiet_page
from mesosite.enquiries.own_forms import CorrectionForm, MessageForm, WithdrawForm
from mesosite.enquiries.own_record import as_json, record
from mesosite.pages.context import site

UNPROCESSABLE, TOO_MANY = 422, 429


@own_page("GET")
def show(request, enquiry, link):
    context = {"record": record(enquiry), "link": link, "form": MessageForm()}
    return render(request, "enquiries/patient/show.html", context)


@own_page("GET", "POST")
def add_message(request, enquiry, link):
    sent = request.POST if request.method == "POST" else None
    form = MessageForm(sent)
    if sent is None:
        return _page(request, "message", form, link)
    if not form.is_valid():
        return _page(request, "message", form, link, UNPROCESSABLE)
    try:
        patient_side.add_message(enquiry, form.cleaned_data["message"])
    except patient_side.TooOften:
        return _page(request, "message", form, link, TOO_MANY)
    return redirect(reverse("enquiries:patient", args=[link]) + "#messages")


@own_page("GET", "POST")
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
        patient_side.correct(enquiry, **form.given())
    except patient_side.TooOften:
        return _page(request, "correct", form, link, TOO_MANY)
    return redirect(reverse("enquiries:patient", args=[link]) + "#given")


@own_page("GET")
def download(request, enquiry, link, kind):
    """A copy of everything: `json` for programs, `html` for people."""
    given = record(enquiry)
    if kind == "json":
        response = JsonResponse(
            as_json(given), json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
    else:
        context = site() | {"record": given, "now": timezone.now()}
        response = HttpResponse(render_to_string("enquiries/patient/copy.html", context))
    name = f"request-{enquiry.shown_code}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@own_page("GET", "POST")
def withdraw(request, enquiry, link):
    sent = request.POST if request.method == "POST" else None
    form = WithdrawForm(sent, visit_to_come=enquiry.has_visit_to_come)
    if sent is None:
        return _page(request, "withdraw", form, link, enquiry=enquiry)
    if not form.is_valid():
        return _page(request, "withdraw", form, link, UNPROCESSABLE, enquiry=enquiry)
    try:
        patient_side.withdraw(enquiry, cancel_visit=form.cancels_visit())
    except StaleChange:  # a visit was booked meanwhile: the page asks about it now
        return redirect("enquiries:withdraw", link)
    return redirect("enquiries:erased")


@own_page("GET", "POST")
def elsewhere(request, enquiry, link, rest=""):
    """An address below the link that is none, or the link without its last stroke."""
    return redirect("enquiries:patient", link)


@quiet_page
def erased(request):
    return render(request, "enquiries/patient/erased.html")


def _page(request, name, form, link, status=200, **context):
    """The page of one form. 422: with what to mend; 429: with the news that it was not kept."""
    context |= {
        "form": form,
        "link": link,
        "problems": form.problems(),
        "too_often": status == TOO_MANY,
    }
    return render(request, f"enquiries/patient/{name}.html", context, status=status)
