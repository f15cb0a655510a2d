"""The lists of the inbox: tabs with their counts and orders, and the spam that was looked at."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.inbox import pagination


def mark_seen(given, *, by):
    """Mark the rows of a page of spam as seen, unless they have changed since. Returns how many.

    given: "7KQ2M4XNTB.1" for each row, code and version as the page showed them.
    """
    shown = dict(row.split(".", 1) for row in given[: pagination.PAGE_SIZE] if "." in row)
    marked = 0
    with write():
        spam = Enquiry.objects.select_for_update().in_state(State.SPAM)
        for enquiry in spam.filter(code__in=shown):
            if shown[enquiry.code] == str(enquiry.version):
                enquiry.mark_read(by=by)
                marked += 1
    return marked


def what_was_marked(marked, given):
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
    state: State
    count: int = 0
    news: int = 0
    current: bool = False

    @property
    def url(self):
        return reverse("inbox:list" if self.state == State.NEW else f"inbox:{self.state}")


def toolbar(current=None):
    """What stands above every list: all tabs with their counts, and how many visits to free."""
    counts = Enquiry.objects.state_counts()
    tabs = [
        Tab(state, *counts[state], state == current) for state in State if state != State.ERASED
    ]
    return {"tabs": tabs, "slots": Enquiry.objects.slots_to_free().order_by().count()}


def in_order(state):
    """The enquiries of a tab: by visit where one is booked, the latest first where work is over."""
    enquiries = Enquiry.objects.in_state(state)
    if state == State.BOOKED:
        return enquiries.by_visit()
    return enquiries.latest_first() if state in (State.CLOSED, State.SPAM) else enquiries.in_turn()


def with_failed_mails(enquiries):
    """The same list, each row told whether a mail of it could not be delivered. One query."""
    failed = OutgoingMail.objects.filter(enquiry__in=enquiries, failed_at__isnull=False)
    keys = set(failed.values_list("enquiry", flat=True))
    for enquiry in enquiries:
        enquiry.mail_failed = enquiry.pk in keys
    return enquiries
