"""The writing of a page: short sentences, easy words, whole sentences, no hype."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.html_tree import HEADINGS, text_of
from mesosite.pages.prose import sentences, words

MAX_WORDS = 25
MAX_GRADE = 8.0
MAX_SENTENCES = 3
MAX_SUMMARY_LINES = 3
DESCRIPTION = 70, 155
"""Letters that search engines show of a description: from, to."""
_FLOWING = ("p", "li", "dd", "figcaption")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*$")
_LISTED = ("ul", "ol", "dl", "table", "figure", "div", "blockquote", "pre")
_HYPE = re.compile(
    r"\b(?:guarantee(?:d|s)?|permanent(?:ly)? cured?|painless(?:ly)?|risk-free|no risk|miracles?|"
    r"miraculous|proven|the best(?![\s-]+(?:known|studied|documented|described|understood|"
    r"evidence|estimate|guess)\b)|revolutionary|promising|rejuvenat\w+|breakthrough|"
    r"discount\w*|special offer|last chance|only today|today only|hurry|act now)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:no(?! doubt)|not(?! only| just| merely)|never|nobody|none|nothing(?! but)|cannot|"
    r"without|nor|neither|beware|wary|distrust|\w+n['’]t)\b(?:\W+\w+){0,9}\W+$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^(?:\W+\w+){0,3}\W+(?:do(?:es)?(?: not|n['’]t) (?:exist|happen)\b|"
    r"(?:cannot|can['’]t) be promised\b|is a (?:warning|bad sign)\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s+as\s[^,]*,", re.IGNORECASE)
_NEW_CLAUSE = re.compile(r"[,;:–—]|\b(?:and|but|so|because) (?:it|this|that|the|we|you)\b", re.I)
_PROVEN_HARM = re.compile(
    r"^\s+(?:to\s+)?(?:harm\w*|hurts?|damages?|dangerous|harmful|unsafe|useless|fails?|"
    r"be (?:dangerous|harmful|unsafe|useless|wrong)|"
    r"(?:causes?|raises?|leads? to) (?:the |a |an )?(?:\w+ )?"
    r"(?:harms?|damage|risks?|infections?|burns?|scars|scarring|blindness|lumps|dark marks))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_SAID_BY_OTHERS = re.compile(
    r"\b(?:say|said|claim|promise|advert|advertis|call|tell|told|hear|heard|read|write|word|phrase|"
    r"term|walk away|beware|wary|ask what)\w*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:(?:is|are|was|were|does|do|did|can|could|will|would|has|have|should)(?! you)|"
    r"(?:what|which|who) (?:is|are|was|were|does|do))\b.*\?\W*$",
    re.IGNORECASE,
)
_LEFT_IN_BRACKETS = re.compile(r"\[[^\]\[]{3,}\]")


def long_sentences(checked: CheckedPage) -> Iterator[Problem]:
    """E006: a sentence over 25 words."""
    for sentence in checked.sentences:
        if (found := len(words(sentence))) > MAX_WORDS:
            message = f"{found} words in one sentence: “{_start(sentence)}”"
            hint = f"At most {MAX_WORDS}: make it two."
            yield checked.problem(6, sentence, message, hint)


def too_hard(checked: CheckedPage) -> Iterator[Problem]:
    """E007: a page that is too hard to read."""
    if checked.grade > MAX_GRADE:
        message = f"The page reads at grade {checked.grade:.1f}, over {MAX_GRADE}."
        hardest = max(checked.prose, key=lambda text: checked.grade_of([text]))
        hint = f"Use shorter sentences and words. The hardest: “{_start(hardest)}”"
        yield checked.problem(7, hardest, message, hint)


def hype(checked: CheckedPage) -> Iterator[Problem]:
    """E016: a word that sells, unless it is denied in its own clause, asked about, or another's."""
    page = checked.page
    texts = (
        *(page.title, page.nav, page.description, *(question.text for question in page.questions)),
        *(said for fact in page.facts for said in fact.values()),
        *(heading.text_content() for heading in checked.tree.iter(*HEADINGS)),
        *(
            page.audience,
            *page.summary,
            *(piece.text for piece in checked.pieces if not piece.said),
        ),
    )
    for sentence in (sentence for text in texts for sentence in sentences(str(text))):
        for match in _HYPE.finditer(sentence):
            if not _is_no_promise(sentence, match):
                message = f"“{match[0]}” promises too much: “{_start(sentence)}”"
                hint = "Say what was found, in whom and how sure one can be."
                yield checked.problem(16, sentence, message, hint)


