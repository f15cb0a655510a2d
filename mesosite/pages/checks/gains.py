"""Whether a text says that something helps."""

import re

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


def claims_a_gain(text: str) -> bool:
    """Whether a text says that something helps: a sentence neither denies, nor only tells when."""
    return any(
        not _DENIED.search(sentence) and bool(_GAIN.search(sentence) or not _TIME.search(sentence))
        for sentence in sentences(text) or [text]
    )
