"""Citations such as [@alam2014]: numbers that lead to the list of sources."""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Mapping

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.content.references import Reference
from mesosite.pages.markup.elements import sub

_KEY = re.compile(r"@([\w-]+)")
CITATION = r"\s*\[(@[\w-]+(?:[,;\s]+@[\w-]+)*)\]"
Build = Callable[[re.Match[str]], etree.Element | None]


class Citations(Treeprocessor):
    """The sources that one page cites, numbered in the order in which a reader meets them.

    Inline text is not parsed in that order, so that the finished tree gets the numbers. Sources
    that are cited together stand in the order of their numbers.
    """

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
            sub(group, "a", key, href="#")
        return group

    def run(self, root: etree.Element) -> None:
        for group in root.iter("sup"):
            if group.get("class") == "cite":
                group[:] = sorted(group, key=lambda link: self._number(link.text or ""))
                self._write(group)

    def _number(self, key: str) -> int:
        if key not in self.keys:
            self.keys.append(key)
        return self.keys.index(key) + 1

    def _write(self, group: etree.Element) -> None:
        for link in group:
            number = self._number(link.text or "")
            link.text, link.tail = str(number), " "
            link.set("href", f"#s{number}")
        group[-1].tail = None


class InlineElements(InlineProcessor):
    """Puts the element that `build` makes of a match in its place."""

    def __init__(self, pattern: str, md: Markdown, build: Build) -> None:
        super().__init__(pattern, md)
        self.build = build

    def handleMatch(  # type: ignore[override]  # the stubs name the old processors' signature
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int, int]:
        return self.build(m), m.start(0), m.end(0)
