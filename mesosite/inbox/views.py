from contextlib import suppress
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mesosite.enquiries import searching
from mesosite.enquiries.life import State
from mesosite.enquiries.models import Enquiry, StaleChange
from mesosite.inbox.asking import opened, sealed
from mesosite.inbox.forms import NoteForm, VersionForm, move_form
from mesosite.inbox.paging import page
from mesosite.inbox.seeing import mark_seen, what_was_marked
from mesosite.inbox.sheet import show_sheet
from mesosite.inbox.tabs import in_order, toolbar, with_failed_mails


def only_posted(page, *keys):
    """For what changes something. A GET, to which the login returns, changes nothing.

    page: the name of the address to which a GET leads; keys: what that one takes of this one's.
    """

    def decorator(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request, **given):
            if request.method == "POST":
                return view(request, **given)
            return redirect(page, **{key: given[key] for key in keys})

        return answer

    return decorator


@require_safe
def tab(request, state):
    after = request.GET.get("after", "")
    enquiries, following = page(in_order(state), after)
    context = {"state": state, "enquiries": with_failed_mails(enquiries), "after": after}
    context |= {"following": following, "checked": timezone.now()}
    return render(request, "inbox/list.html", context | toolbar(state))


@require_http_methods(["GET", "HEAD", "POST"])
def find(request):
    if request.method == "POST":
        return _ask(request.POST.get("text", "").strip()[:254])
    text = opened(request.GET.get("for", ""))
    if not text:
        return redirect("inbox:list")
    found = searching.find(text)
    shown, more = with_failed_mails(found[: searching.MOST]), len(found) > searching.MOST
    context = {"text": text, "enquiries": shown, "more": more}
    return render(request, "inbox/search.html", context | toolbar())


def _ask(text):
    if found := Enquiry.objects.with_code(text).first():
        return redirect("inbox:enquiry", found.code)
    query = urlencode({"for": sealed(text)} if text else {})
    return redirect(f"{reverse('inbox:find')}?{query}")


@only_posted("inbox:spam")
def seen(request):
    given = request.POST.getlist("seen")
    messages.success(request, what_was_marked(mark_seen(given, by=request.user), given))
    return redirect(f"{reverse('inbox:spam')}?{request.GET.urlencode()}".rstrip("?"))


@require_safe
def slots(request):
    context = {"enquiries": Enquiry.objects.slots_to_free(), "now": timezone.now()}
    return render(request, "inbox/slots.html", context | toolbar())


@only_posted("inbox:slots")
def free(request, code):
    with suppress(StaleChange):  # somebody else's click was first: it is free
        _find(code).free_slot(by=request.user)
    return redirect("inbox:slots")


@require_safe
def enquiry(request, code):
    return show_sheet(request, _find(code))


@only_posted("inbox:enquiry", "code")
def note(request, code):
    enquiry, form = _find(code), NoteForm(request.POST)
    if not form.is_valid():
        return show_sheet(request, enquiry, note_form=form, status=422)
    try:
        form.add(enquiry, by=request.user)
    except StaleChange:
        return show_sheet(request, _find(code), note_form=form, stale=True)
    return redirect("inbox:enquiry", enquiry.code)


@only_posted("inbox:enquiry", "code")
def read(request, code):
    enquiry = _find(code)
    try:
        VersionForm(request.POST).mark_read(enquiry, by=request.user)
    except StaleChange:
        return show_sheet(request, _find(code), stale=True)
    return redirect("inbox:enquiry", enquiry.code)


@only_posted("inbox:enquiry", "code")
def move(request, code, to):
    enquiry, to = _find(code), _state(to)
    form = move_form(to, request.POST)
    if not form.is_valid():
        return show_sheet(request, enquiry, tried=(to, form), status=422)
    try:
        form.act(enquiry, to, by=request.user)
    except StaleChange:
        return show_sheet(request, _find(code), tried=(to, form), stale=True)
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
