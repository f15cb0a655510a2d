"""Labels in the margin, which open to the sources that they rest on."""

import xml.etree.ElementTree as etree

from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.content.labels import MARKDOWN_NAMES
from mesosite.pages.content.references import Study, all_studies

_LABEL = rf"\[({'|'.join(MARKDOWN_NAMES)})(?::([^\]]*))?\]"


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


_ROOM = ("td", "dd", "li", "div")
"""What may hold a `details` after its words; a label inside a sentence stays as it is."""


class ExpandableLabels(Treeprocessor):
    """Makes `details` of the labels that name sources.

    The numbers in the summary are no links: a summary is a button, and a button holds none.
    """

    def __init__(self, md, citations):
        super().__init__(md)
        self.citations = citations

    def run(self, root):
        for parent in list(root.iter()):
            for place, child in enumerate(parent):
                if _is_label(child) and child.find("sup") is not None and _has_room(parent, child):
                    parent[place] = self._details(child)

    def _details(self, note):
        details = etree.Element("details", note.attrib)
        details.tail = note.tail
        summary = etree.SubElement(details, "summary")
        keys = [link.text for link in note.find("sup")]
        summary.extend(note)
        numbers = summary.find("sup")
        numbers.clear()
        numbers.set("class", "cite")
        numbers.text = " ".join(keys)
        sources = etree.SubElement(details, "ul")
        for key in keys:
            self._source(sources, key)
        return details

    def _source(self, sources, marked):
        key = marked.removeprefix(self.citations.MARK)
        if key in self.citations.references:
            item = etree.SubElement(sources, "li")
            link = etree.SubElement(item, "a", {"href": f"#{marked}"})
            link.text = self.citations.references[key].name
            link.tail = f". {all_studies().get(key, Study()).text}".rstrip()


def _is_label(element):
    return element.get("class", "").startswith("label ")


def _has_room(parent, child):
    alone_at_the_end = child is parent[-1] and not (child.tail or "").strip()
    return child.tag == "p" or (parent.tag in _ROOM and alone_at_the_end)
