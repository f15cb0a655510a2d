"""How often something may be done: the limits, and whether somebody has passed one."""

import datetime
import ipaddress
import re
from enum import StrEnum

from django import db
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite import normal_form
from mesosite.enquiries.models import Enquiry, Rate
from mesosite.enquiries.transactions import write

# Each limit: how many are allowed within the time.
FROM_ONE_FORM = (3, datetime.timedelta(hours=24))  # as long as its token lasts
FROM_ONE = ((5, datetime.timedelta(minutes=10)), (20, datetime.timedelta(days=1)))
ON_SITE = (200, datetime.timedelta(hours=1))
WRONG_LINKS = (20, datetime.timedelta(minutes=10))  # from one address
# Confirmations, when they leave: to one mailbox, for senders of one network, for the whole site.
TO_MAILBOX = (3, datetime.timedelta(days=1))
FOR_NETWORK = FROM_ONE
FOR_SITE = (60, datetime.timedelta(hours=1))
TO_STAFF = (1, datetime.timedelta(minutes=10))  # mails of one kind
ABOUT_SPAM = (1, datetime.timedelta(hours=23))  # looked at every hour: within a day
# Providers that ignore signs in the name of a mailbox: {domain: (its chief domain, the signs)}.
_PROVIDERS = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), ("gmail.com", ".")),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), ("proton.me", "._-")),
}
CHANGES = (20, datetime.timedelta(days=1))  # messages and corrections of one enquiry


def is_crowded(address: str) -> bool:
    """Counts one request from `address`; True where that passes FROM_ONE or ON_SITE.

    The row of the site is always the last, so that no two transactions wait for each other.
    """
    limits = {_key(address, str(window)): (limit, window) for limit, window in FROM_ONE}
    limits[_key("site", "site")] = ON_SITE
    counts = Rate.count_one({key: window for key, (_limit, window) in limits.items()})
    return any(counts[key] > limit for key, (limit, _window) in limits.items())


def is_worn(token: str) -> bool:
    """Counts one request from the form of `token`; True where that passes FROM_ONE_FORM.

    Before `is_crowded`, so that no two transactions wait for each other.
    """
    return _passes(FROM_ONE_FORM, _key(token, "form"))


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


class Ceiling(StrEnum):
    """What has had its number of confirmations."""

    MAILBOX = "mailbox"
    NETWORK = "network"
    SITE = "site"


def confirmation_ceiling(email: str, network: str) -> tuple[Ceiling, datetime.datetime] | None:
    """Counts a confirmation; or, where a ceiling is reached, returns it and when it ends.

    network: `network_hash` of its sender, "" where staff vouch for the request.
    """
    found = {_key(mailbox(email), "mail"): (Ceiling.MAILBOX, TO_MAILBOX)}
    if network:
        for limit in FOR_NETWORK:
            found[_key(network, f"mail {limit[1]}")] = (Ceiling.NETWORK, limit)
    found[_hash("confirmations")] = (Ceiling.SITE, FOR_SITE)
    full = Rate.take({key: limit for key, (_ceiling, limit) in found.items()})
    return full and (found[full[0]][0], full[1])


def staff_mail_ceiling(kind: str) -> datetime.datetime | None:
    """Counts a mail of this kind to staff; or, where TO_STAFF is reached, says when it ends."""
    full = Rate.take({_hash(f"to staff {kind}"): TO_STAFF})
    return full and full[1]


def tells_of_morning(day: datetime.date) -> bool:
    """Counts the mail of this morning; False where another process counted it."""
    once = (1, datetime.timedelta(days=2))
    return Rate.take({_hash(f"morning {day}"): once}) is None


def tells_of_spam() -> bool:
    """Counts one mail to staff about spam; False where ABOUT_SPAM is reached."""
    return Rate.take({_hash("about spam"): ABOUT_SPAM}) is None


def network_hash(address: str) -> str:
    """A keyed hash of the client's network and the day, "" without an address."""
    return _key(address, "network") if address else ""


def mailbox(email: str) -> str:
    """The mailbox of an address in one spelling: without tag, quotes, case, and ignored signs."""
    local, _at, domain = normal_form.email_key(email.rstrip(".")).rpartition("@")
    local = re.sub(r'["\\\s]', "", local)
    local = local.partition("+")[0] or local
    domain, ignored = _PROVIDERS.get(domain, (domain, ""))
    return f"{local.translate(dict.fromkeys(map(ord, ignored)))}@{domain}"


def _passes(limit: tuple[int, datetime.timedelta], key: str) -> bool:
    allowed, window = limit
    return Rate.count_one({key: window})[key] > allowed


def _key(address: str, purpose: str) -> str:
    """A keyed hash of the address and the day, 32 characters."""
    day = timezone.now().date().isoformat()
    return _hash(f"{purpose} {day} {network_of(address)}")


def _hash(text: str) -> str:
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
