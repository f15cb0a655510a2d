"""The tabs of the inbox: one state each, with its address, its count and its order."""

from dataclasses import dataclass

from django.urls import reverse

from mesosite.enquiries.life import State
from mesosite.enquiries.models import Enquiry


@dataclass(frozen=True)
class Tab:
    state: State
    count: int = 0
    current: bool = False

    @property
    def url(self):
        return reverse("inbox:list" if self.state == State.NEW else f"inbox:{self.state}")


def tabs(current=None):
    """Every tab with its count, from one grouped query."""
    counts = Enquiry.objects.state_counts()
    return [Tab(state, counts[state], state == current) for state in State]


def in_order(state):
    """The enquiries of a tab: by visit where one is booked, the latest first where work is over."""
    enquiries = Enquiry.objects.in_state(state)
    if state == State.BOOKED:
        return enquiries.by_visit()
    return enquiries.latest_first() if state in (State.CLOSED, State.SPAM) else enquiries.in_turn()
