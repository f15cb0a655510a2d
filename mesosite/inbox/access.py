"""Access to the inbox. It is decided here and nowhere else, by the table in `roles`."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import Event
from mesosite.http import sessions
from mesosite.inbox import cover, drafts
from mesosite.inbox.people.sessions import record
from mesosite.inbox.roles import ADDRESSES, has_manager, rights_of, roles_of
from mesosite.pages.catalogue import clinic

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# The addresses at which a person without a second factor sets one up, open before any other.
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


class StaffRequest(HttpRequest):
    """A request that StaffMiddleware has let through."""

    user: User


def is_clinic_staff(user: User | AnonymousUser) -> bool:
    return user.is_active and user.is_staff


def needs_second_factor(request: HttpRequest) -> HttpResponse | None:
    """The answer to a session that has shown no second factor, or None to let it in.

    The session counts and not the person: one that has only the password stays outside when its
    owner sets up an app elsewhere, and may not add a factor itself. A factor that is removed takes
    the sessions with it that it has opened.
    """
    if not settings.SECOND_FACTOR:
        return None
    owned = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    records = get_authentication_records(request, request.user)
    if any(record["method"] == "mfa" and record["id"] in owned for record in records):
        return None
    if not set(owned.values()) & set(SECOND_FACTORS):
        match = request.resolver_match
        return None if match and match.url_name in SETTING_UP else redirect("mfa_index")
    logout(request)
    messages.info(request, _("Log in again, with your second step."))
    return redirect("account_login")


def without_right(request: HttpRequest) -> HttpResponse | None:
    """The answer to a person whose roles do not open this address, or None to let it in."""
    if ADDRESSES.get(_page(request)) in rights_of(request.user):
        return None
    context = {"has_role": bool(roles_of(request.user)), "has_manager": has_manager()}
    return render(request, "inbox/without_right.html", context, status=403)


class LoginMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the login. What was typed as a login ended is there after the next."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        is_cover = request.resolver_match and request.resolver_match.view_name == cover.COVER
        path = request.POST.get("path", "") if is_cover else ""
        if request.method == "POST" and drafts.keep(request, path):
            messages.error(
                request, _("Your login had ended. What you typed is there again after you log in.")
            )
        return super().handle_no_permission(request, view_func)


class StaffMiddleware:
    """Keeps every page that needs a login for clinic staff, each with a second factor.

    It stands after LoginMiddleware, which sends strangers to the login. Under /staff/ the
    time zone is the clinic's, for output and input, and no browser keeps an answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("inbox:list")):
            return self.get_response(request)
        with timezone.override(clinic().tz):
            response = self.get_response(request)
        if response.status_code == 403:
            try_record(Event.REFUSED, request, request.user, page=_page(request))
        add_never_cache_headers(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: object,
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not is_clinic_staff(request.user):
            raise PermissionDenied
        if answer := needs_second_factor(request):
            drafts.keep(request)
            return answer
        if answer := cover.lead_there(request) or without_right(request):
            return answer
        if getattr(view, "is_activity", True) and not cover.is_covered(request):
            sessions.keep_alive(request.session)
            record(request, request.user)
        return None


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "-"
