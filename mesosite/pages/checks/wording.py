"""The writing of a page: short sentences, easy words, whole sentences, no hype."""

import re
from collections.abc import Iterator

from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.html_tree import HEADINGS
from mesosite.pages.prose import grade, sentences, words

MAX_WORDS = 20
MAX_GRADE = 7.0
MAX_SENTENCES = 3
MAX_SUMMARY_LINES = 3
_FLOWING = ("p", "li", "dd", "figcaption")
_SENTENCE_END = re.compile(r"[.!?][\"”’»)\]]*$")
_HYPE = re.compile(
    r"\b(?:guarantee(?:d|s)?|permanent(?:ly)? cured?|painless(?:ly)?|risk-free|no risk|miracles?|"
    r"miraculous|proven|the best(?![\w-])|revolutionary|promising|rejuvenat\w+|breakthrough|"
    r"discount\w*|special offer|last chance|only today|today only|hurry|act now)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|cannot|without|nor|neither|\w+n['’]t)\b"
    r"(?:\W+\w+){0,5}\W+$",
    re.IGNORECASE,
)
_LEFT_IN_BRACKETS = re.compile(r"\[[^\]\[]{3,}\]")


def long_sentences(checked: CheckedPage) -> Iterator[Problem]:
    """E006: a sentence over 20 words."""
    for sentence in checked.sentences:
        if (found := len(words(sentence))) > MAX_WORDS:
            message = f"{found} words in one sentence: “{_start(sentence)}”"
            hint = f"At most {MAX_WORDS}: make it two."
            yield checked.problem(6, sentence, message, hint)


def too_hard(checked: CheckedPage) -> Iterator[Problem]:
    """E007: a page that is too hard to read."""
    if (found := grade(checked.prose)) > MAX_GRADE:
        message = f"The page reads at grade {found:.1f}, over {MAX_GRADE}."
        hardest = max(checked.prose, key=lambda text: grade([text]))
        hint = f"Use shorter sentences and words. The hardest: “{_start(hardest)}”"
        yield checked.problem(7, hardest, message, hint)


def hype(checked: CheckedPage) -> Iterator[Problem]:
    """E016: a word that sells, unless it is denied in its own clause."""
    page = checked.page
    texts = (
        *(page.title, page.nav, page.description, *(question.text for question in page.questions)),
        *(said for fact in page.facts for said in fact.values()),
        *(heading.text_content() for heading in checked.tree.iter(*HEADINGS)),
        *checked.prose,
    )
    for sentence in (sentence for text in texts for sentence in sentences(str(text))):
        for match in _HYPE.finditer(sentence):
            clause = re.split(r"[,;:–—]", sentence[: match.start()])[-1]
            if not _DENIAL.search(clause):
                message = f"“{match[0]}” promises too much: “{_start(sentence)}”"
                hint = "Say what was found, in whom and how sure one can be."
                yield checked.problem(16, sentence, message, hint)


def summary(checked: CheckedPage) -> Iterator[Problem]:
    """E021: a summary of one to three lines."""
    if not 1 <= (found := len(checked.page.summary)) <= MAX_SUMMARY_LINES:
        message = f"The summary has {found} lines."
        hint = f"One to {MAX_SUMMARY_LINES}, each a sentence."
        yield checked.problem(21, "summary:", message, hint)


def long_paragraphs(checked: CheckedPage) -> Iterator[Problem]:
    """E022: a paragraph, item or caption of more than three sentences."""
    for piece in checked.pieces:
        found = len(sentences(piece.text))
        if piece.tag in _FLOWING and found > MAX_SENTENCES:
            message = f"{found} sentences in one paragraph: “{_start(piece.text)}”"
            hint = f"At most {MAX_SENTENCES}: make it two."
            yield checked.problem(22, piece.text, message, hint)


def unfinished(checked: CheckedPage) -> Iterator[Problem]:
    """E023: a piece of prose that does not end a sentence, so that it cannot be read aloud."""
    facts = (fact.get(said) for fact in checked.page.facts for said in ("answer", "note"))
    pieces = (piece.text for piece in checked.pieces if piece.tag != "th")
    for text in (*filter(None, facts), checked.page.audience, *checked.page.summary, *pieces):
        if not _SENTENCE_END.search(text):
            message = f"This does not end a sentence: “{_start(text)}”"
            yield checked.problem(23, text, message, "End it with a full stop.")


def unread_brackets(checked: CheckedPage) -> Iterator[Problem]:
    """E024: a label or a citation that could not be read stands in the page as text."""
    for match in _LEFT_IN_BRACKETS.finditer(" ".join(checked.prose)):
        message = f"This label or source cannot be read: {match[0]}"
        hint = "A label is written as in content/README.md, a source as [@alam2014]."
        yield checked.problem(24, match[0], message, hint)


def _start(text: str) -> str:
    start = " ".join(text.split()[:6])
    return start if start == text else f"{start} …"


WORDING = (
    *(long_sentences, too_hard, hype, summary, long_paragraphs, unfinished, unread_brackets),
)
