"""The codes of an app (RFC 6238), each good once, for all processes together."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db.models import Q

from mesosite.enquiries.transactions import write


def use_code(app: Authenticator, code: str) -> bool:
    """Whether `code` is one that the app shows now, and newer than the last one that was used.

    The counter of the last one (half minutes since 1970) is kept beside the secret, and set by one
    UPDATE: of two requests with the same code one wins.
    """
    secret = decrypt(app.data["secret"])
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return _advance(app, counter)
    return False


def _advance(app: Authenticator, counter: int) -> bool:
    older = Q(data__last_counter__lt=counter) | Q(data__last_counter__isnull=True)
    data = app.data | {"last_counter": counter}
    with write():
        rows = Authenticator.objects.filter(older, pk=app.pk).update(data=data)
    if rows:
        app.data = data
    return bool(rows)
