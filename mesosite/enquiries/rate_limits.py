"""How often something may be done: the limits, and whether somebody has passed one."""

import datetime
import ipaddress

from django import db
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries.models import Enquiry, Rate
from mesosite.enquiries.transactions import write

# Each limit: how many are allowed within the time.
FROM_ONE = ((5, datetime.timedelta(minutes=10)), (20, datetime.timedelta(days=1)))
ON_SITE = (200, datetime.timedelta(hours=1))
WRONG_LINKS = (20, datetime.timedelta(minutes=10))  # from one address
MAILS = (3, datetime.timedelta(days=1))  # confirmations to one email address
CHANGES = (20, datetime.timedelta(days=1))  # messages and corrections of one enquiry


def is_crowded(address: str) -> bool:
    """Counts one request from `address`; True where that passes FROM_ONE or ON_SITE.

    The row of the site is always the last, so that no two transactions wait for each other.
    """
    limits = {_key(address, str(window)): (limit, window) for limit, window in FROM_ONE}
    limits[_key("site", "site")] = ON_SITE
    counts = Rate.count_one({key: window for key, (_limit, window) in limits.items()})
    return any(counts[key] > limit for key, (limit, _window) in limits.items())


def guesses_too_much(address: str) -> bool:
    """Whether `address` has reached WRONG_LINKS. Writes nothing."""
    lately = Rate.objects.filter(key=_key(address, "link"), until__gt=timezone.now())
    return lately.filter(count__gte=WRONG_LINKS[0]).exists()


def count_guess(address: str) -> None:
    """Counts a wrong link. Where the database cannot be written now, nothing is counted."""
    try:
        with write():
            Rate.count_one({_key(address, "link"): WRONG_LINKS[1]})
    except db.Error:
        pass


def changes_too_often(enquiry: Enquiry) -> bool:
    """Counts one message or correction; True where that passes CHANGES."""
    return _passes(CHANGES, _key(enquiry.code, "change"))


def mails_too_often(email: str) -> bool:
    """Counts one confirmation to `email`; True where that passes MAILS."""
    return _passes(MAILS, _key(email.casefold(), "mail"))


def _passes(limit: tuple[int, datetime.timedelta], key: str) -> bool:
    allowed, window = limit
    return Rate.count_one({key: window})[key] > allowed


def _key(address: str, purpose: str) -> str:
    """A keyed hash of the address and the day, 32 characters."""
    day = timezone.now().date().isoformat()
    text = f"{purpose} {day} {network_of(address)}"
    return salted_hmac("mesosite.enquiries.rate", text, algorithm="sha256").hexdigest()[:32]


def network_of(address: str) -> str:
    """The /64 of an IPv6 address, which one household has whole; other addresses as they are."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), 64), strict=False))
