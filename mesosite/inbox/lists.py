"""The lists of the inbox: tabs with their counts and orders, and the marking of spam as read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.inbox import pagination
from mesosite.pages.unpublished import pages_since


def mark_read(given: list[str], *, by: User) -> int:
    """Marks the rows of a page of spam as read, but for those that changed. Returns how many.

    A row that was read meanwhile, as by a double click, counts as marked.
    given: "7KQ2M4XNTB.1" for each row, code and version as the page showed them.
    """
    pairs = (row.partition(".") for row in given[: pagination.PAGE_SIZE])
    shown = {code: version for code, _dot, version in pairs}
    marked = 0
    with write():
        spam = Enquiry.objects.select_for_update().filter(state=State.SPAM, code__in=shown)
        for enquiry in spam:
            if shown[enquiry.code] == str(enquiry.version):
                enquiry.mark_read(by=by)
            elif enquiry.is_unread:
                continue
            marked += 1
    return marked


def marked_message(marked: int, given: list[str]) -> str:
    words = ngettext("%d marked as looked at.", "%d marked as looked at.", marked) % marked
    if changed := len(given) - marked:
        left = ngettext(
            "%d has changed meanwhile: look again.",
            "%d have changed meanwhile: look again.",
            changed,
        )
        words += " " + left % changed
    return words


@dataclass(frozen=True)
class Tab:
    """A tab of the inbox. `count`, `news`: capped, see `EnquiryQuerySet.state_counts`."""

    state: State
    count: int = 0
    news: int = 0
    current: bool = False

    @property
    def url(self) -> str:
        return reverse("inbox:list" if self.state == State.NEW else f"inbox:{self.state}")


def toolbar(current: State | None = None) -> dict[str, Any]:
    """The context above every list: all tabs with their counts, the number of free slots, and
    why and since when the pages are not the newest."""
    counts = Enquiry.objects.state_counts()
    tabs = [
        Tab(state, count, news, current=state == current)
        for state, (count, news) in counts.items()
        if state != State.ERASED
    ]
    slots = Enquiry.objects.slots_to_free().capped_count()
    reason = {"not_published": settings.NOT_PUBLISHED, "pages_since": pages_since()}
    return {"tabs": tabs, "slots": slots} | reason


def in_order(state: State) -> QuerySet[Enquiry]:
    """The enquiries of a tab: booked ones by visit, closed ones and spam with the latest first."""
    enquiries = Enquiry.objects.filter(state=state)
    if state == State.BOOKED:
        return enquiries.by_visit()
    return enquiries.latest_first() if state in (State.CLOSED, State.SPAM) else enquiries.in_turn()


def with_failed_mails(enquiries: Sequence[Enquiry]) -> Sequence[Enquiry]:
    """The same list; each gets `mail_failed`, whether a mail of it could not be delivered."""
    failed = OutgoingMail.objects.filter(enquiry__in=enquiries, failed_at__isnull=False)
    keys = set(failed.values_list("enquiry", flat=True))
    for enquiry in enquiries:
        enquiry.mail_failed = enquiry.pk in keys
    return enquiries
