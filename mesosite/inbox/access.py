"""Who may enter the inbox. Decided here and nowhere else."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from mesosite.pages.catalogue import clinic

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What a person must reach to set up the second step, before anything else opens.
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


def is_clinic_staff(user):
    return user.is_active and user.is_staff


def lacks_second_factor(user):
    """True where a second factor is asked for, and this person has no app and no passkey."""
    return settings.SECOND_FACTOR and not is_mfa_enabled(user, SECOND_FACTORS)


class StaffMiddleware:
    """Keeps every page that needs a login for clinic staff, each with a second factor.

    Stands after LoginRequiredMiddleware, which has sent strangers to the login. Under /staff/ the
    clock is the clinic's, for what is shown and what is typed, and no browser keeps an answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(reverse("inbox:list")):
            return self.get_response(request)
        with timezone.override(clinic().tz):
            response = self.get_response(request)
        add_never_cache_headers(response)
        return response

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        if not is_clinic_staff(request.user):
            raise PermissionDenied
        if request.resolver_match.url_name not in SETTING_UP and lacks_second_factor(request.user):
            return redirect("mfa_index")
        return None
