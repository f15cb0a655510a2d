"""Labels in the margin, which open to the sources that they rest on."""

import re
import xml.etree.ElementTree as etree

from django.utils.translation import ngettext
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.content.files import ContentFiles
from mesosite.pages.content.labels import MARKDOWN_NAMES
from mesosite.pages.content.references import Study
from mesosite.pages.markup.citations import Citations
from mesosite.pages.markup.elements import sub

LABEL = rf"\[({'|'.join(MARKDOWN_NAMES)})(?::([^\]]*))?\]"


def label_note(citations: Citations, match: re.Match[str]) -> etree.Element:
    label = MARKDOWN_NAMES[match[1]]
    note = etree.Element("span", {"class": f"label label--{label.value}"})
    sub(note, "b", str(label.label))
    if (links := citations.links(match[2])) is not None:
        note.append(links)
    return note


class MarginNotes(Treeprocessor):
    """Takes a label out of the paragraph that it ends, so that it can stand in the margin."""

    def run(self, root: etree.Element) -> None:
        for parent in root.iter():
            for place, child in reversed(list(enumerate(parent))):
                if child.tag == "p" and len(child) and not (child[-1].tail or "").strip():
                    self._move(parent, place, child)

    def _move(self, parent: etree.Element, place: int, paragraph: etree.Element) -> None:
        note = paragraph[-1]
        if not note.get("class", "").startswith("label"):
            return
        paragraph.remove(note)
        note.tag, note.tail = "p", None
        if len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "").rstrip()
        else:
            paragraph.text = (paragraph.text or "").rstrip()
        alone = not len(paragraph) and not (paragraph.text or "").strip()
        if alone:
            parent.remove(paragraph)
        parent.insert(place if alone else place + 1, note)


_ROOM = ("td", "dd", "li", "div")
"""The elements that may end with a `details`; a label inside a sentence stays as it is."""


_FULL = (".//div[@class='compare']", ".//div[@class='guide']")
"""Where labels stand so close that none opens."""


class PairLines(Treeprocessor):
    """Names each pair after the first label in it, so that its rule is that label's line."""

    def run(self, root: etree.Element) -> None:
        for pair in root.iterfind(".//div[@class='pair']"):
            kinds = (element.get("class", "").split("label--") for element in pair.iter())
            if kind := next((kind[1] for kind in kinds if len(kind) > 1), ""):
                pair.set("class", f"pair pair--{kind}")


class ExpandableLabels(Treeprocessor):
    """Makes `details` of the labels that name sources.

    In a side-by-side table and in the scar guide, which hold many, they lead to the page's list.

    The numbers in the summary are not links: a summary is a button, and a button holds no link.
    """

    def __init__(self, md: Markdown, citations: Citations, files: ContentFiles) -> None:
        super().__init__(md)
        self.citations, self.files = citations, files

    def run(self, root: etree.Element) -> None:
        full = {part for name in _FULL for box in root.iterfind(name) for part in box.iter()}
        for parent in list(root.iter()):
            for place, child in enumerate(parent):
                numbers = child.find("sup") if _has_room(parent, child) else None
                if numbers is not None and parent in full:
                    numbers.tag = "span"
                    numbers.text = f"{ngettext('Source', 'Sources', len(numbers))} "
                elif numbers is not None:
                    parent[place] = self._details(child, numbers)

    def _details(self, note: etree.Element, numbers: etree.Element) -> etree.Element:
        details = etree.Element("details", note.attrib)
        details.tail = note.tail
        summary = sub(details, "summary")
        summary.extend(note)
        named = [int(link.text or "") for link in numbers]
        numbers.clear()
        numbers.tag, numbers.text = "span", _said(named)
        numbers.set("class", "cite")
        numbers.tail, summary[-2].tail = None, " "
        sources = sub(details, "ol")
        for number in named:
            self._source(sources, number)
        return details

    def _source(self, sources: etree.Element, number: int) -> None:
        key = self.citations.keys[number - 1]
        if source := self.files.references.get(key):
            link = sub(sub(sources, "li", value=str(number)), "a", source.name, href=f"#s{number}")
            link.tail = f". {self.files.studies.get(key, Study()).text}".rstrip()


def _said(numbers: list[int]) -> str:
    """`Source 4`, or `Sources 4, 6`."""
    said = ngettext("Source %s", "Sources %s", len(numbers))
    return said % ", ".join(map(str, numbers))


def _has_room(parent: etree.Element, child: etree.Element) -> bool:
    """Whether a child is a label that can open where it stands."""
    at_the_end = parent.tag in _ROOM and child is parent[-1] and not (child.tail or "").strip()
    return child.get("class", "").startswith("label ") and (child.tag == "p" or at_the_end)
