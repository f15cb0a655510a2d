"""The spam score of a request. A high score moves it to the spam; no request is refused."""

import datetime
import re

from mesosite.enquiries.consultation.tokens import TOKEN_LASTS
from mesosite.enquiries.workflow import HELD_FROM

# The hidden field is filled in, as password managers do too: alone it only marks the row.
HONEYPOT = 3
LINK_IN_NAME = 5
LINK, MAX_FOR_LINKS = 2, 4
QUICK, QUICKER_THAN = 2, datetime.timedelta(seconds=2)  # a person needs longer
WORN_FORM = 5  # one form has stored `rate_limits.FROM_ONE_FORM` requests
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def score(*, name: str, message: str, honeypot: bool, age: datetime.timedelta) -> int:
    """0 where nothing speaks for spam. age: time since the form was shown.

    A crowded network is no sign of spam, only of many people behind one address.
    """
    trap = HONEYPOT if age <= TOKEN_LASTS else HELD_FROM
    return (
        trap * honeypot
        + LINK_IN_NAME * bool(_LINK.search(name))
        + min(LINK * len(_LINK.findall(message)), MAX_FOR_LINKS)
        + QUICK * (age < QUICKER_THAN)
    )
