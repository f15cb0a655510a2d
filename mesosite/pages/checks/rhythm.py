"""How the sentences of a page follow each other, and how many words the pages have."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.html_tree import classes
from mesosite.pages.page import Page
from mesosite.pages.prose import Piece, sentences, words

SHORT = 7
MOST_SHORT = 2
"""How many sentences under SHORT words may follow each other."""
MOST_ON_HOME = 1300
MOST_A_PAGE = 1000
"""Words of the pages to be read, on average: seven of them have 7,000 together at most."""
_TEXT = {"pair", "fold"}
"""The boxes whose paragraphs are part of the text."""


def choppy(checked: CheckedPage) -> Iterator[Problem]:
    """E040: three short sentences in a row, outside lists and boxes."""
    run: list[str] = []
    before: HtmlElement | None = None
    for piece in checked.pieces:
        if not _is_running(piece) or piece.element.getprevious() is not before:
            run = []
        for sentence in sentences(piece.text) if _is_running(piece) else ():
            run = [*run, sentence] if len(words(sentence)) < SHORT else []
            if len(run) == MOST_SHORT + 1:
                message = f"Three short sentences in a row: “{' '.join(run)}”"
                hint = "Join two: “It is sore, but it fades.” Use because, so, although or but."
                yield checked.problem(40, run[0], message, hint)
        before = piece.element


def mean_length(checked: CheckedPage) -> float:
    """Words a sentence, outside lists and boxes; 0.0 without any."""
    texts = (piece.text for piece in checked.pieces if _is_running(piece))
    lengths = [len(words(sentence)) for text in texts for sentence in sentences(text)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _is_running(piece: Piece) -> bool:
    """Whether a piece is a paragraph of the text, and not of a list or box."""
    parent = piece.element.getparent()
    if piece.tag != "p" or parent is None:
        return False
    return parent.getparent() is None or bool(classes(parent) & _TEXT)


@dataclass(frozen=True)
class Budget:
    """How many words some pages have together, and how many they may have."""

    pages: tuple[Page, ...]
    words: int
    most: int


def budgets() -> list[Budget]:
    """Of the first page of each language, then of the pages to be read, by language and folder."""
    homes = [(page,) for page in all_pages().values() if page.layout == "home"]
    return [
        *(_budget(pages, MOST_ON_HOME) for pages in homes),
        *(_budget(tuple(pages), MOST_A_PAGE) for pages in content().chapters.values()),
    ]


def _budget(pages: tuple[Page, ...], most: int) -> Budget:
    return Budget(pages, sum(CheckedPage(page).words for page in pages), most * len(pages))


def wordy(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """W007: more words than a reader has time for. A warning, so that no mended fault waits."""
    for budget in budgets():
        if budget.words > budget.most:
            longest = max(map(CheckedPage, budget.pages), key=lambda checked: checked.words)
            named = "This page has" if len(budget.pages) == 1 else "The pages to be read have"
            message = f"{named} {budget.words} words, and {budget.most} at most."
            hint = "Say each thing once, link to it from elsewhere, or put it into a /// fold."
            yield longest.problem(7, 1, message, hint, warning=True)
