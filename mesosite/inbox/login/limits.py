"""How often somebody may try to log in, counted in the database for all processes together.

An attempt counts before it is checked, so that many at once pass no limit; a right one is taken
back. A window begins with its first attempt, and further ones do not lengthen it.

A stranger's attempts may close the password of a person, but only for networks from which that
person has not logged in lately, and for an hour at most. A passkey is never closed, and a new link
to set a password opens the network that it is used from.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries.models import Rate
from mesosite.enquiries.rate_limits import network_of
from mesosite.enquiries.transactions import write
from mesosite.normal_form import email_key

Kind = Literal["password", "code"]
Limit = tuple[int, timedelta]
# Each limit: how many are allowed within the time.
NETWORK: Limit = (30, timedelta(minutes=10))  # of one network, for all persons
PERSON_AND_NETWORK: tuple[Limit, ...] = ((5, timedelta(minutes=10)), (30, timedelta(days=1)))
# Of one person, from all networks that are not known. Only who has the password gets to a code.
PERSON: dict[Kind, Limit] = {
    "password": (50, timedelta(hours=1)),
    "code": (20, timedelta(hours=1)),
}
KNOWN_FOR = timedelta(days=60)  # after a login


class Attempt:
    """One try of a password or code. `email` is the one that was entered, of a login or of none."""

    def __init__(self, request: HttpRequest, kind: Kind, email: str) -> None:
        self._network = network_of(request.META.get("REMOTE_ADDR", ""))
        self._kind, self._email = kind, email_key(email)
        self._counted: list[str] = []

    def is_allowed(self) -> bool:
        """Counts the attempt; False where that passes a limit. Raises django.db.Error."""
        with write():
            for key, (limit, window) in self._limits():
                self._counted.append(key)
                if Rate.count_one({key: window})[key] > limit:
                    return False
        return True

    def take_back(self) -> None:
        with write():
            Rate.uncount_one(self._counted)

    def _limits(self) -> Iterator[tuple[str, Limit]]:
        """The network's comes first: an attempt that it refuses adds no rows."""
        known = _is_known(self._email, self._network)
        if not known:
            yield _key("network", self._network), NETWORK
        for window, limit in enumerate(PERSON_AND_NETWORK):
            yield _key(f"{self._kind} {window}", self._email, self._network), limit
        if not known:
            yield _key(self._kind, self._email), PERSON[self._kind]


def know(request: HttpRequest, user: User) -> None:
    """Remembers the network from which a person has logged in or set a password."""
    key = _known(email_key(user.email), network_of(request.META.get("REMOTE_ADDR", "")))
    with write():
        Rate.objects.update_or_create(
            key=key, defaults={"count": 1, "until": timezone.now() + KNOWN_FOR}
        )


def forget_attempts(request: HttpRequest, user: User) -> None:
    """Opens a network again for a person who has set a new password from it."""
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    keys = [
        _key(f"{kind} {window}", email_key(user.email), network)
        for kind in PERSON
        for window in range(len(PERSON_AND_NETWORK))
    ]
    with write():
        Rate.objects.filter(key__in=keys).delete()


def _is_known(email: str, network: str) -> bool:
    return Rate.objects.filter(key=_known(email, network), until__gt=timezone.now()).exists()


def _known(email: str, network: str) -> str:
    return _key("known", email, network)


def _key(purpose: str, *parts: str) -> str:
    """A keyed hash, 32 characters."""
    text = "\0".join([purpose, *parts])
    return salted_hmac("mesosite.inbox.login", text, algorithm="sha256").hexdigest()[:32]
