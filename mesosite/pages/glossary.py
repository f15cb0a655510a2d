"""The medical words that the pages explain: `words.yaml`, the page of them, links to it.

    dermis:
      means: The middle layer of the skin.
      explained: /overview/#what-mesotherapy-is
      forms: [dermal]

On a page, the first use of a word leads to its explanation. Where a page holds many, the words
that stand first in the file are linked.
"""

import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.text import slugify
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.errors import ContentError
from mesosite.pages.front_matter import load_yaml
from mesosite.pages.problems import Problem
from mesosite.pages.prose import sentences, words

URL = "/words/"
MOST_WORDS = 20
MOST_LINKS = 6
_NOT_HERE = {"a", "abbr", "button", "caption", "code", "dt", "figcaption", "h1", "h2", "h3", "h4"}
_NOT_HERE |= {"label", "nav", "script", "summary", "sup", "th"}


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
    if len(words(means)) > MOST_WORDS or len(sentences(means)) != 1 or not means.endswith("."):
        raise wrong(f"say it in one sentence of at most {MOST_WORDS} words.", "End it with a stop.")
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


class WordLinks(Treeprocessor):
    """Links the first use of each word in a page's prose to its explanation."""

    def __init__(self, md, language):
        super().__init__(md)
        self.language = language

    def run(self, root):
        places = list(_texts(root))
        uses = first_uses([text for text, _parent, _child in places], self.language)
        order = {word: n for n, word in enumerate(all_words(self.language))}
        chosen = sorted(uses, key=order.get)[:MOST_LINKS]
        # The last one first, so that the places of the others stay where they are.
        for word in sorted(chosen, key=lambda w: (uses[w][0], uses[w][1].start()), reverse=True):
            number, match = uses[word]
            _link(word, match, *places[number][1:])


def _texts(parent):
    """Each stretch of prose as (text, the element it stands in, the child that it follows)."""
    if parent.tag in _NOT_HERE or "label" in parent.get("class", ""):
        return
    yield parent.text or "", parent, None
    for child in parent:
        yield from _texts(child)
        yield child.tail or "", parent, child


def _link(word, match, parent, child):
    link = etree.Element("a", {"href": word.url})
    link.text = match[0]
    if child is None:
        parent.text, link.tail = parent.text[: match.start()], parent.text[match.end() :]
        parent.insert(0, link)
    else:
        child.tail, link.tail = child.tail[: match.start()], child.tail[match.end() :]
        parent.insert(list(parent).index(child) + 1, link)


class WordsExtension(Extension):
    def __init__(self, language):
        super().__init__()
        self.language = language

    def extendMarkdown(self, md):
        # After the margin notes (15), before abbreviations (7) cut the text.
        md.treeprocessors.register(WordLinks(md, self.language), "words", 13)


def lost_words(proofs):
    """E030: a word that leads to a page, or a place on one, that is not there."""
    pages = {proof.page.url: proof.page for proof in proofs}
    path = settings.CONTENT_DIR / settings.LANGUAGE_CODE / "words.yaml"
    for word in all_words():
        url, _hash, anchor = word.explained.partition("#")
        page = pages.get(url)
        if page is None or (anchor and f'id="{anchor}"' not in page.html):
            message = f"“{word.term}” is not explained at {word.explained}: no such place."
            yield Problem(30, ContentError(path, word.line, message, "Such as /risks/#infection."))
