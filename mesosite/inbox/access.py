"""Access to the inbox. It is decided here and nowhere else."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from mesosite.inbox import drafts
from mesosite.pages.catalogue import clinic

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# The addresses at which a person sets up the second factor, open before any other.
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


class StaffRequest(HttpRequest):
    """A request that StaffMiddleware has let through."""

    user: User


def is_clinic_staff(user: User | AnonymousUser) -> bool:
    return user.is_active and user.is_staff


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """Whether a second factor is needed, and this person has neither app nor passkey."""
    return settings.SECOND_FACTOR and not is_mfa_enabled(user, SECOND_FACTORS)


class LoginMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the login. What was typed as a login ended is there after the next."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method == "POST" and drafts.keep(request):
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
        add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not is_clinic_staff(request.user):
            raise PermissionDenied
        match = request.resolver_match
        if match and match.url_name not in SETTING_UP and lacks_second_factor(request.user):
            drafts.keep(request)
            return redirect("mfa_index")
        return None
