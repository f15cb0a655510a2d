"""The spam score of a request. A high score moves it to the spam; no request is refused."""

import datetime
import re

HELD_FROM = 5  # an enquiry with this score or a higher one goes to the spam
HONEYPOT = 5  # the hidden field is filled in
LINK_IN_NAME = 5
LINK, MAX_FOR_LINKS = 2, 4
QUICK, QUICKER_THAN = 2, datetime.timedelta(seconds=2)  # a person needs longer
CROWDED = 2  # a rate limit is passed: alone it only marks the row
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def score(
    *, name: str, message: str, honeypot: bool, age: datetime.timedelta, crowded: bool
) -> int:
    """0 where nothing speaks for spam. age: time since the form was shown; crowded: rate limit."""
    return (
        HONEYPOT * honeypot
        + LINK_IN_NAME * bool(_LINK.search(name))
        + min(LINK * len(_LINK.findall(message)), MAX_FOR_LINKS)
        + QUICK * (age < QUICKER_THAN)
        + CROWDED * crowded
    )
