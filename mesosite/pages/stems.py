"""Words without their accents and endings, so that "needles" finds "needling"."""

import re
import unicodedata

import snowballstemmer
from django.utils.translation import get_language_info

_WORD = re.compile(r"\w+(?:-\w+)*")
_OF_QUESTIONS = re.compile(
    "a|an|and|are|be|can|do|does|for|have|how|i|if|in|is|it|long|me|my|of|on|or|should|the|to|"
    "was|what|when|where|which|who|why|will|with|you"
)


def telling(words):
    """The words that say what is asked for; all of them where none does."""
    return [word for word in words if not _OF_QUESTIONS.fullmatch(fold(word))] or words


def fold(text):
    """Small letters without accents; "Naïve" and "naive" are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


class Stems(dict):
    """{word: its stem}, filled as it is asked. Never shared: a stemmer serves one thread."""

    def __init__(self, language):
        super().__init__()
        name = get_language_info(language)["name"].lower()
        known = name in snowballstemmer.algorithms()
        self._stem = snowballstemmer.stemmer(name).stemWord if known else str

    def __missing__(self, word):
        self[word] = self._stem(fold(word))
        return self[word]

    def of(self, text):
        """The stems of a text; of "micro-needling" also those of both its parts."""
        found = _WORD.findall(unicodedata.normalize("NFC", text))
        parts = [part for word in found for part in {word.replace("-", ""), *word.split("-")}]
        return frozenset(self[part] for part in parts)
