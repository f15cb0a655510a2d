"""The addresses of the login: those of allauth that are needed, under its own names.

`allauth.urls` has more (signing up, changing the email, asking for a new password by mail). allauth
works without them, and `manage.py staff` makes and renews logins.
"""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, re_path, reverse_lazy
from django.views.generic.edit import FormView

from mesosite.inbox import cover, drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.login.forms import ChangePasswordForm, PasswordForm

# After setting the password, a person logs in with it.
set_password = account.PasswordResetFromKeyView.as_view(
    form_class=PasswordForm, success_url=reverse_lazy("account_login")
)


class ChangePasswordView(account.PasswordChangeView):
    """Only for a person who has a password: a new link gives one to the others."""

    form_class = ChangePasswordForm
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class RecogniseMixin(FormView):
    """A form by which a person shows who it is: it opens a covered session too.

    What was not taken is said in the page itself: on a cover nothing else of the session is shown.
    """

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        cover.uncover(self.request)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        covered = cover.is_covered(self.request)
        typed = covered and drafts.wait(self.request)
        return super().get_context_data(**kwargs) | {"covered": covered, "typed": typed}


class PasswordAgainView(RecogniseMixin, account.ReauthenticateView):
    pass


class CodeAgainView(RecogniseMixin, mfa.ReauthenticateView):
    pass


class PasskeyAgainView(RecogniseMixin, webauthn.ReauthenticateWebAuthnView):
    pass


# A security key that supports it becomes a passkey, which logs in without a password.
add_passkey = webauthn.AddWebAuthnView.as_view(initial={"passwordless": True})
# Open between password and second factor too, where a person may turn back.
logout = login_not_required(account.LogoutView.as_view())

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("login/second/", mfa.authenticate, name="mfa_authenticate"),
    path("logout/", logout, name="account_logout"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        set_password,
        name="account_reset_password_from_key",
    ),
    path("confirm/password/", PasswordAgainView.as_view(), name="account_reauthenticate"),
    path("confirm/code/", CodeAgainView.as_view(), name="mfa_reauthenticate"),
    path("confirm/passkey/", PasskeyAgainView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("security/", mfa.index, name="mfa_index"),
    path("security/password/", ChangePasswordView.as_view(), name="account_change_password"),
    path("security/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("security/passkeys/add/", add_passkey, name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"
    ),
    path("security/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
