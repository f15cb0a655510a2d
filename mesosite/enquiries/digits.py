"""Four digits that open the rest of the patient's page, since a mailbox may be shared.

The link alone opens what a mail could say too: how the request stands, by when it is answered, the
visit. Words, health and answers open by the last four digits of the phone, or by four that the page
after sending has shown. The address then holds a signed mark for OPEN_FOR, since no cookie is set.
"""

import re
from datetime import timedelta

from django.core import signing
from django.db.models import F
from django.utils import timezone

from mesosite.enquiries.models import Enquiry, Entry
from mesosite.enquiries.models.enquiry import MAX_WRONG_DIGITS as MAX_WRONG
from mesosite.enquiries.transactions import write
from mesosite.normal_form import plain

OPEN_FOR = timedelta(minutes=30)
_signer = signing.TimestampSigner(salt="mesosite.enquiries.opened", sep=".")


class WrongDigits(Exception):
    """They are not the digits. `Enquiry.wrong_digits` says how many tries there were."""


class NoDigits(Exception):
    """What was typed is not four digits: no try is counted."""


def parted(address: str) -> tuple[str, str]:
    """(the secret link, the mark or "") of the part of an address that stands for an enquiry."""
    link, _dot, mark = address.partition(".")
    return link, mark


def opened(enquiry: Enquiry) -> str:
    """The part of an address that opens the whole page from now on, for OPEN_FOR."""
    if not enquiry.page_digits:
        return enquiry.link
    return f"{enquiry.link}.{_signer.sign(_signed(enquiry)).partition('.')[2]}"


def is_open(enquiry: Enquiry, mark: str) -> bool:
    """A mark ends when the digits change, or tries have locked the page. Without digits: always."""
    if not enquiry.page_digits:
        return True
    if not mark or is_locked(enquiry):
        return False
    try:
        _signer.unsign(f"{_signed(enquiry)}.{mark}", max_age=OPEN_FOR)
    except signing.BadSignature:
        return False
    return True


def is_locked(enquiry: Enquiry) -> bool:
    """Whether no digits open the page: staff have to help."""
    return enquiry.page_is_locked or enquiry.has_unreadable_digits


def check(enquiry: Enquiry, typed: str) -> None:
    """Raises NoDigits, and WrongDigits also where tries have locked the page.

    A try is counted before it is compared, so that many at once are not more than MAX_WRONG. Right
    digits after wrong ones are an entry of the timeline: patient and staff read that there were
    some.
    """
    digits = re.sub(r"[\s.-]", "", plain(typed))
    if not re.fullmatch("[0-9]{4}", digits, re.ASCII):
        raise NoDigits
    row, after_wrong_ones = Enquiry.objects.filter(pk=enquiry.pk), enquiry.wrong_digits > 0
    counted = row.filter(wrong_digits__lt=MAX_WRONG).update(wrong_digits=F("wrong_digits") + 1)
    if not counted or digits != enquiry.page_digits:
        enquiry.refresh_from_db(fields=["wrong_digits"])  # others may have tried meanwhile
        raise WrongDigits
    with write():
        row.update(wrong_digits=0)
        if after_wrong_ones:
            enquiry.timeline.create(kind=Entry.Kind.WRONG_DIGITS)
    enquiry.wrong_digits = 0


def opened_after_wrong_ones(enquiry: Enquiry) -> bool:
    """Whether the page was opened lately, within OPEN_FOR, after wrong digits."""
    lately = enquiry.timeline.filter(at__gt=timezone.now() - OPEN_FOR)
    return lately.filter(kind=Entry.Kind.WRONG_DIGITS).exists()


def _signed(enquiry: Enquiry) -> str:
    return f"{enquiry.code}-{enquiry.page_digits}"
