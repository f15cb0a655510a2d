"""A request taken by phone: the form for a caller, and what is read out at the end."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.consultation.consent import spoken_statement
from mesosite.enquiries.consultation.phone_form import PhoneRequestForm
from mesosite.enquiries.models import Enquiry, Entry, Event
from mesosite.enquiries.models.states import State
from mesosite.inbox import drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.decorators import reads_and_posts
from mesosite.inbox.lists.menu import menu


@reads_and_posts
def form(request: StaffRequest) -> HttpResponse:
    """The consultation form for somebody on the phone. An address is read back before it stores."""
    form = PhoneRequestForm(request.POST if request.method == "POST" else None)
    draft = {} if form.is_bound else drafts.typed_at(request, form)
    form.initial = {**form.initial, **draft}
    form.refuse_repeats()
    if form.is_valid():
        enquiry = form.take(request.user)
        drafts.forget(request)
        return redirect("inbox:taken_by_phone", enquiry.code)
    problems = [] if form.to_read_back else form.problems()
    context = {"form": form, "problems": problems, "draft": draft, "aloud": spoken_statement()}
    status = 422 if form.is_bound else 200
    return render(request, "inbox/by_phone.html", context | menu("find"), status=status)


def taken(request: StaffRequest, code: str) -> HttpResponse:
    """What the caller is told at the end: the code, by when we answer, how the page opens."""
    by_phone = Entry.objects.filter(kind=Entry.Kind.RECEIVED, person__isnull=False)
    rows = Enquiry.objects.with_code(code).exclude(state=State.ERASED)
    enquiry = get_object_or_404(rows.filter(timeline__in=by_phone))
    try_record(Event.OPENED, request, request.user, code=enquiry.code)
    return render(request, "inbox/taken_by_phone.html", {"enquiry": enquiry} | menu("find"))
