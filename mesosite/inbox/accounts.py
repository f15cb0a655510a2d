"""Logins of clinic staff: made and renewed by a link that works once, for one day."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import AbstractUser, User
from django.db.models import Q
from django.http.request import split_domain_port
from django.urls import reverse

from mesosite import normal_form
from mesosite.enquiries.transactions import write
from mesosite.inbox.roles import keep_a_manager, roles_of, set_roles


class LoginDisabledError(Exception):
    """The login exists and was disabled; only `enable=True` opens it again."""


def display_name(user: AbstractUser) -> str:
    """The full name of a member of staff, or the email address where none is set."""
    return user.get_full_name() or user.email


def make_login(
    email: str, *, name: str = "", roles: Iterable[str] = (), enable: bool = False
) -> User:
    """The staff user of this e-mail, created where missing.

    name: replaces the old one. roles: are added to those that the person has. Raises AddressError
    and LoginDisabledError.
    """
    email, name = normal_form.email(email).lower(), normal_form.line(name)
    with write():
        return _stored_login(email, name, roles, enable)


def _stored_login(email: str, name: str, roles: Iterable[str], enable: bool) -> User:
    user = login_of(email) or User(username=email, email=email)
    if user.pk and not enable and not (user.is_staff and user.is_active):
        raise LoginDisabledError
    user.is_staff = user.is_active = True
    user.first_name = name or user.first_name
    if not (user.password and user.has_usable_password()):
        user.set_unusable_password()  # a new one each time: an older unused link is void
    user.save()
    # allauth demands a verified e-mail before a second factor.
    verified = {"primary": True, "verified": True}
    EmailAddress.objects.update_or_create(user=user, email=user.email.lower(), defaults=verified)
    if roles:
        set_roles(user, roles_of(user).union(roles))
    return user


def login_of(email: str) -> User | None:
    """The user of an address in any spelling, also where it was stored with a domain in letters."""
    key = normal_form.email_key(email)
    stored = Q(email__iexact=key) | Q(email__iexact=normal_form.readable_email(key))
    return User.objects.filter(stored).first()


def disable_login(user: User) -> None:
    """Ends the sessions and unused links of a login, for good: none is back when it is enabled.

    Raises LastManagerError.
    """
    with write():
        keep_a_manager(user)
        user.is_active = False
        user.set_unusable_password()  # a new one, which every session and link is compared with
        user.save()


def password_link(user: User) -> str:
    """The address that sets a password: void after one use, and after PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    names = {"uidb36": user_pk_to_url_str(user), "key": key}
    return site_address() + reverse("account_reset_password_from_key", kwargs=names)


def is_number(host: str) -> bool:
    """Whether a host is an IP address, such as 127.0.0.1:8000 or [::1]."""
    try:
        ip_address(split_domain_port(host)[0].strip("[]"))
    except ValueError:
        return False
    return True


def site_address() -> str:
    """SITE_URL; localhost on this machine, since a passkey belongs to a name and not to an IP."""
    if settings.SECURE:
        return settings.SITE_URL
    return f"http://localhost:{urlsplit(settings.SITE_URL).port or settings.PORT}"
