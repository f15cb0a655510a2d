"""The views of the inbox.

A search stands encrypted in the address, since it holds names: no log and no browser history may
have them. Unlike a POST, it works with Back and reload.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt
from mesosite.enquiries.models import Enquiry, Event, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.inbox import drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.detail import show_detail
from mesosite.inbox.forms import NoteForm, VersionForm, state_form
from mesosite.inbox.lists import in_order, mark_read, marked_message, toolbar, with_failed_mails
from mesosite.inbox.pagination import page_after

View = Callable[..., HttpResponse]
_BOUND_TO = "inbox.find"


def _decrypted(text: str) -> str:
    """The text, or "" where it is forged or its key is gone."""
    try:
        return decrypt(text, _BOUND_TO)
    except DecryptionError:
        return ""


def only_posted(page: str, *keys: str) -> Callable[[View], View]:
    """A view that changes something. A GET, such as the login's return, is redirected.

    page: the URL name to which a GET leads; keys: the arguments of this view that it takes.
    """

    def decorator(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, **given: str) -> HttpResponse:
            if request.method == "POST":
                return view(request, **given)
            return redirect(reverse(page, kwargs={key: given[key] for key in keys}))

        return answer

    return decorator


@require_safe
def tab(request: StaffRequest, state: State) -> HttpResponse:
    after = request.GET.get("after", "")
    enquiries, following = page_after(in_order(state), after)
    context = {
        "state": state,
        "enquiries": with_failed_mails(enquiries),
        "after": after,
        "following": following,
        "checked": timezone.now(),
    }
    return render(request, "inbox/list.html", context | toolbar(state))


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return _search(request, request.POST.get("text", "").strip()[:254])
    text = _decrypted(request.GET.get("for", ""))
    if not text:
        return redirect("inbox:list")
    found = index.find(text)
    kind = index.kind_of(text)
    try_record(Event.SEARCHED, request, request.user, kind=kind, found=len(found))
    shown, more = with_failed_mails(found[: index.MAX_RESULTS]), len(found) > index.MAX_RESULTS
    context = {"text": text, "enquiries": shown, "more": more}
    context["is_short_number"] = index.is_short_number(text)
    return render(request, "inbox/search.html", context | toolbar())


def _search(request: StaffRequest, text: str) -> HttpResponse:
    if found := Enquiry.objects.with_code(text).first():
        try_record(Event.SEARCHED, request, request.user, code=found.code, kind="code", found=1)
        return redirect("inbox:enquiry", found.code)
    query = urlencode({"for": encrypt(text, _BOUND_TO)} if text else {})
    return redirect(f"{reverse('inbox:find')}?{query}")


@only_posted("inbox:spam")
def seen(request: StaffRequest) -> HttpResponse:
    given = request.POST.getlist("seen")
    messages.success(request, marked_message(mark_read(given, by=request.user), given))
    return redirect(f"{reverse('inbox:spam')}?{request.GET.urlencode()}".rstrip("?"))


@require_safe
def slots(request: StaffRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    enquiries, following = page_after(Enquiry.objects.slots_to_free(), after)
    context = {
        "enquiries": enquiries,
        "after": after,
        "following": following,
        "now": timezone.now(),
    }
    return render(request, "inbox/slots.html", context | toolbar())


@only_posted("inbox:slots")
def free(request: StaffRequest, code: str) -> HttpResponse:
    with suppress(StaleChange):  # another person's click was first
        _find(code).free_slot(by=request.user)
    return redirect("inbox:slots")


@require_safe
def enquiry(request: StaffRequest, code: str) -> HttpResponse:
    return show_detail(request, _find(code))


@only_posted("inbox:enquiry", "code")
def note(request: StaffRequest, code: str) -> HttpResponse:
    enquiry, form = _find(code), NoteForm(request.POST)
    if not form.is_valid():
        return show_detail(request, enquiry, note_form=form, status=422)
    try:
        form.add(enquiry, by=request.user)
    except StaleChange:
        return show_detail(request, _find(code), note_form=form, stale=True)
    return _stored(request, enquiry)


@only_posted("inbox:enquiry", "code")
def read(request: StaffRequest, code: str) -> HttpResponse:
    enquiry, note = _find(code), NoteForm(request.POST, with_step=True)
    if "text" in note.errors:
        return show_detail(request, enquiry, note_form=note, status=422)
    try:
        with write():
            VersionForm(request.POST).mark_read(enquiry, by=request.user)
            note.store(enquiry, by=request.user)
    except StaleChange:
        return show_detail(request, _find(code), note_form=note, stale=True)
    return _stored(request, enquiry)


@only_posted("inbox:enquiry", "code")
def move(request: StaffRequest, code: str, to: str) -> HttpResponse:
    """A step, and the note that was typed: both or none are stored."""
    enquiry, state = _find(code), _state(to)
    form, note = state_form(state, request.POST), NoteForm(request.POST, with_step=True)
    refused = partial(show_detail, request, tried=(state, form), note_form=note)
    if not all([form.is_valid(), note.is_valid()]):
        return refused(enquiry, status=422)
    try:
        with write():
            form.act(enquiry, state, by=request.user)
            note.store(enquiry, by=request.user)
    except StaleChange:
        if not form.was_taken(_find(code), state, by=request.user):
            return refused(_find(code), stale=True)
        note.store(enquiry, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return refused(_find(code), status=422)
    return _stored(request, enquiry)


def _stored(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    drafts.forget(request)
    return redirect("inbox:enquiry", enquiry.code)


def _find(code: str) -> Enquiry:
    return get_object_or_404(Enquiry.objects.with_code(code))


def _state(value: str) -> State:
    try:
        return State(value)
    except ValueError as error:
        raise Http404 from error
