"""The tabs of the inbox: one state each, with its address, its count and its order."""

from dataclasses import dataclass

from django.urls import reverse

from mesosite.enquiries.life import State
from mesosite.enquiries.models import Enquiry, OutgoingMail


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
