"""Labels that open: behind each, the sources that it rests on, one line a source."""

import xml.etree.ElementTree as etree

from markdown.treeprocessors import Treeprocessor

from mesosite.pages.studies import Study, all_studies

_ROOM = ("td", "dd", "li", "div")
"""What may hold a `details` after its words; a label inside a sentence stays as it is."""


class OpeningLabels(Treeprocessor):
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
