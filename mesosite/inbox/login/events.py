"""What happens to logins: each event is a line of the log, and some change the session.

A line names the event, the person by number, and the network by a keyed hash, by which attempts
from one network are found without its address: `failed person=3 network=1f9a62c04b7d by=password`.
"""

import logging
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
from django.utils.crypto import salted_hmac

from mesosite.enquiries.rate_limits import network_of
from mesosite.http import sessions
from mesosite.inbox.login import limits
from mesosite.inbox.login.codes import use_code
from mesosite.inbox.people.sessions import record

logger = logging.getLogger(__name__)


def log(
    event: str, request: HttpRequest | None, person: User | int | None = None, **details: object
) -> None:
    """Logs an event. `details` are codes and numbers, never what somebody typed."""
    number = getattr(person, "pk", person)
    said = {"person": number or "-", "network": _network(request)} | details
    logger.info("%s %s", event, " ".join(f"{name}={value}" for name, value in said.items()))


def _network(request: HttpRequest | None) -> str:
    """12 characters; "-" for a command at a terminal."""
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    if not address:
        return "-"
    text = network_of(address)
    return salted_hmac("mesosite.inbox.network", text, algorithm="sha256").hexdigest()[:12]


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    sessions.start(request.session)
    record(request, user)
    limits.know(request, user)
    log("in", request, user, by="+".join(_shown(request, user)) or "-")


def _shown(request: HttpRequest, user: User) -> list[str]:
    """What this session has shown of its login, such as ["password", "totp"]."""
    records = get_authentication_records(request, user)
    return [str(record.get("type", record["method"])) for record in records]


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user:
        log("out", request, user)


@receiver(mfa.authenticator_added)
@receiver(mfa.authenticator_reset)
def _factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """The session that has set up a factor has shown it; new recovery codes follow the old."""
    log("factor_added", request, user, type=authenticator.type)
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
    log("factor_removed", request, user, type=authenticator.type)


@receiver([account.password_reset, account.password_changed])
def _password_set(request: HttpRequest, user: User, **kwargs: Any) -> None:
    log("password_set", request, user)
    limits.know(request, user)
    limits.forget_attempts(request, user)
