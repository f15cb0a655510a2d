"""Which labelled texts say that something helps."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from mesosite.pages.checks.checked_page import balance
from mesosite.pages.checks.claims import labels_among, text_at
from mesosite.pages.html_tree import labels_in
from mesosite.pages.prose import sentences

_DENIED = re.compile(
    r"\b(?:no|not(?! only| just)|never|nobody|none|nothing|cannot|nor|neither|\w+n['’]t)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:day|week|month|year|hour|minute|night)s?\b", re.IGNORECASE)
_GAIN = re.compile(
    r"\b(?:help|soften|smooth|improv|better|less|fewer|gain|reduc|lower|clear|work|effect|benefit|"
    r"shallow|good|fall|fell|drop|lost|rose|raise|more collagen|success|satisf|pleased)\w*",
    re.IGNORECASE,
)


def labelled_texts(section: Iterable[HtmlElement]) -> Iterator[str]:
    """The text that each label of what helps stands at: its paragraph, item or cell."""
    for label in labels_among(section):
        if balance(labels_in(label)[:1])[0]:
            yield text_at(label)


def claims_a_gain(text: str) -> bool:
    """Whether a text says that something helps: a sentence neither denies, nor only tells when."""
    return any(
        not _DENIED.search(sentence) and bool(_GAIN.search(sentence) or not _TIME.search(sentence))
        for sentence in sentences(text) or [text]
    )
