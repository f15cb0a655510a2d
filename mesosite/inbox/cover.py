"""A session that nobody used for the clinic's idle time is covered: it shows nothing of the desk.

It is open again once its person shows a passkey, a code, or the password where there is no second
step. What was typed waits meanwhile, as `drafts` keeps it. With the script of the desk a page is
covered by itself; without it, the next request is.
"""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import Event
from mesosite.http import sessions
from mesosite.inbox import drafts
from mesosite.inbox.decorators import reads_and_posts
from mesosite.pages.catalogue import clinic

COVER = "inbox:cover"
OPENS_IT = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
"""The addresses at which a person opens a covered session; with COVER the only ones it answers."""


def is_covered(request: HttpRequest) -> bool:
    return sessions.idle_for(request.session) >= 60 * clinic().idle_minutes


def lead_there(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request of a covered session, or None to let it in."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in OPENS_IT or name == COVER or not is_covered(request):
        return None
    drafts.keep(request)
    path = request.path if request.method == "POST" else request.get_full_path()
    return redirect_to_login(path, reverse("account_reauthenticate"))


def uncover(request: HttpRequest) -> None:
    """Opens a covered session, whose person was recognised just now."""
    if is_covered(request):
        sessions.keep_alive(request.session)
        try_record(Event.UNCOVERED, request, request.user)


@reads_and_posts
def cover(request: HttpRequest) -> HttpResponse:
    """What the script of a page asks and tells: {"covered": whether the session is}.

    POST: `here` where its person typed or pressed something lately; else the fields of a form, and
    the `path` that it would be posted to, which wait where the session is covered.
    """
    if request.method != "POST":
        return redirect("inbox:list")
    covered = is_covered(request)
    if covered:
        drafts.keep(request, request.POST.get("path", ""))
    elif request.POST.get("here"):
        sessions.keep_alive(request.session)
    return JsonResponse({"covered": covered})


cover.is_activity = False  # type: ignore[attr-defined]
