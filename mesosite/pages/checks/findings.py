"""One finding has one label and one number, wherever it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mesosite.pages.catalogue import content
from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.checks.claims import Claim, about
from mesosite.pages.content.findings import Finding
from mesosite.pages.content.labels import HELP, MARKDOWN_NAMES, Label
from mesosite.pages.prose import sentences

_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_FIGURE = re.compile(r"\d[\d.,]*(?<![.,])")
_OF = re.compile(rf"{_FIGURE.pattern} of {_FIGURE.pattern}")
_OUT_OF = re.compile(r" (?:out )?of (?:the )?(?=\d)")
_SHOWN = 12
"""Words of a text that a message shows."""
_HINT = "Say it as there, or change it there for all pages."


@dataclass(frozen=True)
class _Text:
    """A text as it is compared; said: as it stands on the page; claim: where it has a label."""

    plain: str
    said: str
    claim: Claim | None = None


def _plain(text: str) -> str:
    """In small letters and figures: “Three out of the 10” is “3 of 10”."""
    text = " ".join(text.replace("’", "'").replace("–", "-").lower().split())
    text = _NUMBER_WORD.sub(lambda match: str(_NUMBERS.index(match[0])), text)
    return _OUT_OF.sub(" of ", text)


def other_than_found(checked: CheckedPage) -> Iterator[Problem]:
    """E041: a text that gives a finding of findings.yaml another label or number."""
    claims = [
        _Text(_plain(f"{claim.about} {claim.text}"), claim.text, claim) for claim in checked.claims
    ]
    said = list(_sentences(checked))
    for finding in content().findings:
        for text in claims:
            yield from _other_label(checked, finding, text)
        for text in [text for text in claims if _rests(text, finding)] if finding.source else said:
            yield from _other_number(checked, finding, text)
        for text in said:
            yield from _never(checked, finding, text)


def _sentences(checked: CheckedPage) -> Iterator[_Text]:
    page = checked.page
    for fact in page.facts:
        for key in set(fact) - {"term"}:
            yield _Text(_plain(f"{fact['term']}. {key}. {fact[key]}"), fact[key])
    texts = [("", text) for text in (page.title, page.description, page.audience, *page.summary)]
    for where, said in (*texts, *((about(piece.element), piece.text) for piece in page.pieces)):
        yield from (_Text(_plain(f"{where} {one}"), one) for one in sentences(said))


def _rests(text: _Text, finding: Finding) -> bool:
    return text.claim is not None and finding.source in ("", *text.claim.sources)


def _speaks(text: _Text, finding: Finding) -> bool:
    return all(any(_has(text.plain, word) for word in words) for words in finding.words)


def _has(plain: str, phrase: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?![\w])", plain))


def _other_label(checked: CheckedPage, finding: Finding, text: _Text) -> Iterator[Problem]:
    if not finding.label or not _rests(text, finding) or not _speaks(text, finding):
        return
    if text.claim and text.claim.label != finding.label:
        message = f"“{_start(text.said)}” is labelled “{_name(text.claim.label)}”, "
        message += f"and “{finding.name}” in findings.yaml “{_name(finding.label)}”."
        yield checked.problem(41, text.said, message, _HINT)


def _other_number(checked: CheckedPage, finding: Finding, text: _Text) -> Iterator[Problem]:
    """A number in the form of the finding's: “2 to 4” in the place of “3 to 6”."""
    if not finding.number or not _speaks(text, finding) or _has(text.plain, finding.number):
        return
    parts = _FIGURE.split(_plain(finding.number))
    if found := re.search(_FIGURE.pattern.join(map(re.escape, parts)), text.plain):
        message = f"“{found[0]}” stands in “{_start(text.said)}”, "
        message += f"and “{finding.number}” in “{finding.name}” of findings.yaml."
        yield checked.problem(41, text.said, message, _HINT)


def _never(checked: CheckedPage, finding: Finding, text: _Text) -> Iterator[Problem]:
    for phrase in finding.never:
        if _has(text.plain, phrase):
            message = f"“{phrase}” stands in “{_start(text.said)}”: "
            message += f"never, says “{finding.name}” in findings.yaml."
            yield checked.problem(41, text.said, message, _HINT)


def two_labels(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E042: a figure of one source, such as “22 of 30”, with two labels of one kind."""
    first: dict[tuple[str, str, bool], tuple[str, str]] = {}
    for checked in checked_pages:
        for claim in checked.claims:
            helps = claim.label in (*HELP, Label.NO_STUDY)
            for figure in dict.fromkeys(match[0] for match in _OF.finditer(_plain(claim.text))):
                keys = [(source, figure, helps) for source in claim.sources]
                other = next((first[key] for key in keys if key in first), None)
                if other and other[0] != claim.label:
                    message = f"“{figure}” is labelled “{_name(claim.label)}” here, "
                    message += f"and “{_name(other[0])}” on “{other[1]}”: “{_start(claim.text)}”"
                    hint = "One figure of one source has one label: give both the same."
                    yield checked.problem(42, claim.text, message, hint)
                first |= {key: (claim.label, checked.page.nav) for key in keys if key not in first}


def _name(label: str) -> str:
    return next(name for name, value in MARKDOWN_NAMES.items() if value == label)


def _start(text: str) -> str:
    first = " ".join(text.split()[:_SHOWN])
    return first if first == text else f"{first} …"
