from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mesosite.enquiries.life import State
from mesosite.enquiries.models import Enquiry, StaleChange
from mesosite.inbox.forms import NoteForm, move_form
from mesosite.inbox.paging import page
from mesosite.inbox.sheet import show_sheet
from mesosite.inbox.tabs import in_order, tabs


@require_safe
def tab(request, state):
    after = request.GET.get("after", "")
    enquiries, following = page(in_order(state), after)
    context = {"state": state, "tabs": tabs(state), "enquiries": enquiries, "after": after}
    return render(
        request, "inbox/list.html", context | {"following": following, "checked": timezone.now()}
    )


@require_safe
def find(request):
    code = request.GET.get("code", "").strip()
    if not code:
        return redirect("inbox:list")
    if found := Enquiry.objects.with_code(code).first():
        return redirect("inbox:enquiry", found.code)
    return render(request, "inbox/not_found.html", {"tabs": tabs(), "code": code})


@require_safe
def enquiry(request, code):
    return show_sheet(request, _find(code))


@require_POST
def note(request, code):
    enquiry = _find(code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_sheet(request, enquiry, note_form=form, status=422)
    enquiry.add_note(form.cleaned_data["text"], by=request.user)
    return redirect("inbox:enquiry", enquiry.code)


@require_POST
def move(request, code, to):
    enquiry, to = _find(code), _state(to)
    form = move_form(to, request.POST)
    if not form.is_valid():
        return show_sheet(request, enquiry, tried=(to, form), status=422)
    try:
        form.act(enquiry, to, by=request.user)
    except StaleChange:
        return show_sheet(request, _find(code), tried=(to, form), stale=True, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return show_sheet(request, enquiry, tried=(to, form), status=422)
    return redirect("inbox:enquiry", enquiry.code)


def _find(code):
    return get_object_or_404(Enquiry.objects.with_code(code))


def _state(value):
    try:
        return State(value)
    except ValueError as error:
        raise Http404 from error
