"""The medical words that the pages explain: `words.yaml`, the page of them, links to it.

    dermis:
      means: The middle layer of the skin.
      explained: /overview/#what-mesotherapy-is
      forms: [dermal]

On a page, the first use of a word leads to its explanation. Where a page holds many, the words
that stand first in the file are linked.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.text import slugify

from mesosite.pages.content.errors import ContentError
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
    forms: tuple
    line: int

    @property
    def anchor(self):
        return slugify(self.term)

    @property
    def url(self):
        return f"{URL}#{self.anchor}"


@cache
def all_words(language=settings.LANGUAGE_CODE):
    """The words of a language, in the order of its words.yaml. Raises ContentError."""
    path = settings.CONTENT_DIR / language / "words.yaml"
    if not path.exists() and language != settings.LANGUAGE_CODE:
        return ()
    return read_words(path)


def read_words(path):
    try:
        values, lines = load_yaml(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError(path, 0, "The list of words is not there.") from error
    except UnicodeDecodeError as error:
        raise ContentError(path, 0, "The file is not saved as UTF-8.") from error
    found = tuple(_word(path, lines[str(term)], term, said) for term, said in values.items())
    _refuse_twice(path, found)
    return found


def _word(path, line, term, said):
    def wrong(message, hint=""):
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
    return Word(str(term), means, str(said["explained"]), spelt, line)


def _refuse_twice(path, found):
    seen = {}
    for word in found:
        for form in {form.casefold() for form in word.forms}:
            if form in seen:
                message = f"“{form}” belongs to “{seen[form]}” already."
                raise ContentError(path, word.line, message)
            seen[form] = word.term


@cache
def pattern(language):
    """A pattern that finds the words of a language, and {spelling in small letters: Word}."""
    spelt = {form.casefold(): word for word in all_words(language) for form in word.forms}
    longest_first = sorted(map(re.escape, spelt), key=len, reverse=True)
    found = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first) or '(?!)'})(?![\w-])", re.I)
    return found, spelt


def first_uses(texts, language):
    """{Word: (number of the text, match)} for the first use of each in some texts."""
    found, spelt = pattern(language)
    uses = {}
    for number, text in enumerate(texts):
        for match in found.finditer(text):
            uses.setdefault(spelt[match[0].casefold()], (number, match))
    return uses
