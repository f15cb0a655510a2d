"""Links from the first use of a medical word to its explanation."""

import xml.etree.ElementTree as etree

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.content.glossary import all_words, first_uses

MAX_LINKS = 6
_NOT_HERE = {"a", "abbr", "button", "caption", "code", "dt", "figcaption", "h1", "h2", "h3", "h4"}
_NOT_HERE |= {"label", "nav", "script", "summary", "sup", "th"}


class GlossaryLinks(Treeprocessor):
    """Links the first use of each word in a page's prose to its explanation."""

    def __init__(self, md, language):
        super().__init__(md)
        self.language = language

    def run(self, root):
        places = list(_texts(root))
        uses = first_uses([text for text, _parent, _child in places], self.language)
        order = {word: n for n, word in enumerate(all_words(self.language))}
        chosen = sorted(uses, key=order.get)[:MAX_LINKS]
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


class GlossaryExtension(Extension):
    def __init__(self, language):
        super().__init__()
        self.language = language

    def extendMarkdown(self, md):
        # After the margin notes (15), before abbreviations (7) cut the text.
        md.treeprocessors.register(GlossaryLinks(md, self.language), "words", 13)
