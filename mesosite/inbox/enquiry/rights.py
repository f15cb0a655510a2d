"""What a patient may ask at the desk: the link again, a new one, erasure. Each asks first."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite.enquiries import rights
from mesosite.enquiries.audit.record import record
from mesosite.enquiries.models import Enquiry, Event, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.confirm import confirm
from mesosite.inbox.decorators import reads_and_posts


class EraseForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose")), *rights.EraseReason.choices],
        error_messages={"required": gettext_lazy("Choose why it is erased.")},
    )


@reads_and_posts
def send_link(request: StaffRequest, code: str) -> HttpResponse:
    enquiry = _find(code)
    if request.method == "POST":
        with write():
            sent = rights.send_link_again(enquiry)
            record(Event.LINK_SENT, request, request.user, code=enquiry.code)
        if sent:
            messages.success(request, _("The link is on its way to the stored address."))
        return redirect("inbox:enquiry", enquiry.code)
    words = _("It goes to %s, the address that is stored, and to no other.")
    words = words % enquiry.contact.get("email", "")
    return confirm(request, _("Send the link again?"), words, _("Send it"), back=_page(enquiry))


@reads_and_posts
def renew(request: StaffRequest, code: str) -> HttpResponse:
    """Mailed where there is an address, else shown once, to be handed over."""
    enquiry = _find(code)
    if request.method != "POST":
        words = _("The old link ends at once. The new one goes to the stored address.")
        if not enquiry.contact.get("email"):
            words = _("The old link ends at once. There is no address: the new one is shown once.")
        return confirm(
            request, _("Make a new link?"), words, _("Make a new link"), back=_page(enquiry)
        )
    try:
        link = rights.renew_link(enquiry, by=request.user)
    except StaleChange:
        messages.error(request, _("This was changed meanwhile. Look again."))
        return redirect("inbox:enquiry", code)
    if enquiry.contact.get("email"):
        messages.success(request, _("The old link has ended. The new one is on its way."))
        return redirect("inbox:enquiry", enquiry.code)
    address = settings.SITE_URL + reverse("enquiries:patient", args=[link])
    return render(request, "inbox/new_link.html", {"enquiry": enquiry, "address": address})


@reads_and_posts
def erase(request: StaffRequest, code: str) -> HttpResponse:
    enquiry = _find(code)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        words = _("All that the patient wrote goes at once, and no backup brings it back.")
        if enquiry.has_visit_to_come:
            words += " " + _("The visit is cancelled too.")
        question, status = _("Erase this request?"), 422 if form.is_bound else 200
        back = _page(enquiry)
        return confirm(request, question, words, _("Erase it"), back=back, form=form, status=status)
    try:
        with write():
            rights.erase_for_patient(enquiry)
            reason = form.cleaned_data["reason"]
            record(Event.ERASED, request, request.user, code=enquiry.code, reason=reason)
    except StaleChange:
        messages.error(request, _("This was changed meanwhile. Look again."))
        return redirect("inbox:enquiry", code)
    messages.success(request, _("%s is erased.") % enquiry.shown_code)
    return redirect("inbox:list")


def _find(code: str) -> Enquiry:
    live = Enquiry.objects.with_code(code).exclude(state=State.ERASED)
    return get_object_or_404(live)


def _page(enquiry: Enquiry) -> str:
    return reverse("inbox:enquiry", args=[enquiry.code])
