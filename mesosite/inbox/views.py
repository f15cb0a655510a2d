"""The views of the inbox.

A search stands encrypted in the address, since it holds names: no log and no browser history may
have them. Unlike a POST, it works with Back and reload.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial, wraps
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt
from mesosite.enquiries.models import Enquiry, Entry, Event, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.steps import Press, Step, take_step, was_taken
from mesosite.enquiries.undo import send_now, undo
from mesosite.enquiries.workflow import add_note
from mesosite.inbox import done, drafts, saved_replies, todo
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.alerts import desk_alerts
from mesosite.inbox.detail import show_detail
from mesosite.inbox.forms import WorkForm
from mesosite.inbox.lists import (
    back_to,
    list_page,
    mark_read,
    marked_message,
    menu,
    with_failed_mails,
)
from mesosite.inbox.pagination import page_after
from mesosite.inbox.roles import Right, may

View = Callable[..., HttpResponse]
_BOUND_TO, _SINCE = "inbox.find", "inbox.since"


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
def to_do(request: StaffRequest) -> HttpResponse:
    now, whose = timezone.now(), _whose(request)
    rows = todo.to_do(whose, request.user, now)
    shown = todo.page_of(rows, _page_number(request))
    counted = menu("list")
    alerts = desk_alerts(counted["held"])
    for enquiry in shown.enquiries:
        enquiry.mail_failed = enquiry.pk in alerts.failed
    context = {
        "shown": shown,
        "whose": whose,
        "filters": todo.Whose,
        "alerts": alerts,
        "since": dumps(now.isoformat(), salt=_SINCE),
        "now": now,
    }
    return render(request, "inbox/to_do.html", context | counted | done.context(request))


@require_safe
def newer(request: StaffRequest) -> HttpResponse:
    """How many rows of To do came since a page was shown: {"n": 3}. No activity of the person."""
    try:
        since = datetime.fromisoformat(loads(request.GET.get("since", ""), salt=_SINCE))
    except BadSignature as error:
        raise Http404 from error
    rows = todo.to_do(_whose(request), request.user, timezone.now())
    return JsonResponse({"n": todo.newer_than(rows, since)})


newer.is_activity = False  # type: ignore[attr-defined]


def _whose(request: HttpRequest) -> todo.Whose:
    asked = request.GET.get("who", "")
    return todo.Whose(asked) if asked in todo.Whose.values else todo.Whose.EVERYONE


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if re.fullmatch("[1-9][0-9]{0,2}", asked, re.ASCII) else 1


@require_safe
def tab(request: StaffRequest, state: State) -> HttpResponse:
    after = request.GET.get("after", "")
    enquiries, following = list_page(state, after)
    context = {
        "state": state,
        "enquiries": with_failed_mails(enquiries),
        "after": after,
        "following": following,
        "checked": timezone.now(),
    }
    context |= menu("more", state)
    return render(request, "inbox/list.html", context | done.context(request))


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return _search(request, request.POST.get("text", "").strip()[:254])
    text = _decrypted(request.GET.get("for", ""))
    found = index.find(text) if text else []
    if text:
        kind = index.kind_of(text)
        try_record(Event.SEARCHED, request, request.user, kind=kind, found=len(found))
    shown, more = with_failed_mails(found[: index.MAX_RESULTS]), len(found) > index.MAX_RESULTS
    context = {"text": text, "enquiries": shown, "more": more}
    context["is_short_number"] = index.is_short_number(text)
    return render(request, "inbox/search.html", context | menu("find") | done.context(request))


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
    return render(request, "inbox/slots.html", context | menu("visits"))


@only_posted("inbox:slots")
def free(request: StaffRequest, code: str) -> HttpResponse:
    with suppress(StaleChange):  # another person's click was first
        _find(code).free_slot(by=request.user)
    return redirect("inbox:slots")


@require_safe
def enquiry(request: StaffRequest, code: str) -> HttpResponse:
    return show_detail(request, _find(code))


@only_posted("inbox:enquiry", "code")
def step(request: StaffRequest, code: str) -> HttpResponse:
    """A step with the words in the box: both or none are stored."""
    enquiry = _find(code)
    if "use_reply" in request.POST:
        typed = saved_replies.typed_with_reply(enquiry, request.POST)
        return show_detail(request, enquiry, form=WorkForm(enquiry, initial=typed))
    form = WorkForm(enquiry, request.POST)
    refused = partial(show_detail, request, form=form)
    if not form.is_valid():
        return refused(enquiry, status=422)
    press = form.press(request.user)
    if press.step == Step.NOT_URGENT and not may(request.user, Right.HEALTH):
        raise PermissionDenied
    rows = todo.to_do(_whose_of(back_to(request)), request.user, press.now)
    try:
        entry = _taken(enquiry, press, form.cleaned_data["version"])
    except StaleChange:
        return refused(_find(code), stale=True)
    except ValidationError as error:
        form.add_error(None, error)
        return refused(_find(code), status=422)
    drafts.forget(request)
    return done.lead_on(request, enquiry, press.step, entry, todo.following(rows, enquiry.code))


def _taken(enquiry: Enquiry, press: Press, seen: int | None) -> Entry | None:
    """Takes the step, where this person's own first click has not taken it. Raises StaleChange."""
    if press.step == Step.READ and not enquiry.is_unread:
        return None
    if press.step == Step.NOTE and not (enquiry.has_news and seen == enquiry.version):
        return add_note(enquiry, press.note, by=press.by).entry
    try:
        if seen != enquiry.version:
            raise StaleChange
        return take_step(enquiry, press)
    except StaleChange:
        now = _find(enquiry.code)
        if press.step == Step.NOTE:  # news came in this moment, and stays
            return add_note(now, press.note, by=press.by).entry
        if seen is None or not was_taken(now, press, seen):
            raise
        return now.timeline.filter(version=now.version).last()


