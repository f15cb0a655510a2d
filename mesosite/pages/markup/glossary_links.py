"""Links from the first use of a medical word to its explanation."""

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.content.files import ContentFiles
from mesosite.pages.content.glossary import Word

MAX_LINKS = 6
_NOT_HERE = {"a", "abbr", "button", "caption", "code", "dt", "figcaption", "h1", "h2", "h3", "h4"}
_NOT_HERE |= {"label", "nav", "script", "summary", "sup", "th"}
Stretch = tuple[str, etree.Element, etree.Element | None]
"""A stretch of prose: (text, the element that it stands in, the child that it follows)."""


class GlossaryLinks(Treeprocessor):
    """Links the first use of each word in a page's prose to its explanation."""

    def __init__(self, md: Markdown, files: ContentFiles, language: str) -> None:
        super().__init__(md)
        self.files, self.language = files, language

    def run(self, root: etree.Element) -> None:
        glossary = self.files.glossaries[self.language]
        places = list(_texts(root))
        uses = glossary.first_uses(text for text, _parent, _child in places)
        chosen = [word for word in glossary.words if word in uses][:MAX_LINKS]
        # The last one first, so that the places of the others stay where they are.
        for word in sorted(chosen, key=lambda w: (uses[w][0], uses[w][1].start()), reverse=True):
            number, match = uses[word]
            _link(word, match, *places[number][1:])


def _texts(parent: etree.Element) -> Iterator[Stretch]:
    if parent.tag in _NOT_HERE or "label" in parent.get("class", ""):
        return
    yield parent.text or "", parent, None
    for child in parent:
        yield from _texts(child)
        yield child.tail or "", parent, child


def _link(
    word: Word, match: re.Match[str], parent: etree.Element, child: etree.Element | None
) -> None:
    link = etree.Element("a", {"href": word.url})
    link.text = match[0]
    if child is None:
        text = parent.text or ""
        parent.text, link.tail = text[: match.start()], text[match.end() :]
        parent.insert(0, link)
    else:
        text = child.tail or ""
        child.tail, link.tail = text[: match.start()], text[match.end() :]
        parent.insert(list(parent).index(child) + 1, link)
