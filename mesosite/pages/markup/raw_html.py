"""The HTML that may stand in a page: a few elements, closed, with harmless attributes.

Comments are for editors and are taken out. All other HTML stays text, and the gate names it.
"""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

ELEMENTS = ("del", "ins", "q", "span", "sub", "sup")
ATTRIBUTES = ("dir", "lang", "title")
_ATTRIBUTE = rf"""\s+(?:{"|".join(ATTRIBUTES)})=(?:"[^"<>]*"|'[^'<>]*')"""
_ELEMENT = rf"<({'|'.join(ELEMENTS)})((?:{_ATTRIBUTE})*)\s*>(.*?)</\1\s*>"
_COMMENT_LINES = re.compile(r"^[ \t]*<!--.*?-->[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")


def without_comments(text: str) -> str:
    """The text without HTML comments, nor the lines that hold nothing else."""
    return COMMENT.sub("", _COMMENT_LINES.sub("", text))


class Comments(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return without_comments("\n".join(lines)).split("\n")


class HtmlElements(InlineProcessor):
    """An element that may stand in a page; what it holds is read as Markdown."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(_ELEMENT, md)

    def handleMatch(  # type: ignore[override]  # the stubs name the old processors' signature
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        given = re.findall(r"""(\w+)=["']([^"'<>]*)""", m[2])
        element = etree.Element(m[1], dict(given))
        element.text = m[3]
        return element, m.start(0), m.end(0)


class LineBreaks(InlineProcessor):
    def __init__(self, md: Markdown) -> None:
        super().__init__(r"<br\s*/?>", md)

    def handleMatch(  # type: ignore[override]  # the stubs name the old processors' signature
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        return etree.Element("br"), m.start(0), m.end(0)


class OtherHtml(InlineProcessor):
    """HTML that may not stand in a page: `found` holds it, and the page shows it as text."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(_TAG.pattern, md)
        self.found: list[str] = []

    def handleMatch(  # type: ignore[override]  # the stubs name the old processors' signature
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        self.found.append(m[0])
        return self.md.htmlStash.store(m[0].replace("<", "&lt;")), m.start(0), m.end(0)
