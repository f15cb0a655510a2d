"""What can be counted of each page, for its editors (`content_report`) and for the public."""

import datetime
from collections import Counter
from dataclasses import dataclass

from mesosite.pages.catalogue import Page, all_pages
from mesosite.pages.checks.checked_page import CheckedPage, balance
from mesosite.pages.checks.wording import MAX_WORDS
from mesosite.pages.content.labels import Label
from mesosite.pages.prose import grade, words


@dataclass(frozen=True)
class PageReport:
    """A page in numbers.

    long: its sentences over 20 words; labels: ((Label, how many), …) of those it holds; helps,
    harms: how many labels say that something helps, and how many speak of a harm.
    """

    page: Page
    words: int
    grade: float
    long: int
    sources: int
    labels: tuple[tuple[Label, int], ...]
    helps: int
    harms: int
    review_by: datetime.date


def report() -> list[PageReport]:
    """Every page in numbers, in the order of all_pages()."""
    return [_report(CheckedPage(page)) for page in all_pages().values()]


def _report(checked: CheckedPage) -> PageReport:
    lengths = [len(words(sentence)) for sentence in checked.sentences]
    count = Counter(checked.labels)
    helps, harms = balance(checked.labels)
    return PageReport(
        page=checked.page,
        words=sum(lengths),
        grade=grade(checked.prose),
        long=sum(length > MAX_WORDS for length in lengths),
        sources=len(checked.page.references),
        labels=tuple((label, count[label]) for label in Label if count[label]),
        helps=helps,
        harms=harms,
        review_by=checked.page.review_by,
    )
