"""What speaks for spam: a score, and never a puzzle. A high score sets an enquiry apart."""

import datetime
import re

HELD_FROM = 5  # the score from which an enquiry goes to the spam
HONEYPOT = 5  # the field that no person sees was filled in
LINK_IN_NAME = 5
LINK, MAX_FOR_LINKS = 2, 4
QUICK, QUICKER_THAN = 2, datetime.timedelta(seconds=2)  # nobody reads and fills in so fast
CROWDED = 2  # too many from one address, or on the whole site: alone it only marks the row
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def score(*, name, message, honeypot, age, crowded):
    """How much speaks for spam: 0 for nothing, HELD_FROM and more for spam.

    age: timedelta since the form was shown. crowded: whether a rate was passed.
    """
    links = min(LINK * len(_LINK.findall(message)), MAX_FOR_LINKS)
    return (
        HONEYPOT * honeypot
        + LINK_IN_NAME * bool(_LINK.search(name))
        + links
        + QUICK * (age < QUICKER_THAN)
        + CROWDED * crowded
    )
