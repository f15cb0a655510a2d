"""The medical words that the pages explain, from `words.yaml`.

    dermis:
      means: The middle layer of the skin.
      explained: /overview/#what-mesotherapy-is
      forms: [dermal]

On a page, the first use of a word leads to its explanation. Where a page holds many, the words
that stand first in the file are linked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.yaml_lines import load_yaml
from mesosite.pages.prose import sentences, words

URL = "/words/"
MAX_WORDS = 20


@dataclass(frozen=True)
class Word:
    """An explained word. forms: all its spellings, the term among them; line: in words.yaml."""

    term: str
    means: str
    explained: str
    forms: tuple[str, ...]
    line: int

    @property
    def anchor(self) -> str:
        return slugify(self.term)

    @property
    def url(self) -> str:
        return f"{URL}#{self.anchor}"


@dataclass(frozen=True)
class Glossary:
    """The words of one language, in the order of its words.yaml."""

    words: tuple[Word, ...] = ()

    @cached_property
    def _by_form(self) -> dict[str, Word]:
        """{spelling in small letters: Word}."""
        return {form.casefold(): word for word in self.words for form in word.forms}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(map(re.escape, self._by_form), key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first) or '(?!)'})(?![\w-])", re.I)

    def first_uses(self, texts: Iterable[str]) -> dict[Word, tuple[int, re.Match[str]]]:
        """{Word: (number of the text, match)} for the first use of each in some texts."""
        uses: dict[Word, tuple[int, re.Match[str]]] = {}
        for number, text in enumerate(texts):
            for match in self._pattern.finditer(text):
                uses.setdefault(self._by_form[match[0].casefold()], (number, match))
        return uses


def read_glossary(path: Path) -> Glossary:
    """The words of a words.yaml. Raises ContentError with the line."""
    values, lines = load_yaml(path, read_text(path, "The list of words is not there."))
    found = tuple(_word(path, lines[term], term, said) for term, said in values.items())
    first: dict[str, Word] = {}
    for word in found:
        for form in map(str.casefold, word.forms):
            if (other := first.setdefault(form, word)) is not word:
                message = f"“{form}” belongs to “{other.term}” already."
                raise ContentError(path, word.line, message)
    return Glossary(found)


def _word(path: Path, line: int, term: str, said: Any) -> Word:
    def wrong(message: str, hint: str = "") -> ContentError:
        return ContentError(path, line, f"“{term}”: {message}", hint)

    said = said if isinstance(said, dict) else {}
    if set(said) - {"forms"} != {"means", "explained"}:
        raise wrong("it has means, explained and maybe forms.", "See the words above and below.")
    means, forms = str(said["means"]), said.get("forms") or []
    if not isinstance(forms, list):
        raise wrong("forms is a list: [dermis, dermal].")
    if len(words(means)) > MAX_WORDS or len(sentences(means)) != 1 or not means.endswith("."):
        raise wrong(f"say it in one sentence of at most {MAX_WORDS} words.", "End it with a stop.")
    spelt = tuple(dict.fromkeys(str(form) for form in (term, *forms)))
    return Word(term, means, str(said["explained"]), spelt, line)
