"""Search over the headings and the text of all pages, in memory.

A word that no page holds is taken for the nearest one that a page does hold. What somebody looks
for can tell of their health: it is kept nowhere, not even in a cache.
"""

import difflib
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mesosite.pages.glossary import all_words
from mesosite.pages.sections import sections
from mesosite.pages.site import all_pages
from mesosite.pages.stems import Stems, fold, telling

MOST_LETTERS = 200
MOST_RESULTS = 20
_MOST_WORDS = 20
_SHORTEST_GUESS = 4
_PIECES = re.compile(r"\w+(?:-\w+)*|\W+")


@dataclass(frozen=True)
class Entry:
    """A place that can be found. sentences: ((text, said by clinics, its stems), …)."""

    url: str
    page: str
    heading: str
    heading_stems: frozenset
    sentences: tuple
    stems: frozenset


@dataclass(frozen=True)
class Result:
    """An entry that was found. text: its best sentence as ((text, whether it is a hit), …)."""

    entry: Entry
    said: bool
    text: tuple


@dataclass(frozen=True)
class Index:
    """entries: every place; weights: {stem: how much it says, more the rarer}; words: {stem: one
    word that has it}.
    """

    entries: list
    weights: dict
    words: dict


@cache
def index(language):
    stems = Stems(language)
    entries = [_entry(stems, *place) for place in _places(language)]
    held = Counter(stem for entry in entries for stem in entry.stems)
    weights = {stem: math.log((len(entries) + 1) / times) for stem, times in held.items()}
    return Index(entries, weights, {stem: fold(word) for word, stem in stems.items()})


def _places(language):
    """Every place as (url, page, heading, [(sentence, whether clinics say it), …], more words)."""
    for page in all_pages().values():
        if page.language == language:
            first, *others = sections(page.html)
            summary = [(line, False) for line in page.summary]
            yield page.url, page.nav, page.title, summary + first.sentences
            for part, below in zip(others, [*others[1:], first], strict=True):
                said = part.sentences or below.sentences
                yield f"{page.url}#{part.anchor}", page.nav, part.heading, said
    for word in all_words(language):
        yield word.url, _("Words"), word.term, [(word.means, False)], " ".join(word.forms)


def _entry(stems, url, page, heading, said, more=""):
    sentences = tuple((text, by_clinics, stems.of(text)) for text, by_clinics in said)
    heading_stems = stems.of(f"{heading} {more}")
    every = heading_stems.union(*(found for _text, _said, found in sentences))
    return Entry(url, page, heading, heading_stems, sentences, every)


def search(query):
    """What was found, as (results, best first; {word asked for: the known word taken for it})."""
    known, stems = index(get_language()), Stems(get_language())
    wanted, instead = {}, {}
    for word in telling(re.findall(r"\w+", query[:MOST_LETTERS])[:_MOST_WORDS]):
        stem = stems[word] if stems[word] in known.weights else _nearest(stems[word], known)
        if stem:
            wanted[stem] = known.weights[stem]
        if stem and stem != stems[word]:
            instead[word] = known.words[stem]
    alike = {}  # a care card stands on many pages with the same words
    for entry in _best(known.entries, wanted):
        result = _result(entry, wanted, stems)
        alike.setdefault((entry.heading, result.text), result)
    return list(alike.values())[:MOST_RESULTS], instead


def _nearest(stem, known):
    """The known stem that begins so, or is spelt nearly so; None for short or strange ones."""
    if len(stem) < _SHORTEST_GUESS:
        return None
    longer = (other for other in known.weights if other.startswith(stem))
    return min(longer, default=None) or next(
        iter(difflib.get_close_matches(stem, known.weights, n=1, cutoff=0.8)), None
    )


def _best(entries, wanted):
    """The entries that hold the most of what is wanted: at least half of what the best holds.

    What the heading holds counts twice more, what the best sentence holds once more.
    """
    scores = [_score(entry, wanted) for entry in entries]
    least = max([*scores, 0]) / 2
    found = [item for item in zip(scores, entries, strict=True) if item[0] and item[0] >= least]
    found.sort(key=lambda item: -item[0])
    return [entry for _score, entry in found]


def _score(entry, wanted):
    if not entry.stems & wanted.keys():
        return 0
    sentence = max((_weight(stems, wanted) for _text, _said, stems in entry.sentences), default=0)
    return _weight(entry.stems, wanted) + 2 * _weight(entry.heading_stems, wanted) + sentence


def _weight(stems, wanted):
    return sum(wanted[stem] for stem in stems & wanted.keys())


def _result(entry, wanted, stems):
    text, said, _stems = max(
        entry.sentences, key=lambda s: (_weight(s[2], wanted), not s[1]), default=("", False, ())
    )
    pieces = [(piece, bool(stems.of(piece) & wanted.keys())) for piece in _PIECES.findall(text)]
    return Result(entry, said, tuple(pieces))
