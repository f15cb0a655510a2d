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
from mesosite.pages.content.yaml_lines import Text, read_mapping
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
        return slugify(self.term, allow_unicode=True)

    @property
    def url(self) -> str:
        return f"{URL}#{self.anchor}"


@dataclass(frozen=True)
class Glossary:
    """The words of one language, in the order of its words.yaml."""

    words: tuple[Word, ...] = ()

    @cached_property
    def _by_form(self) -> dict[str, Word]:
        """{spelling, as `_plain` writes it: Word}."""
        return {_plain(form): word for word in self.words for form in word.forms}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        forms = (form for word in self.words for form in word.forms)
        longest_first = sorted(map(re.escape, forms), key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first) or '(?!)'})(?![\w-])", re.I)

    def terms_in(self, text: str) -> list[str]:
        """Each use of a word in a text, as it is spelt there."""
        return self._pattern.findall(text)

    def first_uses(self, texts: Iterable[str]) -> dict[Word, tuple[int, re.Match[str]]]:
        """{Word: (number of the text, match)} for the first use of each in some texts."""
        uses: dict[Word, tuple[int, re.Match[str]]] = {}
        for number, text in enumerate(texts):
            for match in self._pattern.finditer(text):
                uses.setdefault(self._by_form[_plain(match[0])], (number, match))
        return uses


def _plain(spelling: str) -> str:
    """In small letters; a dotted and a dotless i are one, as for a pattern that ignores case."""
    return re.sub("i\u0307|ı", "i", spelling.casefold())


def read_glossary(path: Path) -> Glossary:
    """The words of a words.yaml. Raises ContentError with the line."""
    values = read_mapping(path, read_text(path, "The list of words is not there."))
    found = tuple(_word(path, term, said) for term, said in values.items())
    first: dict[str, Word] = {}
    for word in found:
        for form in map(_plain, word.forms):
            if (other := first.setdefault(form, word)) is not word:
                message = f"“{form}” belongs to “{other.term}” already."
                raise ContentError(path, word.line, message)
    return Glossary(found)


def _word(path: Path, term: Text, said: Any) -> Word:
    def wrong(message: str, hint: str = "") -> ContentError:
        return ContentError(path, term.line, f"“{term}”: {message}", hint)

    said = said if isinstance(said, dict) else {}
    if set(said) - {"forms"} != {"means", "explained"}:
        raise wrong("it has means, explained and maybe forms.", "See the words above and below.")
    means, explained, forms = said["means"], said["explained"], said.get("forms") or []
    if not all(isinstance(text, str) and text for text in (means, explained)):
        raise wrong("means and explained are words.", "See the words above and below.")
    if not isinstance(forms, list) or not all(isinstance(form, str) and form for form in forms):
        raise wrong("forms is a list: [dermis, dermal].")
    if len(words(means)) > MAX_WORDS or len(sentences(means)) != 1 or not means.endswith("."):
        raise wrong(f"say it in one sentence of at most {MAX_WORDS} words.", "End it with a stop.")
    spelt = tuple(dict.fromkeys((term, *forms)))
    return Word(term, means, explained, spelt, term.line)