def _whose_of(address: str) -> todo.Whose:
    given = QueryDict(urlsplit(address).query).get("who", "")
    return todo.Whose(given) if given in todo.Whose.values else todo.Whose.EVERYONE


@only_posted("inbox:enquiry", "code")
def undo_step(request: StaffRequest, code: str) -> HttpResponse:
    """Takes the step back; its words are in the box again."""
    enquiry = _find(code)
    try:
        words = undo(_entry(enquiry, request), by=request.user)
    except StaleChange:
        messages.error(request, _("This can no more be undone. What was done stands below."))
        return redirect("inbox:enquiry", enquiry.code)
    typed = {"text": words.answer or words.note, "question": words.note if words.answer else ""}
    if words.answer or words.note:
        drafts.put_back(request, enquiry.code, to="answer" if words.answer else "note", **typed)
    messages.success(request, _("Undone. Nothing of it left the clinic."))
    done.forget(request)
    return redirect("inbox:enquiry", enquiry.code)


@only_posted("inbox:enquiry", "code")
def send(request: StaffRequest, code: str) -> HttpResponse:
    """What a step shows or mails the patient leaves now, and not after three minutes."""
    enquiry = _find(code)
    try:
        send_now(_entry(enquiry, request), by=request.user)
        messages.success(request, _("Sent. The patient sees it now."))
    except StaleChange:
        messages.error(request, _("This was changed meanwhile. What was done stands below."))
        return redirect("inbox:enquiry", enquiry.code)
    done.forget(request)
    return redirect(back_to(request))


def _entry(enquiry: Enquiry, request: HttpRequest) -> Entry:
    """The entry that a form names. Raises StaleChange where it is not one of this enquiry."""
    given = request.POST.get("entry", "")
    entry = enquiry.timeline.filter(pk=int(given)).first() if given.isdecimal() else None
    if entry is None:
        raise StaleChange
    return entry


def _find(code: str) -> Enquiry:
    related = ("owner", "opened_by", "resembles", "consent")
    return get_object_or_404(Enquiry.objects.with_code(code).select_related(*related))
