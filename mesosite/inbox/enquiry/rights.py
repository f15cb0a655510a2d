"""What a patient may ask at the desk: a link, a copy, a correction, erasure. Each asks first."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from mesosite.enquiries import digits, rights
from mesosite.enquiries.audit.record import record
from mesosite.enquiries.models import Enquiry, Event, LockedError, Note, StaleChange
from mesosite.enquiries.models.enquiry import AddressWaits
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.inbox import drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.confirm import confirm
from mesosite.inbox.decorators import only_posted, reads_and_posts
from mesosite.inbox.enquiry.rights_forms import CorrectContactForm, EraseForm, LockForm
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.roles import Right, may

_FIRST = {
    AddressWaits.COLLEAGUE: _lazy("First a colleague has to agree to the new email address."),
    AddressWaits.PATIENT: _lazy(
        "First the patient has to confirm the email address. A mail asks for it."
    ),
}
"""What has to be done before a new link goes to an address that waits."""
_CONFIRMS = _lazy("The mail that asks to confirm the address is on its way.")


@reads_and_posts
def send_link(request: StaffRequest, code: str) -> HttpResponse:
    """To an address that its owner has not confirmed goes the mail that asks for that."""
    enquiry = _find(code)
    waits = enquiry.address_waits == AddressWaits.PATIENT
    if request.method == "POST":
        with write():
            sent = rights.send_link_again(enquiry)
            record(Event.LINK_SENT, request, request.user, code=enquiry.code)
        if sent:
            messages.success(request, _CONFIRMS if waits else _("The link is on its way."))
        return redirect("inbox:enquiry", enquiry.code)
    to = enquiry.contact.get("email", "")
    words = _("It goes to %s, the address that is stored, and to no other.") % to
    question = _("Ask again to confirm the address?") if waits else _("Send the link again?")
    return confirm(request, question, words, _("Send it"), back=_page(enquiry))


@reads_and_posts
def copy(request: StaffRequest, code: str) -> HttpResponse:
    """The copy of all that is stored, which no member of staff reads: the patient's page has it."""
    enquiry = _find(code)
    if request.method != "POST":
        words = _(
            "The patient’s page makes a copy of all that is stored, the answers about health too. "
            "A mail to %s says where it is, and holds no word of it."
        )
        words, submit = words % enquiry.mailed_to, _("Send the mail")
        return confirm(request, _("Send a copy?"), words, submit, back=_page(enquiry))
    with write():
        sent = rights.send_copy(enquiry)
        record(Event.COPY_SENT, request, request.user, code=enquiry.code)
    if sent:
        messages.success(request, _("The mail that leads to the copy is on its way."))
    return redirect("inbox:enquiry", enquiry.code)


@reads_and_posts
def renew(request: StaffRequest, code: str) -> HttpResponse:
    """Mailed where there is an address, else shown once, to be handed over."""
    enquiry = _find(code)
    if enquiry.address_waits:
        messages.error(request, _FIRST[AddressWaits(enquiry.address_waits)])
        return redirect("inbox:enquiry", enquiry.code)
    if request.method != "POST":
        words = _("The old link ends at once. The new one goes to the stored address.")
        if not enquiry.mailed_to:
            words = _("The old link ends at once. There is no address: the new one is shown once.")
        return confirm(
            request, _("Make a new link?"), words, _("Make a new link"), back=_page(enquiry)
        )
    try:
        link = rights.renew_link(enquiry, by=request.user)
    except StaleChange:
        return _changed_meanwhile(request, code)
    if enquiry.mailed_to:
        messages.success(request, _("The old link has ended. The new one is on its way."))
        return redirect("inbox:enquiry", enquiry.code)
    address = settings.SITE_URL + reverse("enquiries:patient", args=[link])
    return render(request, "inbox/new_link.html", {"enquiry": enquiry, "address": address} | menu())


@reads_and_posts
def contact(request: StaffRequest, code: str) -> HttpResponse:
    """The contact, to be corrected. The old values are kept nowhere, so nothing undoes it."""
    enquiry = _find(code)
    form = CorrectContactForm(request.POST if request.method == "POST" else None, enquiry=enquiry)
    draft = {} if form.is_bound else drafts.typed_at(request, form)
    form.initial = {**form.initial, **draft}
    stale = False
    if form.is_valid():
        enquiry.version = form.cleaned_data["version"]
        try:
            given, by = form.contact(), request.user
            rights.correct_contact(
                enquiry, given, by=by, spoke=form.cleaned_data.get("spoke", False)
            )
        except StaleChange:
            stale, enquiry = True, _find(code)
        else:
            drafts.forget(request)
            messages.success(request, _("Corrected."))
            return redirect("inbox:enquiry", enquiry.code)
    context = {"enquiry": enquiry, "form": form, "problems": form.problems(), "draft": draft}
    context |= {"stale": stale, "version": enquiry.version}
    status = 409 if stale else 422 if form.is_bound else 200
    return render(request, "inbox/contact_form.html", context | menu(), status=status)


