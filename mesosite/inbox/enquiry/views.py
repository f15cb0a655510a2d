"""The views of one request: its page, and the steps that are taken there."""

from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import Enquiry, Entry, Event, StaleChange
from mesosite.enquiries.steps import Press, Step, take_step, was_taken
from mesosite.enquiries.undo import send_now, undo
from mesosite.enquiries.workflow import add_note
from mesosite.inbox import done, drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.decorators import only_posted
from mesosite.inbox.enquiry import saved_replies
from mesosite.inbox.enquiry.detail import Health, show_detail
from mesosite.inbox.enquiry.forms import WorkForm
from mesosite.inbox.lists import todo
from mesosite.inbox.lists.menu import back_to
from mesosite.inbox.roles import Right, may


@require_safe
def enquiry(request: StaffRequest, code: str) -> HttpResponse:
    return show_detail(request, _find(code))


@only_posted("inbox:enquiry", "code")
def health(request: StaffRequest, code: str) -> HttpResponse:
    """The page with the answers about health, once it is recorded who reads them.

    What is typed in the form stays in it.
    """
    enquiry = _find(code)
    shown = Health.of(request.user, enquiry)
    if shown == Health.BEHIND_A_BUTTON:
        recorded = try_record(Event.HEALTH_READ, request, request.user, code=enquiry.code)
        shown = Health.SHOWN if recorded else Health.UNRECORDED
    typed = {name: request.POST[name] for name in request.POST}
    return show_detail(request, enquiry, form=WorkForm(enquiry, initial=typed), health=shown)


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
    listed = QueryDict(urlsplit(back_to(request)).query)
    rows = todo.to_do(todo.Whose.of(listed), request.user, press.now)
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


@only_posted("inbox:slots")
def free(request: StaffRequest, code: str) -> HttpResponse:
    with suppress(StaleChange):  # another person's click was first
        _find(code).free_slot(by=request.user)
    return redirect("inbox:slots")


def _entry(enquiry: Enquiry, request: HttpRequest) -> Entry:
    """The entry that a form names. Raises StaleChange where it is not one of this enquiry."""
    given = request.POST.get("entry", "")
    entry = enquiry.timeline.filter(pk=int(given)).first() if given.isdecimal() else None
    if entry is None:
        raise StaleChange
    return entry


def _find(code: str) -> Enquiry:
    related = ["owner__absence", "opened_by", "address_by", "resembles", "same_as"]
    related += ["consent", "health_consent"]
    return get_object_or_404(Enquiry.objects.with_code(code).select_related(*related))
