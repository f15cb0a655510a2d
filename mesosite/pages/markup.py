"""What our markdown knows beyond Python-Markdown: citations and labels.

    Needling may soften some scars. [@alam2014]
    [We are not very sure: @cachafeiro2016, @alam2014]

A citation becomes a number that leads to the page's list of sources. A label in a paragraph's
last line becomes a note beside the paragraph. The blocks (`/// pair`) are in `blocks`.
"""

import re
import xml.etree.ElementTree as etree

from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.labels import MARKDOWN_NAMES
from mesosite.pages.opening import OpeningLabels

_KEY = re.compile(r"@([\w-]+)")
_LABEL = rf"\[({'|'.join(MARKDOWN_NAMES)})(?::([^\]]*))?\]"
_CITATION = r"\s*\[(@[\w-]+(?:[,;\s]+@[\w-]+)*)\]"


class Citations:
    """The sources that one page cites, numbered in the order in which a reader meets them."""

    MARK = "\x1e"  # Stands before a key until the key is numbered: nobody can type it.

    def __init__(self, references):
        self.references, self.keys, self.unknown = references, [], []

    def links(self, text):
        """An element with a link for each @key in `text`, or None without any."""
        found = _KEY.findall(text or "")
        self.unknown += [key for key in found if key not in self.references]
        if not found:
            return None
        group = etree.Element("sup", {"class": "cite"})
        for key in found:
            link = etree.SubElement(group, "a", {"href": f"#{self.MARK}{key}"})
            link.text, link.tail = f"{self.MARK}{key}", " "
        group[-1].tail = None
        return group

    def number(self, match):
        key = match[2]
        if key not in self.keys:
            self.keys.append(key)
        number = self.keys.index(key) + 1
        return f"#s{number}" if match[1] else str(number)


class NumberCitations(Postprocessor):
    """Numbers the citations in the finished html: inline text is not parsed in its order."""

    def __init__(self, citations):
        super().__init__()
        self.citations = citations

    def run(self, text):
        return re.sub(rf"(#?){self.citations.MARK}([\w-]+)", self.citations.number, text)


class CitationProcessor(InlineProcessor):
    def __init__(self, citations, md):
        super().__init__(_CITATION, md)
        self.citations = citations

    def handleMatch(self, m, data):
        return self.citations.links(m[1]), m.start(0), m.end(0)


class LabelProcessor(InlineProcessor):
    def __init__(self, citations, md):
        super().__init__(_LABEL, md)
        self.citations = citations

    def handleMatch(self, m, data):
        label = MARKDOWN_NAMES[m[1]]
        note = etree.Element("span", {"class": f"label label--{label.value}"})
        etree.SubElement(note, "b").text = str(label.label)
        if (links := self.citations.links(m[2])) is not None:
            note.append(links)
        return note, m.start(0), m.end(0)


class MarginNotes(Treeprocessor):
    """Takes a label out of the paragraph that it ends, so that it can stand in the margin."""

    def run(self, root):
        for parent in root.iter():
            for place, child in reversed(list(enumerate(parent))):
                if child.tag == "p" and len(child) and not (child[-1].tail or "").strip():
                    self._move(parent, place, child)

    def _move(self, parent, place, paragraph):
        note = paragraph[-1]
        if not note.get("class", "").startswith("label"):
            return
        paragraph.remove(note)
        note.tag, note.tail = "p", None
        _strip_end(paragraph)
        alone = not len(paragraph) and not (paragraph.text or "").strip()
        if alone:
            parent.remove(paragraph)
        parent.insert(place if alone else place + 1, note)


def _strip_end(element):
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip()
    else:
        element.text = (element.text or "").rstrip()


class AlignmentClasses(Treeprocessor):
    """Table alignment as a class: our content policy allows no style attribute."""

    def run(self, root):
        for cell in root.iter():
            if cell.tag in ("th", "td") and (style := cell.attrib.pop("style", "")):
                cell.set("class", style.replace("text-align: ", "align-").rstrip(";"))


class MesositeExtension(Extension):
    def __init__(self, citations):
        super().__init__()
        self.citations = citations

    def extendMarkdown(self, md):
        # Before Python-Markdown's own links (160), after escapes and code.
        md.inlinePatterns.register(LabelProcessor(self.citations, md), "label", 172)
        md.inlinePatterns.register(CitationProcessor(self.citations, md), "citation", 171)
        # After inline text (20), before the contents list (5).
        md.treeprocessors.register(MarginNotes(md), "margin-notes", 15)
        md.treeprocessors.register(AlignmentClasses(md), "alignment", 14)
        # After the line breaks between blocks (10), which a page full of labels can spare.
        md.treeprocessors.register(OpeningLabels(md, self.citations), "opening-labels", 6)
        md.postprocessors.register(NumberCitations(self.citations), "number-citations", 0)
