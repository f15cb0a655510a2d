"""The clinic page: what a manager sets for the whole clinic."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mesosite.enquiries import answer_times
from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import ClinicValues, Closure, Event, SavedReply
from mesosite.enquiries.transactions import write
from mesosite.inbox import drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.clinic.forms import ClosureForm, ReplyForm, ValuesForm
from mesosite.inbox.confirm import confirm
from mesosite.inbox.decorators import reads_and_posts
from mesosite.inbox.lists.menu import menu


@require_safe
def page(request: StaffRequest) -> HttpResponse:
    context = {
        "values": ClinicValues.current(),
        "closures": Closure.objects.filter(last_day__gte=timezone.localdate()),
        "replies": SavedReply.objects.all(),
        "without_promise": answer_times.without_promise(),
    }
    return render(request, "inbox/clinic/page.html", context | menu("more"))


@reads_and_posts
def values(request: StaffRequest) -> HttpResponse:
    context = {"title": _("Answer times"), "submit": _("Save")}
    return _edit(request, ValuesForm, ClinicValues.current(), "values", context)


@reads_and_posts
def closure(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(Closure, pk=pk) if pk else Closure()
    context = {"title": _("Change a closure") if pk else _("Add a closure"), "submit": _("Save")}
    return _edit(request, ClosureForm, row, "closure", context)


@reads_and_posts
def reply(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(SavedReply, pk=pk) if pk else SavedReply()
    context = {"title": _("Change a reply") if pk else _("Add a reply"), "submit": _("Save")}
    return _edit(request, ReplyForm, row, "reply", context)


@reads_and_posts
def remove_closure(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Closure, pk=pk)
    words = _("Patients read no more of it, and these days count again for the answer.")
    return _remove(request, row, "closure", _("Remove this closure?"), words)


@reads_and_posts
def remove_reply(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SavedReply, pk=pk)
    return _remove(request, row, "reply", _("Remove “%s”?") % row.title, "")


def _edit(
    request: StaffRequest,
    kind: type[ClosureForm | ValuesForm | ReplyForm],
    row: Model,
    what: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The page of a form; 422 with what was typed where it is not taken. what: for the log."""
    draft = drafts.typed_at(request, kind)
    form = kind(instance=row, initial=draft)
    if request.method == "POST":
        form = kind(request.POST, instance=row)
        with write():
            ClinicValues.locked()
            if is_valid := form.is_valid():
                form.save()
        if is_valid:
            drafts.forget(request)
            try_record(Event.CLINIC_CHANGED, request, request.user, change=what)
            messages.success(request, _("Saved."))
            return redirect("inbox:clinic")
    context |= {"form": form, "problems": form.problems()}
    context |= {
        "draft": draft if not form.is_bound else {},
        "back": "inbox:clinic",
        "row": row if row.pk else None,
        "what": what,
    }
    status = 422 if form.is_bound else 200
    return render(request, "inbox/clinic/edit.html", context | menu("more"), status=status)


def _remove(
    request: StaffRequest, row: Model, what: str, question: str, words: str
) -> HttpResponse:
    if request.method == "POST":
        with write():
            row.delete()
        try_record(Event.CLINIC_CHANGED, request, request.user, change=what)
        messages.success(request, _("Removed."))
        return redirect("inbox:clinic")
    return confirm(request, question, words, _("Remove"), back=reverse("inbox:clinic"))
