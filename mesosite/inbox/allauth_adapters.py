"""Where allauth asks the project: who may log in, in which words, under whose name."""

import base64
import os
import secrets
import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.encryption.keys import Key
from mesosite.inbox.access import is_clinic_staff
from mesosite.pages.catalogue import clinic

_SEALED, _NONCE = "sealed.", 12  # plain ones are base32 or hex, and have no dot


class StaffAdapter(DefaultAccountAdapter):
    """Login for clinic staff only. Logins are made by `manage.py staff`, never by signing up.

    allauth's limits on failed logins stay on. They count in Django's cache, here the memory of
    each web process: with two of them an attacker has at most twice the attempts.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This email and password do not match a login. Check both, or ask for a new link."
        ),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code is not right, or too old. Enter the newest one."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """None for who is not clinic staff: the answer is that of a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user and is_clinic_staff(user) else None

    def pre_login(self, request, user, **kwargs):
        """The way of a passkey, which does not pass `authenticate`."""
        if is_clinic_staff(user):
            return super().pre_login(request, user, **kwargs)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request, user):
        request.session.flush()
        self.add_message(request, messages.ERROR, message=_("This login is not in use."))
        return redirect("account_login")

    def is_reauthentication_required(self, **kwargs):
        """Not for who logged in just now, so that the first login leads straight to a passkey."""
        return super().is_reauthentication_required(**kwargs) and not self._just_logged_in()

    def _just_logged_in(self):
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

    def encrypt(self, text):
        """AES-256-GCM under a random nonce: "sealed.<base64url>"."""
        nonce = os.urandom(_NONCE)
        sealed = _cipher().encrypt(nonce, text.encode(), _SEALED.encode())
        return _SEALED + base64.urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text):
        """What was stored plain, by an older version, is read as it is.

        Under another SECRET_KEY it is a secret that nobody has: every code is wrong then.
        """
        if not encrypted_text.startswith(_SEALED):
            return encrypted_text
        try:
            raw = base64.urlsafe_b64decode(encrypted_text.removeprefix(_SEALED))
            return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], _SEALED.encode()).decode()
        except (ValueError, InvalidTag):
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self):
        return clinic().name or super().get_totp_issuer()

    def build_totp_svg(self, url):
        """The bare <svg> element: an XML declaration is an error inside HTML."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user, type):
        return _("Passkey %d") % (Authenticator.objects.filter(user=user, type=type).count() + 1)

    def get_public_key_credential_rp_entity(self):
        entity = super().get_public_key_credential_rp_entity()
        return entity | {"name": clinic().name or entity["name"]}


def _cipher():
    return Key(settings.SECRET_KEY.encode()).cipher
