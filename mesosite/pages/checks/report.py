"""The counts of each page, for its editors (`content_report`) and for the public."""

from collections import Counter

from mesosite.pages.catalogue import all_pages
from mesosite.pages.checks.checked_page import CheckedPage, balance
from mesosite.pages.checks.rhythm import mean_length
from mesosite.pages.checks.wording import MAX_WORDS
from mesosite.pages.content.labels import Label
from mesosite.pages.page import Page
from mesosite.pages.prose import words


class PageReport:
    """A page in numbers.

    words: without folds, captions and charts; folded: words in folds; mean: words a sentence,
    outside lists and boxes; long: sentences over 25 words; labels: ((Label, how many), …) of those
    it holds; helps, harms: how many labels say that something helps, and how many speak of a harm.
    """

    def __init__(self, page: Page) -> None:
        checked = CheckedPage(page)
        lengths = [len(words(sentence)) for sentence in checked.sentences]
        count = Counter(checked.labels)
        self.page, self.review_by = page, page.review_by
        self.words, self.folded = checked.words, checked.folded_words
        self.grade, self.mean = checked.grade, mean_length(checked)
        self.long = sum(length > MAX_WORDS for length in lengths)
        self.sources = len(page.references)
        self.labels = tuple((label, count[label]) for label in Label if count[label])
        self.helps, self.harms = balance(checked.labels)


def report() -> list[PageReport]:
    """Every page in numbers, in the order of all_pages()."""
    return [PageReport(page) for page in all_pages().values()]


def averages(rows: list[PageReport]) -> tuple[float, float]:
    """The grade, and the words a sentence, of the average page."""
    grade, mean = (sum(found) for found in zip(*((r.grade, r.mean) for r in rows), strict=True))
    return grade / len(rows), mean / len(rows)
