"""Search over the headings and the text of all pages, in memory.

Words are compared without accents and endings: "needles" finds "needling". A word that no page
holds is taken for the nearest that one does. A query can tell of health: no log or cache keeps it.
"""

import difflib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import snowballstemmer
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from mesosite import normal_form
from mesosite.pages.catalogue import Content, all_pages, content

MAX_LETTERS = 200
MAX_RESULTS = 20
_MAX_WORDS = 20
_MIN_GUESS_LENGTH = 4
_PIECES = re.compile(r"\w+(?:-\w+)*|\W+")
_STEM_WORD = re.compile(r"\w+(?:-\w+)*")
Said = list[tuple[str, bool]]
"""[(sentence, whether clinics say it and not we), …]."""
_OF_QUESTIONS = re.compile(
    "a|an|and|are|be|can|do|does|for|have|how|i|if|in|is|it|long|me|my|of|on|or|should|the|to|"
    "was|what|when|where|which|who|why|will|with|you"
)


def telling(words: list[str]) -> list[str]:
    """The words but those of any question, such as "how"; all words where none is left."""
    return [word for word in words if not _OF_QUESTIONS.fullmatch(fold(word))] or words


def fold(text: str) -> str:
    """Small letters without accents; "Naïve" and "naive" are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


class Stems(dict[str, str]):
    """{word: its stem}, filled on access. A stemmer serves one thread: threads never share this."""

    def __init__(self, language: str) -> None:
        super().__init__()
        name = get_language_info(language)["name"].lower()
        known = name in snowballstemmer.algorithms()
        self._stem = snowballstemmer.stemmer(name).stemWord if known else str

    def __missing__(self, word: str) -> str:
        self[word] = self._stem(fold(word))
        return self[word]

    def of(self, text: str) -> frozenset[str]:
        """The stems of a text; of "micro-needling" also those of both its parts."""
        found = _STEM_WORD.findall(normal_form.words(text))
        parts = [part for word in found for part in {word.replace("-", ""), *word.split("-")}]
        return frozenset(self[part] for part in parts)


class Sentence(NamedTuple):
    """said: clinics say it, and not we."""

    text: str
    said: bool
    stems: frozenset[str]


@dataclass(frozen=True)
class SearchEntry:
    """A place that can be found."""

    url: str
    page: str
    heading: str
    heading_stems: frozenset[str]
    sentences: tuple[Sentence, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        return self.heading_stems.union(*(sentence.stems for sentence in self.sentences))


@dataclass(frozen=True)
class Result:
    """An entry that was found. text: its best sentence as ((text, whether it is a hit), …)."""

    entry: SearchEntry
    said: bool
    text: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Index:
    """weights: {stem: a number, higher for rarer ones}; words: {stem: one word that has it}."""

    entries: list[SearchEntry]
    weights: dict[str, float]
    words: dict[str, str]


@lru_cache(maxsize=len(settings.LANGUAGES))
def index(of: Content, language: str) -> Index:
    """The index of a language, made once for the same content."""
    stems = Stems(language)
    entries = list(_entries(language, stems))
    held = Counter(stem for entry in entries for stem in entry.stems)
    weights = {stem: math.log((len(entries) + 1) / times) for stem, times in held.items()}
    return Index(entries, weights, {stem: fold(word) for word, stem in stems.items()})


def _entries(language: str, stems: Stems) -> Iterator[SearchEntry]:
    def entry(url: str, page: str, heading: str, found: Said, more: str = "") -> SearchEntry:
        spelled = ((normal_form.words(text), said) for text, said in found)
        sentences = tuple(Sentence(text, said, stems.of(text)) for text, said in spelled)
        return SearchEntry(url, page, heading, stems.of(f"{heading} {more}"), sentences)

    for page in all_pages().values():
        if page.language == language:
            first, *others = page.sections
            summary = [(line, False) for line in page.summary]
            yield entry(page.url, page.nav, page.title, summary + first.sentences)
            for part, below in zip(others, [*others[1:], first], strict=True):
                said = part.sentences or below.sentences
                yield entry(f"{page.url}#{part.anchor}", page.nav, part.heading, said)
    for word in content().glossaries[language].words:
        yield entry(word.url, _("Words"), word.term, [(word.means, False)], " ".join(word.forms))


def search(query: str) -> tuple[list[Result], dict[str, str]]:
    """(results, best first; {word asked for: the known word taken for it})."""
    known, stems = index(content(), get_language()), Stems(get_language())
    wanted: dict[str, float] = {}
    instead: dict[str, str] = {}
    asked = normal_form.words(query)[:MAX_LETTERS]
    for word in telling(re.findall(r"\w+", asked)[:_MAX_WORDS]):
        stem = stems[word] if stems[word] in known.weights else _nearest(stems[word], known)
        if stem:
            wanted[stem] = known.weights[stem]
        if stem and stem != stems[word]:
            instead[word] = known.words[stem]
    alike: dict[tuple, Result] = {}  # a care card stands on many pages with the same words
    for entry in _best(known.entries, wanted):
        result = _result(entry, wanted, stems)
        alike.setdefault((entry.heading, result.text), result)
    return list(alike.values())[:MAX_RESULTS], instead


def _nearest(stem: str, known: Index) -> str | None:
    """The known stem that begins so, or is spelt nearly so; None for short or strange ones."""
    if len(stem) < _MIN_GUESS_LENGTH:
        return None
    longer = (other for other in known.weights if other.startswith(stem))
    return min(longer, default=None) or next(
        iter(difflib.get_close_matches(stem, known.weights, n=1, cutoff=0.8)), None
    )


def _best(entries: list[SearchEntry], wanted: dict[str, float]) -> list[SearchEntry]:
    """The entries that hold the most of what is wanted: at least half of what the best holds.

    What the heading holds counts twice more, what the best sentence holds once more.
    """
    scores = [_score(entry, wanted) for entry in entries]
    least = max([*scores, 0]) / 2
    found = [item for item in zip(scores, entries, strict=True) if item[0] and item[0] >= least]
    found.sort(key=lambda item: -item[0])
    return [entry for _score, entry in found]


def _score(entry: SearchEntry, wanted: dict[str, float]) -> float:
    if not entry.stems & wanted.keys():
        return 0
    sentence = max((_weight(s.stems, wanted) for s in entry.sentences), default=0)
    return _weight(entry.stems, wanted) + 2 * _weight(entry.heading_stems, wanted) + sentence


def _weight(stems: frozenset[str], wanted: dict[str, float]) -> float:
    return sum(wanted[stem] for stem in stems & wanted.keys())


def _result(entry: SearchEntry, wanted: dict[str, float], stems: Stems) -> Result:
    text, said, _stems = max(
        entry.sentences,
        key=lambda sentence: (_weight(sentence.stems, wanted), not sentence.said),
        default=Sentence("", False, frozenset()),
    )
    pieces = [(piece, bool(stems.of(piece) & wanted.keys())) for piece in _PIECES.findall(text)]
    return Result(entry, said, tuple(pieces))
