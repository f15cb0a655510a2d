"""What happens to logins: each event is recorded, and some change the session."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import Event
from mesosite.http import sessions
from mesosite.inbox.login import limits
from mesosite.inbox.login.codes import use_code
from mesosite.inbox.people.sessions import record


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    sessions.start(request.session)
    record(request, user)
    limits.know(request, user)
    try_record(Event.LOGGED_IN, request, user, by="+".join(_shown(request, user)) or "-")


def _shown(request: HttpRequest, user: User) -> list[str]:
    """What this session has shown of its login, such as ["password", "totp"]."""
    records = get_authentication_records(request, user)
    return [str(record.get("type", record["method"])) for record in records]


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user:
        try_record(Event.LOGGED_OUT, request, user)


@receiver(mfa.authenticator_added)
@receiver(mfa.authenticator_reset)
def _factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """The session that has set up a factor has shown it; new recovery codes follow the old."""
    try_record(Event.FACTOR_ADDED, request, user, type=str(authenticator.type))
    if authenticator.type == Authenticator.Type.TOTP:
        use_code(authenticator, request.POST.get("code", ""))  # it does not log in a second time
    is_new = kwargs["signal"] is mfa.authenticator_added
    if not (is_new and authenticator.type == Authenticator.Type.RECOVERY_CODES):
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=str(authenticator.type)
        )


@receiver(mfa.authenticator_removed)
def _factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    try_record(Event.FACTOR_REMOVED, request, user, type=str(authenticator.type))


@receiver([account.password_reset, account.password_changed])
def _password_set(request: HttpRequest, user: User, **kwargs: Any) -> None:
    try_record(Event.PASSWORD_SET, request, user)
    limits.know(request, user)
    limits.forget_attempts(request, user)
