"""The menu of the inbox, with its counts, and the list to which a step leads back."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.queryset import Counts, capped_counts
from mesosite.enquiries.models.states import State
from mesosite.pages.unpublished import pages_since

LISTS = ("list", "visits", "in_progress", "waiting", "closed", "spam", "slots", "find")
"""The names of the addresses that are lists, to which a step leads back."""
OTHERS = (State.IN_PROGRESS, State.WAITING, State.CLOSED, State.SPAM)
"""The states whose lists stand under “More”."""
WARNED = ("slots", "held")


@dataclass(frozen=True)
class Tab:
    """An entry of the menu. `count`: capped, see `capped_counts`."""

    state: State
    count: int
    current: bool

    @property
    def url(self) -> str:
        return reverse(f"inbox:{self.state}")


def menu(current: str = "", state: State | None = None) -> dict[str, Any]:
    """The context of the menu, with the counts of what To do warns of: `slots` and `held`.

    With why, and since when, the pages are not the newest.
    current: the name of the address; state: of the list.
    """
    counts = _counted().read()
    tabs = [Tab(other, counts[other], current=other == state) for other in OTHERS]
    pages = {"not_published": settings.NOT_PUBLISHED, "pages_since": pages_since()}
    return {"menu": current, "tabs": tabs} | {name: counts[name] for name in WARNED} | pages


@cache
def _counted() -> Counts[str]:
    every = Enquiry.objects
    warned = dict(zip(WARNED, (every.slots_to_free(), every.unseen_spam()), strict=True))
    return capped_counts(in_states(OTHERS) | warned)


def back_to(request: HttpRequest) -> str:
    """The address of the list from which an enquiry was opened: To do, where that is not known."""
    given = request.POST.get("back") or urlsplit(request.headers.get("referer", ""))
    path = given if isinstance(given, str) else f"{given.path}?{given.query}".rstrip("?")
    try:
        match = resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return reverse("inbox:list")
    known = match.namespace == "inbox" and match.url_name in LISTS and path.startswith("/")
    return path if known and not path.startswith("//") else reverse("inbox:list")


def in_states(states: Iterable[State]) -> dict[str, QuerySet[Enquiry]]:
    """{state: its enquiries in an order that an index has}."""
    return {state: Enquiry.objects.filter(state=state).in_turn() for state in states}
