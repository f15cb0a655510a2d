"""What staff have seen. Spam that was looked at is kept for its time from then on, then erased."""

from django.utils.translation import ngettext

from mesosite.enquiries.life import State
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.writing import writing
from mesosite.inbox import paging


def is_unread(enquiry):
    """Whether it has something that nobody of the staff has seen."""
    return enquiry.has_news or (enquiry.state == State.SPAM and not enquiry.seen_at)


def mark_seen(given, *, by):
    """Mark the rows of a page of spam as seen, unless they have changed since. Returns how many.

    given: "7KQ2M4XNTB.1" for each row, code and version as the page showed them.
    """
    shown = dict(row.split(".", 1) for row in given[: paging.SIZE] if "." in row)
    marked = 0
    with writing():
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