@reads_and_posts
def agree(request: StaffRequest, code: str) -> HttpResponse:
    """A second person agrees to an email address that a colleague has given."""
    enquiry = _find(code)
    if request.method != "POST" and enquiry.address_waits:
        words = _("The link to the request goes to %s. Agree only if you know that it is right.")
        words = words % enquiry.contact.get("email", "")
        question, submit = _("Agree to this address?"), _("Agree, and send the link")
        return confirm(request, question, words, submit, back=_page(enquiry))
    try:
        if request.method == "POST":
            rights.agree_to_address(enquiry, by=request.user)
            messages.success(request, _("The link is on its way to the new address."))
    except rights.SamePersonError:
        messages.error(request, _("You gave this address yourself: ask a colleague to agree."))
    except StaleChange:
        return _changed_meanwhile(request, code)
    return redirect("inbox:enquiry", enquiry.code)


@only_posted("inbox:enquiry", "code")
def open_page(request: StaffRequest, code: str) -> HttpResponse:
    """The patient may try the digits of the page again."""
    enquiry = _find(code)
    if digits.is_locked(enquiry):
        with suppress(StaleChange):
            rights.open_page(enquiry, by=request.user)
            messages.success(request, _("The patient can try again, five times."))
    return redirect("inbox:enquiry", enquiry.code)


@reads_and_posts
def lock(request: StaffRequest, code: str) -> HttpResponse:
    enquiry = _find(code)
    form = _form(request, LockForm)
    if not form.is_valid():
        words = _(
            "Until then nothing erases it, not even its patient, who reads why and until when. "
            "It stays open for work."
        )
        question, status = _("Lock this request?"), 422 if form.is_bound else 200
        back = _page(enquiry)
        return confirm(request, question, words, _("Lock it"), back=back, form=form, status=status)
    try:
        rights.lock(enquiry, by=request.user, **form.cleaned_data)
    except StaleChange:
        return _changed_meanwhile(request, code)
    drafts.forget(request)
    messages.success(request, _("Locked."))
    return redirect("inbox:enquiry", enquiry.code)


@reads_and_posts
def unlock(request: StaffRequest, code: str) -> HttpResponse:
    enquiry = _find(code)
    if request.method != "POST":
        words = _("It can be erased again: by its patient, by you, and when its time is over.")
        return confirm(request, _("Unlock this request?"), words, _("Unlock"), back=_page(enquiry))
    try:
        rights.unlock(enquiry, by=request.user)
    except StaleChange:
        return _changed_meanwhile(request, code)
    messages.success(request, _("Unlocked."))
    return redirect("inbox:enquiry", enquiry.code)


@reads_and_posts
def strike(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """Its writer, or a manager, takes a note away for good."""
    enquiry = _find(code)
    note = get_object_or_404(Note.objects.filter(enquiry=enquiry), pk=pk)
    if not can_strike(note, request):
        raise PermissionDenied
    if request.method != "POST":
        day = formats.date_format(note.at, "j F, H:i")
        words = _("The words of %s go for good. That there was a note stays.") % day
        return confirm(request, _("Strike this note?"), words, _("Strike it"), back=_page(enquiry))
    rights.strike(note, by=request.user)
    messages.success(request, _("The note is struck."))
    return redirect("inbox:enquiry", enquiry.code)


@reads_and_posts
def erase(request: StaffRequest, code: str) -> HttpResponse:
    enquiry = _find(code)
    form = _form(request, EraseForm)
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
    except LockedError:
        messages.error(request, _("It is locked: unlock it first."))
        return redirect("inbox:enquiry", code)
    except StaleChange:
        return _changed_meanwhile(request, code)
    drafts.forget(request)
    messages.success(request, _("%s is erased.") % enquiry.shown_code)
    return redirect("inbox:list")


def can_strike(note: Note, request: StaffRequest) -> bool:
    return note.person_id == request.user.pk or may(request.user, Right.DATA)


def _changed_meanwhile(request: StaffRequest, code: str) -> HttpResponse:
    messages.error(request, _("This was changed meanwhile. Look again."))
    return redirect("inbox:enquiry", code)


def _form(request: StaffRequest, kind: type[Form]) -> Form:
    """The form with what was sent, or with what was typed before a login or cover came between."""
    if request.method == "POST":
        return kind(request.POST)
    return kind(initial=drafts.typed_at(request, kind))


def _find(code: str) -> Enquiry:
    live = Enquiry.objects.with_code(code).exclude(state=State.ERASED)
    return get_object_or_404(live)


def _page(enquiry: Enquiry) -> str:
    return reverse("inbox:enquiry", args=[enquiry.code])
