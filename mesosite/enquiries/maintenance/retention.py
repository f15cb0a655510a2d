"""For how long an enquiry is kept, as clinic.yaml says, and what goes when the time is over."""

import datetime
import logging
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db.models import Q, QuerySet
from django.utils import timezone

from mesosite.enquiries.consultation.submission import SAME_FOR
from mesosite.enquiries.erasure import erase, remember_all
from mesosite.enquiries.mail import messages
from mesosite.enquiries.maintenance.compaction import compact
from mesosite.enquiries.models import Enquiry, OutgoingMail, Rate
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

logger = logging.getLogger(__name__)

WARNING = datetime.timedelta(days=14)
MAILS_KEPT = datetime.timedelta(days=30)
BATCH = 200

OPEN = (State.NEW, State.IN_PROGRESS, State.WAITING)
WITH_VISIT = Q(state=State.BOOKED) | Q(state=State.CLOSED, visit_at__isnull=False)

# By the names of clinic.yaml: which enquiries, and the time from which their days count.
RULES = {
    "spam": (Q(state=State.SPAM), "seen_at"),
    "closed": (Q(state=State.CLOSED, visit_at=None), "state_since"),
    "booked": (WITH_VISIT, "visit_at"),
    "untouched": (Q(state__in=OPEN), "touched_at"),
}
_READ = ("code", "version", "state", "state_since", "visit_at", "seen_at", "touched_at")

# They say that an enquiry was answered: without them, clearing it of spam would mail them again.
_FIRST_MAILS = (OutgoingMail.Kind.CONFIRMATION, OutgoingMail.Kind.NEW_ENQUIRY)


class Expiry(NamedTuple):
    """An enquiry whose time ends: its code, why (a key of RULES), and when (aware datetime)."""

    code: str
    why: str
    at: datetime.datetime


def kept_until(enquiry):
    """The aware datetime until which it is kept if nothing more happens to it.

    None where that is not known yet, as for spam that staff have not seen, and for a tombstone.
    """
    why = _why(enquiry)
    since = getattr(enquiry, RULES[why][1]) if why else None
    if since is None:
        return None
    end = since + _days(why)
    return max(end, (enquiry.warned_at or since) + WARNING) if why == "untouched" else end


def due_for_erasure(now):
    """QuerySet of the enquiries whose time is over at `now` (aware datetime)."""
    warned = ~Q(state__in=OPEN) | Q(warned_at__lte=now - WARNING)
    return Enquiry.objects.filter(_over(now, *RULES), warned)


def to_warn(now):
    """QuerySet of the untouched ones that end within WARNING, and that staff do not know of."""
    return Enquiry.objects.filter(_over(now + WARNING, "untouched"), warned_at=None)


def warn(now):
    """Tell staff which enquiries will be erased untouched. Returns them as Endings."""

    def warn_of(enquiry):
        enquiry.warned_at = now
        enquiry.save(update_fields=["warned_at"])
        messages.queue_warning(enquiry)
        return _expiry(enquiry)

    return _each(to_warn(now), warn_of)


def purge(now=None, dry_run=False):
    """Erase what is over at `now`, and sweep. Returns as Endings what went, or what would go."""
    now = now or timezone.now()
    if dry_run:
        return expiries(due_for_erasure(now))
    gone = _each(due_for_erasure(now), _end)
    _sweep(now)
    return gone


def run_daily_job():
    """For every day: warn, purge and compact. Returns (warned of, gone), each as Endings.

    A row that fails is left and logged. Raises django.db.Error where the database is gone.
    """
    now = timezone.now()
    warned, gone = warn(now), purge(now)
    try:
        remember_all()
        _sweep_mail_files(now)
    except OSError as error:
        logger.error("Ledger or mail files cannot be written: %s", type(error).__name__)
    # Patients erase theirs at any time: those of two days are surely all since the last time.
    if Enquiry.objects.filter(erased_at__gt=now - datetime.timedelta(days=2)).exists():
        compact()
    logger.info("%d warned of, %d erased", len(warned), len(gone))
    return warned, gone


def expiries(rows):
    """The enquiries of a QuerySet as Endings."""
    return [_expiry(enquiry) for enquiry in _by_key(rows)]


def _end(enquiry):
    ending = _expiry(enquiry)
    erase(enquiry)
    return ending


def _expiry(enquiry):
    return Expiry(enquiry.code, _why(enquiry), kept_until(enquiry))


def _why(enquiry):
    """The key of RULES whose enquiries it is of, or None for a tombstone."""
    if enquiry.state == State.CLOSED:
        return "booked" if enquiry.visit_at else "closed"
    others = {State.SPAM: "spam", State.BOOKED: "booked"} | dict.fromkeys(OPEN, "untouched")
    return others.get(enquiry.state)


def _days(why):
    return datetime.timedelta(days=getattr(clinic().keep, why))


def _over(now, *whys):
    over = Q()
    for why in whys:
        which, since = RULES[why]
        over |= which & Q(**{f"{since}__lte": now - _days(why)})
    return over


def _each(rows, act):
    """What `act` returns for each of `rows` that still is one of them when its turn comes."""
    done = []
    for found in _by_key(rows):
        try:
            with write():
                still = _seen(rows).select_for_update().filter(pk=found.pk)
                of_one = [act(enquiry) for enquiry in still]
        except Exception as error:
            logger.error("%s could not be purged: %s", found.code, type(error).__name__)
        else:
            done += of_one
    return done


def _by_key(rows):
    last = 0
    while batch := list(_seen(rows).filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _seen(rows):
    """Without what patients gave: a value that cannot be read must not stop its own erasing."""
    return rows.only(*_READ, "warned_at")


def _sweep(now):
    """What is of no more use beside the enquiries, in batches, each in a short transaction."""
    known_again = Enquiry.objects.filter(created_at__lte=now - SAME_FOR)
    settled = Q(sent_at__lt=now - MAILS_KEPT) | Q(failed_at__lt=now - MAILS_KEPT)
    _in_batches(Rate.objects.filter(until__lt=now), QuerySet.delete)
    _in_batches(
        known_again.exclude(sent_hash=None, token_hash=""),
        lambda rows: rows.update(sent_hash=None, token_hash=""),
    )
    _in_batches(
        OutgoingMail.objects.filter(settled).exclude(kind__in=_FIRST_MAILS), QuerySet.delete
    )
    with write():
        call_command("clearsessions")


def _sweep_mail_files(now):
    """The mails that were written to files, where that is what becomes of mails."""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        oldest = (now - MAILS_KEPT).timestamp()
        for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _in_batches(rows, act):
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        with write():
            act(rows.filter(pk__in=keys))
