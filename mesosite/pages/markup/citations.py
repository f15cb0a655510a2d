"""Citations such as [@alam2014]: numbers that lead to the list of sources."""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Mapping

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor

from mesosite.pages.content.references import Reference
from mesosite.pages.markup.elements import sub

_KEY = re.compile(r"@([\w-]+)")
CITATION = r"\s*\[(@[\w-]+(?:[,;\s]+@[\w-]+)*)\]"
Build = Callable[[re.Match[str]], etree.Element | None]


class Citations(Postprocessor):
    """The sources that one page cites, numbered in the order in which a reader meets them.

    Inline text is not parsed in that order, so that the finished html gets the numbers.
    """

    MARK = "\x1e"  # Stands before a key until the key is numbered: nobody can type it.

    def __init__(self, references: Mapping[str, Reference]) -> None:
        super().__init__()
        self.references = references
        self.keys: list[str] = []
        self.unknown: list[str] = []

    def links(self, text: str | None) -> etree.Element | None:
        """An element with a link for each @key in `text`, or None without any."""
        found = _KEY.findall(text or "")
        self.unknown += [key for key in found if key not in self.references]
        if not found:
            return None
        group = etree.Element("sup", {"class": "cite"})
        for key in found:
            link = sub(group, "a", f"{self.MARK}{key}", href=f"#{self.MARK}{key}")
            link.tail = " "
        group[-1].tail = None
        return group

    def run(self, text: str) -> str:
        return re.sub(rf"(#?){self.MARK}([\w-]+)", self._number, text)

    def _number(self, match: re.Match[str]) -> str:
        key = match[2]
        if key not in self.keys:
            self.keys.append(key)
        number = self.keys.index(key) + 1
        return f"#s{number}" if match[1] else str(number)


class InlineElements(InlineProcessor):
    """Puts the element that `build` makes of a match in its place."""

    def __init__(self, pattern: str, md: Markdown, build: Build) -> None:
        super().__init__(pattern, md)
        self.build = build

    def handleMatch(  # type: ignore[override]  # the stubs name the old processors' signature
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int, int]:
        return self.build(m), m.start(0), m.end(0)
