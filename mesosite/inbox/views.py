"""What staff search for: sealed while it stands in an address, so that Back and reload work.

Names have no place in addresses, logs and the browser's history. A page that was posted cannot be
gone back to without asking for it again; a sealed address can.
"""

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

from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt
from mesosite.enquiries.models import Enquiry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.inbox.detail import show_detail
from mesosite.inbox.forms import NoteForm, VersionForm, state_form
from mesosite.inbox.lists import in_order, mark_seen, toolbar, what_was_marked, with_failed_mails
from mesosite.inbox.pagination import page_after

_BOUND_TO = "inbox.find"


def encrypt_query(text):
    return encrypt(text, _BOUND_TO)


def decrypt_query(text):
    """What was sealed, or "" where it was made up or its key is gone."""
    try:
        return decrypt(text, _BOUND_TO)
    except DecryptionError:
        return ""


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
    enquiries, following = page_after(in_order(state), after)
    context = {"state": state, "enquiries": with_failed_mails(enquiries), "after": after}
    context |= {"following": following, "checked": timezone.now()}
    return render(request, "inbox/list.html", context | toolbar(state))


@require_http_methods(["GET", "HEAD", "POST"])
def find(request):
    if request.method == "POST":
        return _ask(request.POST.get("text", "").strip()[:254])
    text = decrypt_query(request.GET.get("for", ""))
    if not text:
        return redirect("inbox:list")
    found = index.find(text)
    shown, more = with_failed_mails(found[: index.MAX_RESULTS]), len(found) > index.MAX_RESULTS
    context = {"text": text, "enquiries": shown, "more": more}
    return render(request, "inbox/found.html", context | toolbar())


def _ask(text):
    if found := Enquiry.objects.with_code(text).first():
        return redirect("inbox:enquiry", found.code)
    query = urlencode({"for": encrypt_query(text)} if text else {})
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
    return show_detail(request, _find(code))


@only_posted("inbox:enquiry", "code")
def note(request, code):
    enquiry, form = _find(code), NoteForm(request.POST)
    if not form.is_valid():
        return show_detail(request, enquiry, note_form=form, status=422)
    try:
        form.add(enquiry, by=request.user)
    except StaleChange:
        return show_detail(request, _find(code), note_form=form, stale=True)
    return redirect("inbox:enquiry", enquiry.code)


@only_posted("inbox:enquiry", "code")
def read(request, code):
    enquiry = _find(code)
    try:
        VersionForm(request.POST).mark_read(enquiry, by=request.user)
    except StaleChange:
        return show_detail(request, _find(code), stale=True)
    return redirect("inbox:enquiry", enquiry.code)


@only_posted("inbox:enquiry", "code")
def move(request, code, to):
    enquiry, to = _find(code), _state(to)
    form = state_form(to, request.POST)
    if not form.is_valid():
        return show_detail(request, enquiry, tried=(to, form), status=422)
    try:
        form.act(enquiry, to, by=request.user)
    except StaleChange:
        return show_detail(request, _find(code), tried=(to, form), stale=True)
    except ValidationError as error:
        form.add_error(None, error)
        return show_detail(request, enquiry, tried=(to, form), status=422)
    return redirect("inbox:enquiry", enquiry.code)


def _find(code):
    return get_object_or_404(Enquiry.objects.with_code(code))


def _state(value):
    try:
        return State(value)
    except ValueError as error:
        raise Http404 from error
