"""The lists of one state each: their orders, their pages, spam marked as read."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import ngettext

from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.inbox import pagination
from mesosite.inbox.pagination import page_after


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


def in_order(state: State) -> QuerySet[Enquiry]:
    """The enquiries of a list: closed ones and spam with the latest first."""
    enquiries = Enquiry.objects.filter(state=state).select_related("owner__absence")
    return enquiries.latest_first() if state in (State.CLOSED, State.SPAM) else enquiries.in_turn()


def list_page(state: State, after: str) -> tuple[list[Enquiry], str]:
    """A page of a list and the cursor of the next: what has news stands first, on the first page.

    More than PAGE_SIZE with news are found under To do.
    """
    rows = in_order(state)
    if state in (State.CLOSED, State.SPAM):
        return page_after(rows, after)
    with_news = Enquiry.objects.filter(state=state).with_news().select_related("owner__absence")
    news = [] if after else list(with_news[: pagination.PAGE_SIZE])
    others, following = page_after(rows.filter(has_news=False), after, beside=len(news))
    return news + others, following


def failed_mails(enquiries: Sequence[Enquiry]) -> set[int]:
    """The keys of those of which a mail could not be delivered."""
    failed = OutgoingMail.objects.filter(enquiry__in=enquiries, failed_at__isnull=False)
    return {key for key in failed.values_list("enquiry", flat=True) if key}