def _is_no_promise(sentence: str, match: re.Match[str]) -> bool:
    """Whether a word that sells is denied, asked about, or quoted from those who say it."""
    before, after = _ASIDE.sub(" ", sentence[: match.start()]), sentence[match.end() :]
    if _DENIAL.search(_NEW_CLAUSE.split(before)[-1]) or _DENIED_AFTER.search(after):
        return True
    if _ASKS.search(sentence) or (match[0].lower() == "proven" and _PROVEN_HARM.search(after)):
        return True
    quotes = [quote.span() for quote in _QUOTED.finditer(sentence)]
    is_quoted = any(start < match.start() < end for start, end in quotes)
    return is_quoted and bool(_SAID_BY_OTHERS.search(_QUOTED.sub(" ", sentence)))


def summary(checked: CheckedPage) -> Iterator[Problem]:
    """E021: a summary of one to three lines."""
    if not 1 <= (found := len(checked.page.summary)) <= MAX_SUMMARY_LINES:
        message = f"The summary has {found} lines."
        hint = f"One to {MAX_SUMMARY_LINES}, each a sentence."
        yield checked.problem(21, "summary:", message, hint)


def description(checked: CheckedPage) -> Iterator[Problem]:
    """E036: a description that search engines would cut, or that says little."""
    least, most = DESCRIPTION
    if not least <= (found := len(checked.page.description)) <= most:
        message = f"The description has {found} letters, not {least} to {most}."
        yield checked.problem(36, "description:", message, "Say what the page answers.")


def long_paragraphs(checked: CheckedPage) -> Iterator[Problem]:
    """E022: a paragraph, item or caption of more than three sentences."""
    for piece in checked.pieces:
        found = len(sentences(piece.text))
        if piece.tag in _FLOWING and found > MAX_SENTENCES:
            message = f"{found} sentences in one paragraph: “{_start(piece.text)}”"
            hint = f"At most {MAX_SENTENCES}: make it two."
            yield checked.problem(22, piece.text, message, hint)


def unfinished(checked: CheckedPage) -> Iterator[Problem]:
    """E023: a piece of prose that does not end a sentence, so that it cannot be read aloud.

    A line that leads to a list may end with a colon. The items of a list may all be no sentences.
    """
    facts = (fact.get(said) for fact in checked.page.facts for said in ("needling", "mixes"))
    pieces = [piece for piece in checked.pieces if piece.tag != "th"]
    short = {item for piece in pieces for item in _items_without_stop(piece.element)}
    texts = (
        piece.text
        for piece in pieces
        if piece.element not in short and not (_leads_on(piece.element) and piece.text[-1] == ":")
    )
    for text in (*filter(None, facts), checked.page.audience, *checked.page.summary, *texts):
        if not _SENTENCE_END.search(text):
            message = f"This does not end a sentence: “{_start(text)}”"
            yield checked.problem(23, text, message, "End it with a full stop.")


def _leads_on(element: HtmlElement) -> bool:
    """Whether a list, a table or a drawing follows a text, or stands in its item."""
    following = element.getnext() if element.tag == "p" else element.find("*[last()]")
    return following is not None and following.tag in _LISTED


def _items_without_stop(element: HtmlElement) -> list[HtmlElement]:
    """The items beside an item, itself among them, where none of them ends a sentence."""
    parent = element.getparent()
    if element.tag != "li" or parent is None:
        return []
    items = [item for item in parent if item.tag == "li"]
    stops = any(re.search(r"[.!?…]\W*(?:\s|$)", text_of(item)) for item in items)
    return [] if stops else items


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
    *(
        long_sentences,
        too_hard,
        hype,
        summary,
        description,
        long_paragraphs,
        unfinished,
        unread_brackets,
    ),
)
