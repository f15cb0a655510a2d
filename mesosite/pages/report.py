"""What can be counted of each page, for its editors (`content_report`) and for the public."""

import datetime
from collections import Counter
from dataclasses import dataclass

from mesosite.pages.labels import Label
from mesosite.pages.proof import Proof, balance
from mesosite.pages.prose import grade, words
from mesosite.pages.site import Page, all_pages
from mesosite.pages.wording import MOST_WORDS


@dataclass(frozen=True)
class Row:
    """A page in numbers.

    long: its sentences over 20 words; labels: ((Label, how many), …) of those it holds; helps,
    harms: how many labels say that something helps, and how many speak of a harm.
    """

    page: Page
    words: int
    grade: float
    long: int
    sources: int
    labels: tuple
    helps: int
    harms: int
    review_by: datetime.date


def report():
    """A Row for every page, in the order of all_pages()."""
    return [_row(Proof(page)) for page in all_pages().values()]


def _row(proof):
    lengths = [len(words(sentence)) for sentence in proof.sentences]
    count = Counter(proof.labels)
    helps, harms = balance(proof.labels)
    return Row(
        page=proof.page,
        words=sum(lengths),
        grade=grade(proof.prose),
        long=sum(length > MOST_WORDS for length in lengths),
        sources=len(proof.page.references),
        labels=tuple((label, count[label]) for label in Label if count[label]),
        helps=helps,
        harms=harms,
        review_by=proof.page.review_by,
    )
