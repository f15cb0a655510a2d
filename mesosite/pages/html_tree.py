"""The HTML of a page as a tree."""

import xml.etree.ElementTree as etree
from html.parser import HTMLParser


class TreeReader(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.root = etree.Element("body")
        self._open = [self.root]
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        element = etree.SubElement(self._open[-1], tag, attributes)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        if tag in [element.tag for element in self._open[1:]]:
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data):
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}
