"""Find: a request by code, name, email or phone.

A search stands encrypted in the address, since it holds names: no log and no browser history may
have them. Unlike a POST, it works with Back and reload.
"""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mesosite import normal_form
from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt
from mesosite.enquiries.models import Enquiry, Event
from mesosite.enquiries.search import index
from mesosite.inbox import done, drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.decorators import reads_and_posts
from mesosite.inbox.lists.by_state import failed_mails
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.lists.rows import list_rows

_BOUND_TO = "inbox.find"


@reads_and_posts
def find(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return _search(request, normal_form.line(request.POST.get("text", ""))[:254])
    text = _decrypted(request.GET.get("for", ""))
    waiting = "" if text else drafts.typed_in(request, "text")
    found = index.find(text, Enquiry.objects.select_related("owner__absence")) if text else []
    if text:
        kind = index.kind_of(text)
        try_record(Event.SEARCHED, request, request.user, kind=kind, found=len(found))
    shown, more = found[: index.MAX_RESULTS], len(found) > index.MAX_RESULTS
    rows = list_rows(shown, request.user, failed_mails(shown), with_state=True)
    context = {"text": text, "waiting": waiting, "rows": rows, "more": more}
    context["is_short_number"] = index.is_short_number(text)
    return render(request, "inbox/search.html", context | menu("find") | done.context(request))


def _search(request: StaffRequest, text: str) -> HttpResponse:
    drafts.forget_here(request)
    if found := Enquiry.objects.with_code(text).first():
        try_record(Event.SEARCHED, request, request.user, code=found.code, kind="code", found=1)
        return redirect("inbox:enquiry", found.code)
    query = urlencode({"for": encrypt(text, _BOUND_TO)} if text else {})
    return redirect(f"{reverse('inbox:find')}?{query}")


def _decrypted(text: str) -> str:
    """The text, or "" where it is forged or its key is gone."""
    try:
        return decrypt(text, _BOUND_TO)
    except DecryptionError:
        return ""
