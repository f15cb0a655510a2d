"""How often something may be done: the limits, and who has passed one."""

import datetime
import ipaddress

from django import db
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries.models.rate import Rate
from mesosite.enquiries.transactions import write

FROM_ONE = ((5, datetime.timedelta(minutes=10)), (20, datetime.timedelta(days=1)))
ON_SITE = (200, datetime.timedelta(hours=1))
WRONG_LINKS = (20, datetime.timedelta(minutes=10))  # from one address
MAILS = (3, datetime.timedelta(days=1))  # confirmations to one email address
CHANGES = (20, datetime.timedelta(days=1))  # messages and corrections of one enquiry


def is_crowded(address):
    """Counts one more request from `address`, and says whether there are too many of late.

    Always in this order, the site last: transactions that wait for each other's rows cannot then
    wait in a circle.
    """
    limits = {_key(address, str(window)): (most, window) for most, window in FROM_ONE}
    limits[_key("site", "site")] = ON_SITE
    counts = Rate.count_one({key: window for key, (_most, window) in limits.items()})
    return any(counts[key] > most for key, (most, _window) in limits.items())


def guesses_too_much(address):
    """Whether too many links that lead nowhere came from `address` of late. Writes nothing."""
    lately = Rate.objects.filter(key=_key(address, "link"), until__gt=timezone.now())
    return lately.filter(count__gte=WRONG_LINKS[0]).exists()


def count_guess(address):
    """Counts a link that leads nowhere. What cannot be written now is not counted."""
    try:
        with write():
            Rate.count_one({_key(address, "link"): WRONG_LINKS[1]})
    except db.Error:
        pass


def changes_too_often(enquiry):
    """Counts one more message or correction, and says whether there are too many today."""
    (most, window), key = CHANGES, _key(enquiry.code, "change")
    return Rate.count_one({key: window})[key] > most


def mails_too_often(email):
    """Counts one more confirmation to `email`, and says whether there are too many today."""
    (most, window), key = MAILS, _key(email.casefold(), "mail")
    return Rate.count_one({key: window})[key] > most


def _key(address, purpose):
    """A keyed hash that says nothing of the address, and another one every day."""
    day = timezone.now().date().isoformat()
    said = f"{purpose} {day} {_network(address)}"
    return salted_hmac("mesosite.enquiries.rate", said, algorithm="sha256").hexdigest()[:32]


def _network(address):
    """An IPv6 address by its /64, which one household has whole."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip if ip.version == 4 else ipaddress.ip_network((int(ip), 64), strict=False))
