"""How long an enquiry is kept, as clinic.yaml says, and what is erased when the time is over."""

import datetime
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from mesosite.enquiries.audit.checks import protect
from mesosite.enquiries.consultation.consent import statements_of_demonstrations
from mesosite.enquiries.consultation.submission import SAME_FOR
from mesosite.enquiries.erasure import erase, remember_all
from mesosite.enquiries.mail import messages
from mesosite.enquiries.mail.sender import GIVEN_UP_AFTER
from mesosite.enquiries.maintenance.compaction import compact
from mesosite.enquiries.maintenance.key_rotation import fit_hashes
from mesosite.enquiries.models import (
    UNDO_FOR,
    AuditEvent,
    Enquiry,
    Entry,
    OutgoingMail,
    Rate,
    Visit,
)
from mesosite.enquiries.models.locks import is_unlocked
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

logger = logging.getLogger(__name__)

WARNING = datetime.timedelta(days=14)
MAILS_KEPT = datetime.timedelta(days=30)
BATCH = 200

OPEN = (State.NEW, State.IN_PROGRESS, State.WAITING)
WITH_VISIT = Q(state=State.BOOKED) | Q(state=State.CLOSED, visit_at__isnull=False)

# The periods of clinic.yaml: for which enquiries, and the time from which their days count.
RULES = {
    "spam": (Q(state=State.SPAM), "seen_at"),
    "closed": (Q(state=State.CLOSED, visit_at=None), "state_since"),
    "booked": (WITH_VISIT, "visit_at"),
    "untouched": (Q(state__in=OPEN), "touched_at"),
}
_COLUMNS = (
    *("code", "version", "state", "state_since", "visit_at", "seen_at", "touched_at"),
    "locked_until",
)


class Expiry(NamedTuple):
    """The end of an enquiry's time: its code, why (a key of RULES), and when (aware datetime)."""

    code: str
    why: str
    at: datetime.datetime


def kept_until(enquiry: Enquiry) -> datetime.datetime | None:
    """The aware datetime of its erasure if nothing happens; None for unseen spam and tombstones."""
    expiry = _expiry(enquiry)
    return expiry.at if expiry else None


def due_for_erasure(now: datetime.datetime) -> QuerySet[Enquiry]:
    """The enquiries whose time is over at `now` (aware datetime)."""
    warned = ~Q(state__in=OPEN) | Q(warned_at__lte=now - WARNING)
    return Enquiry.objects.filter(_over(now, *RULES), warned, is_unlocked())


def to_warn(now: datetime.datetime) -> QuerySet[Enquiry]:
    """The untouched enquiries that end within WARNING, and that staff were not warned of."""
    untouched = Enquiry.objects.filter(_over(now + WARNING, "untouched"), warned_at=None)
    return untouched.filter(is_unlocked())


def warn(now: datetime.datetime) -> list[Expiry]:
    """Tells staff by mail which enquiries will be erased untouched, and returns them."""

    def warn_of(enquiry: Enquiry) -> Expiry | None:
        enquiry.warned_at = now
        enquiry.save(update_fields=["warned_at"])
        messages.queue_for_staff(enquiry, messages.Kind.WARNING)
        return _expiry(enquiry)

    return _each(to_warn(now), warn_of)


def purge(now: datetime.datetime | None = None) -> list[Expiry]:
    """Erases the enquiries whose time is over, and sweeps. Returns those that were erased."""
    now = now or timezone.now()
    erased = _each(due_for_erasure(now), _erase)
    _sweep(now)
    return erased


def of_demonstration() -> QuerySet[Enquiry]:
    """The made-up enquiries, and those that were sent while the clinic had no name."""
    demonstrated = Q(consent=None) | Q(consent__statement__in=statements_of_demonstrations())
    return Enquiry.objects.exclude(state=State.ERASED).filter(demonstrated)


def purge_demonstration() -> int:
    """Erases the enquiries `of_demonstration`. Returns how many."""

    def erase_one(enquiry: Enquiry) -> Expiry:
        erase(enquiry)
        return Expiry(enquiry.code, "demonstration", timezone.now())

    return len(_each(of_demonstration(), erase_one))


def run_daily_job() -> tuple[list[Expiry], list[Expiry]]:
    """Warns, purges, fits the search hashes, compacts. Returns who was warned of, and erased.

    A row that fails is left and logged. Raises django.db.Error where the database is away.
    """
    now = timezone.now()
    protect()
    warned, erased = warn(now), purge(now)
    try:
        remember_all()
        _sweep_mail_files(now)
    except OSError as error:
        logger.error("Ledger or mail files cannot be written: %s", type(error).__name__)
    fit_hashes()
    # Patients withdraw at any time; two days cover all withdrawals since the last daily job.
    if Enquiry.objects.filter(erased_at__gt=now - datetime.timedelta(days=2)).exists():
        compact()
    logger.info("%d warned of, %d erased", len(warned), len(erased))
    return warned, erased


