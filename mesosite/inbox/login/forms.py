"""The forms of the login: allauth's, with the limits and the log of this site."""

import struct
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordKeyForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import Event
from mesosite.inbox.login.codes import use_code
from mesosite.inbox.login.limits import Attempt

# What allauth and fido2 let through of a JSON that is no passkey, or has a wrong signature.
NO_PASSKEY = (AttributeError, LookupError, TypeError, ValueError, InvalidSignature, struct.error)


class NewPasswordMixin(forms.Form):
    """The two fields of a new password, with one sentence instead of a list of rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, again = self.fields["password1"], self.fields["password2"]
        first.label, again.label = _("New password"), _("The same again")
        first.help_text = _("At least 12 characters. Three or four unrelated words are good.")


class PasswordForm(NewPasswordMixin, ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPasswordMixin, AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your password now")

    def clean_oldpassword(self) -> str:
        """Goes the way of a login, so that the same limits count."""
        adapter, password = get_adapter(), self.cleaned_data["oldpassword"]
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("incorrect_password")
        return str(password)


class CodeMixin(forms.Form):
    """A field for digits, which a phone fills in by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        }


class AuthenticateMixin(CodeMixin):
    """Takes a code of the app or a recovery code, each once. Needs `user`."""

    user: User

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        attempt = Attempt(context.request, "code", self.user.email)
        if not attempt.is_allowed():
            try_record(Event.LOCKED, context.request, self.user, by="code")
            raise get_adapter().validation_error("too_many_login_attempts")
        found = next((way for way in self._ways() if _takes(way, code)), None)
        if found is None:
            try_record(Event.FAILED, context.request, self.user, by="code")
            raise get_mfa_adapter().validation_error("incorrect_code")
        attempt.take_back()
        self.authenticator = found
        return str(code)

    def _ways(self) -> list[Authenticator]:
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
        return list(Authenticator.objects.filter(user=self.user, type__in=kinds))


def _takes(way: Authenticator, code: str) -> bool:
    if way.type == Authenticator.Type.TOTP:
        return use_code(way, code)
    return bool(way.wrap().validate_code(code))


class AuthenticateForm(AuthenticateMixin, base.AuthenticateForm):
    pass


class ReauthenticateForm(AuthenticateMixin, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(CodeMixin, totp.ActivateTOTPForm):
    pass


class PasskeyMixin(forms.Form):
    """Logs a passkey that was refused. No limit: nobody guesses a signature."""

    user: User | None

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (ValidationError, *NO_PASSKEY) as error:
            try_record(Event.FAILED, context.request, self.user, by="passkey")
            if isinstance(error, ValidationError):
                raise
            raise get_mfa_adapter().validation_error("incorrect_code") from error


class AuthenticateWebAuthnForm(PasskeyMixin, webauthn.AuthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(PasskeyMixin, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(PasskeyMixin, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    def clean(self) -> dict[str, Any] | None:
        try:
            cleaned: dict[str, Any] | None = super().clean()
        except NO_PASSKEY as error:
            raise get_mfa_adapter().validation_error("incorrect_code") from error
        return cleaned
