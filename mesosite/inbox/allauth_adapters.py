"""The adapters of allauth: access to the login, its messages, and the names that it shows."""

import base64
import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.encryption.keys import DecryptionError, key_id_of, login_key
from mesosite.enquiries.models import Event
from mesosite.inbox.access import is_clinic_staff
from mesosite.inbox.accounts import login_of
from mesosite.inbox.cover import is_covered
from mesosite.inbox.login.limits import Attempt
from mesosite.normal_form import email_key
from mesosite.pages.catalogue import clinic

_BOUND_TO = "mfa_authenticator.data"
_FIRST_STEP = "login_first_step"  # the hash of the password then, as Django's sessions hold it
_VERSION_1 = "sealed."  # the prefix of a bare frame, as version 1.0 stored a secret


class StaffAdapter(DefaultAccountAdapter):
    """Login for clinic staff only. `manage.py staff` makes logins; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This email and password do not match a login. Check both, or ask for a new link."
        ),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code is not right, or too old. Enter the newest one."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait ten minutes, then try again. A passkey works at once, and so "
            "does a new link to set a password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """None for a person outside of clinic staff, which answers as for a wrong password."""
        email = email_key(credentials.get("email", ""))
        login = login_of(email)
        attempt = Attempt(request, "password", email)
        if not attempt.is_allowed():
            try_record(Event.LOCKED, request, login, by="password")
            raise self.validation_error("too_many_login_attempts")
        if "email" in credentials:
            credentials["email"] = login.email if login else email
        user = super().authenticate(request, **credentials)
        if user and is_clinic_staff(user):
            attempt.take_back()
            return user
        try_record(Event.FAILED, request, login, by="password")
        return None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """The same check for a passkey, which does not pass `authenticate`."""
        if is_clinic_staff(user):
            request.session[_FIRST_STEP] = user.get_session_auth_hash()
            return super().pre_login(request, user, **kwargs)
        return self.respond_user_inactive(request, user)

    def login(self, request: HttpRequest, user: User) -> None:
        """Refuses a login whose password was changed between the first and the second step."""
        if request.session.pop(_FIRST_STEP, "") != user.get_session_auth_hash():
            request.session.flush()
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        try_record(Event.REFUSED, request, user)
        request.session.flush()
        self.add_message(request, messages.ERROR, message=_("This login is not in use."))
        return redirect("account_login")

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """False right after a login, so that the first login leads straight to a passkey."""
        return super().is_reauthentication_required(**kwargs) and not self._just_logged_in()

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to show who one is. Of a covered session: a passkey first, and the password only
        where there is no second step."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not is_covered(self.request):
            return ways
        return [way for way in ways[::-1] if way["id"] != "reauthenticate"] or ways

    def _just_logged_in(self) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        earliest = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return any(record["at"] > earliest for record in records)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Apps and passkeys show the clinic's name; the picture can stand in the page.

    The secrets of apps and recovery codes are stored encrypted, under a key made from SECRET_KEY.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"]
    }

    def encrypt(self, text: str) -> str:
        return login_key().encrypt(text, _BOUND_TO)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. One that was stored plain (base32 or hex, without a dot) is read as it is.

        Under another SECRET_KEY: a random secret, so that every code is wrong.
        """
        try:
            if encrypted_text.startswith(_VERSION_1):
                frame = encrypted_text.removeprefix(_VERSION_1)
                return login_key().decrypt_frame(frame, _VERSION_1).decode()
            if key_id_of(encrypted_text):
                return login_key().decrypt(encrypted_text, _BOUND_TO)
        except DecryptionError:
            return base64.b32encode(secrets.token_bytes(20)).decode()
        return encrypted_text

    def get_totp_issuer(self) -> str:
        return clinic().name or super().get_totp_issuer()

    def build_totp_svg(self, url: str) -> str:
        """The bare <svg> element: an XML declaration is an error inside HTML."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return _("Passkey %d") % (Authenticator.objects.filter(user=user, type=type).count() + 1)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity = super().get_public_key_credential_rp_entity()
        return entity | {"name": clinic().name or entity["name"]}
