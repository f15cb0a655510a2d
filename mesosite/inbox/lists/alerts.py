"""What stands above To do, only while it is so."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import is_open

MAX_SHOWN = 3
MAX_FAILED = 50
FAILED_LATELY = timedelta(days=30)
FIRST_WORDS = 80  # characters


@dataclass(frozen=True)
class Alerts:
    """held_first: the latest of what is held as spam, that nobody has looked at.

    failed: the keys of the enquiries about which a mail could not be delivered; failed_first: the
    latest of them.
    """

    held_first: list[Enquiry]
    failed: list[int]
    failed_first: list[Enquiry]


def desk_alerts(held: int) -> Alerts:
    """held: how many are held as spam, that nobody has looked at."""
    failed = _failed()
    rows = Enquiry.objects.in_bulk(failed[:MAX_SHOWN]) if failed else {}
    held_first = list(Enquiry.objects.unseen_spam()[:MAX_SHOWN]) if held else []
    return Alerts(held_first, failed, [rows[key] for key in failed[:MAX_SHOWN] if key in rows])


def _failed() -> list[int]:
    """Open enquiries about which a mail failed that nobody has made up for by an answer."""
    lately = timezone.now() - FAILED_LATELY
    unmended = Q(enquiry__answered_at=None) | Q(enquiry__answered_at__lt=F("failed_at"))
    open_ = is_open("enquiry__state")
    mails = OutgoingMail.objects.filter(unmended, open_, failed_at__isnull=False)
    mails = mails.filter(failed_at__gt=lately)
    latest = mails.order_by("-failed_at").values_list("enquiry", flat=True)[:MAX_FAILED]
    return list(dict.fromkeys(key for key in latest if key))


def first_words(enquiry: Enquiry) -> str:
    """The beginning of what somebody wrote, on one line."""
    if isinstance(enquiry.answers, Unreadable):
        return str(enquiry.answers)
    words = " ".join((enquiry.answers.get("message") or "").split())
    return words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"