def expiries(rows: QuerySet[Enquiry]) -> list[Expiry]:
    return list(filter(None, map(_expiry, _by_key(rows))))


def _erase(enquiry: Enquiry) -> Expiry | None:
    expiry = _expiry(enquiry)
    erase(enquiry)
    return expiry


def _expiry(enquiry: Enquiry) -> Expiry | None:
    why = _why(enquiry)
    since: datetime.datetime | None = getattr(enquiry, RULES[why][1]) if why else None
    if why is None or since is None:
        return None
    end = since + _days(why)
    if why == "untouched":
        end = max(end, (enquiry.warned_at or since) + WARNING)
    if enquiry.locked_until:
        end = max(end, _end_of(enquiry.locked_until))
    return Expiry(enquiry.code, why, end)


def _end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day at the clinic, aware."""
    return datetime.datetime.combine(day, datetime.time.max, tzinfo=clinic().tz)


def _why(enquiry: Enquiry) -> str | None:
    """The key of RULES that applies, or None for a tombstone."""
    if enquiry.state == State.CLOSED:
        return "booked" if enquiry.visit_at else "closed"
    others: dict[str, str] = {State.SPAM: "spam", State.BOOKED: "booked"}
    return (others | dict.fromkeys(OPEN, "untouched")).get(enquiry.state)


def _days(why: str) -> datetime.timedelta:
    return datetime.timedelta(days=getattr(clinic().keep, why))


def _over(now: datetime.datetime, *whys: str) -> Q:
    over = Q()
    for why in whys:
        applies, since = RULES[why]
        over |= applies & Q(**{f"{since}__lte": now - _days(why)})
    return over


def _each(rows: QuerySet[Enquiry], act: Callable[[Enquiry], Expiry | None]) -> list[Expiry]:
    """The results of `act` for each of `rows` that is still one of them when its turn comes."""
    done: list[Expiry] = []
    for found in _by_key(rows):
        try:
            with write():
                still = _without_answers(rows).select_for_update(of=("self",)).filter(pk=found.pk)
                of_one = [act(enquiry) for enquiry in still]
        except Exception as error:
            logger.error("%s could not be purged: %s", found.code, type(error).__name__)
        else:
            done += filter(None, of_one)
    return done


def _by_key(rows: QuerySet[Enquiry]) -> Iterator[Enquiry]:
    last = 0
    while batch := list(_without_answers(rows).filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _without_answers(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """Reads nothing that patients gave: an unreadable value must not stop its own erasure."""
    return rows.only(*_COLUMNS, "warned_at")


def _sweep(now: datetime.datetime) -> None:
    """Removes what has no more use beside the enquiries, in batches of a short transaction each.

    Arrival mails stay: without them, an enquiry that is moved out of spam is confirmed again.
    """
    old = Enquiry.objects.filter(created_at__lte=now - SAME_FOR)
    settled = Q(sent_at__lt=now - MAILS_KEPT) | Q(failed_at__lt=now - MAILS_KEPT)
    _in_batches(Rate.objects.filter(until__lt=now), QuerySet.delete)
    # By the database's clock, since its trigger goes by that one too.
    _in_batches(AuditEvent.objects.filter(until__lt=Now()), QuerySet.delete)
    no_hashes = {"sent_hash": None, "token_hash": ""}
    _in_batches(old.exclude(**no_hashes), lambda rows: rows.update(**no_hashes))
    of_network = Enquiry.objects.filter(created_at__lte=now - GIVEN_UP_AFTER)
    _in_batches(of_network.exclude(network_hash=""), lambda rows: rows.update(network_hash=""))
    final = Entry.objects.filter(undo__isnull=False, at__lte=now - UNDO_FOR)
    _in_batches(final, lambda rows: rows.update(undo=None))
    over = Visit.objects.still_come().filter(at__lt=now - datetime.timedelta(days=1))
    _in_batches(over, QuerySet.delete)
    mails = OutgoingMail.objects.exclude(kind__in=OutgoingMail.ON_ARRIVAL)
    _in_batches(mails.filter(settled), QuerySet.delete)
    with write():
        call_command("clearsessions")


def _sweep_mail_files(now: datetime.datetime) -> None:
    """Deletes old files of mails where EMAIL_URL writes mails to files."""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        oldest = (now - MAILS_KEPT).timestamp()
        for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _in_batches(rows: QuerySet[Any], act: Callable[[QuerySet[Any]], object]) -> None:
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        with write():
            act(rows.filter(pk__in=keys))
