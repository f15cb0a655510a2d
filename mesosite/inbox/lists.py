"""The lists beside To do: the menu with their counts, their orders, spam marked as read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import ngettext

from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.queryset import capped_counts
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.inbox import pagination
from mesosite.inbox.pagination import page_after
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


LISTS = ("list", "visits", "in_progress", "waiting", "closed", "spam", "slots", "find")
"""The names of the addresses that are lists, to which a step leads back."""
OTHERS = (State.IN_PROGRESS, State.WAITING, State.CLOSED, State.SPAM)
"""The states whose lists stand under “More”."""


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
    every = Enquiry.objects
    warned = {"slots": every.slots_to_free(), "held": every.unseen_spam()}
    counts = capped_counts(in_states(OTHERS) | warned)
    tabs = [Tab(other, counts[other], current=other == state) for other in OTHERS]
    pages = {"not_published": settings.NOT_PUBLISHED, "pages_since": pages_since()}
    return {"menu": current, "tabs": tabs} | {name: counts[name] for name in warned} | pages


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


def in_order(state: State) -> QuerySet[Enquiry]:
    """The enquiries of a list: closed ones and spam with the latest first."""
    enquiries = Enquiry.objects.filter(state=state).select_related("owner")
    return enquiries.latest_first() if state in (State.CLOSED, State.SPAM) else enquiries.in_turn()


def list_page(state: State, after: str) -> tuple[list[Enquiry], str]:
    """A page of a list and the cursor of the next: what has news stands first, on the first page.

    More than PAGE_SIZE with news are found under To do.
    """
    rows = in_order(state)
    if state in (State.CLOSED, State.SPAM):
        return page_after(rows, after)
    with_news = Enquiry.objects.filter(state=state).with_news().select_related("owner")
    news = [] if after else list(with_news[: pagination.PAGE_SIZE])
    others, following = page_after(rows.filter(has_news=False), after)
    return news + others, following


def with_failed_mails(enquiries: Sequence[Enquiry]) -> Sequence[Enquiry]:
    """The same list; each gets `mail_failed`, whether a mail of it could not be delivered."""
    failed = OutgoingMail.objects.filter(enquiry__in=enquiries, failed_at__isnull=False)
    keys = set(failed.values_list("enquiry", flat=True))
    for enquiry in enquiries:
        enquiry.mail_failed = enquiry.pk in keys
    return enquiries
