"""Our additions to Python-Markdown: citations, labels, blocks, links to explained words.

    Needling may soften some scars. [@alam2014]
    [We are not very sure: @cachafeiro2016, @alam2014]

A citation becomes a number that leads to the page's list of sources. A label in a paragraph's
last line becomes a note beside the paragraph. A block begins with `/// pair`.
"""

import xml.etree.ElementTree as etree
from functools import partial
from itertools import groupby

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor

from mesosite.pages.content.files import ContentFiles
from mesosite.pages.html_tree import HEADINGS
from mesosite.pages.markup.blocks import BLOCKS, FINDING
from mesosite.pages.markup.citations import CITATION, Citations, InlineElements
from mesosite.pages.markup.glossary_links import GlossaryLinks
from mesosite.pages.markup.labels import LABEL, ExpandableLabels, MarginNotes, PairLines, label_note
from mesosite.pages.markup.raw_html import Comments, HtmlElements, LineBreaks, OtherHtml
from mesosite.pages.markup.tables import StackedRows


class AlignmentClasses(Treeprocessor):
    """Table alignment as a class: our content policy allows no style attribute."""

    def run(self, root: etree.Element) -> None:
        for cell in root.iter():
            if cell.tag in ("th", "td") and (style := cell.attrib.pop("style", "")):
                cell.set("class", style.replace("text-align: ", "align-").rstrip(";"))


class FindingHeadings(Treeprocessor):
    """Puts “What we found” of each pair one level below the heading that it stands under."""

    def run(self, root: etree.Element) -> None:
        level = 1
        for element in root.iter():
            if element.tag == FINDING:
                element.tag = f"h{min(level + 1, 6)}"
            elif element.tag in HEADINGS and element.get("class") != "care__title":
                level = int(element.tag[1])


class CareCards(Treeprocessor):
    """Puts care cards that follow each other into one grid, so that a reader sees them together."""

    def run(self, root: etree.Element) -> None:
        for parent in [*root.iter()]:
            for is_card, run in groupby([*parent], key=_is_care_card):
                cards = [*run]
                if is_card and len(cards) > 1:
                    grid = etree.Element("div", {"class": "cares"})
                    grid.tail = "\n"
                    parent.insert([*parent].index(cards[0]), grid)
                    for card in cards:
                        parent.remove(card)
                    grid.extend(cards)


def _is_care_card(element: etree.Element) -> bool:
    return element.get("class", "").startswith("care ")


class MesositeExtension(BlocksExtension):
    """For one page in `language`; once it is converted, `citations` holds those of the page, and
    `other_html` the tags that may not stand there.
    """

    def __init__(self, files: ContentFiles, language: str) -> None:
        super().__init__()
        self.files, self.language = files, language
        self.citations = Citations(files.references)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:
        for block in BLOCKS:
            block_mgr.register(block, {"files": self.files})

    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        # Before Python-Markdown's own links (160), after escapes and code.
        note, links = partial(label_note, self.citations), lambda m: self.citations.links(m[1])
        md.inlinePatterns.register(InlineElements(LABEL, md, note), "label", 172)
        md.inlinePatterns.register(InlineElements(CITATION, md, links), "citation", 171)
        # In place of the raw HTML of Python-Markdown, which stands in a page as it is.
        md.preprocessors.register(Comments(md), "html_block", 20)
        self.other_html = OtherHtml(md)
        md.inlinePatterns.register(self.other_html, "html", 90)
        md.inlinePatterns.register(LineBreaks(md), "line-breaks", 91)
        md.inlinePatterns.register(HtmlElements(md), "html-elements", 92)
        # A line under a text divides; it makes no heading.
        md.parser.blockprocessors.deregister("setextheader")
        # After inline text (20), before abbreviations (7) cut the text and the contents list (5).
        md.treeprocessors.register(MarginNotes(md), "margin-notes", 15)
        md.treeprocessors.register(AlignmentClasses(md), "alignment", 14)
        md.treeprocessors.register(GlossaryLinks(md, self.files, self.language), "glossary", 13)
        md.treeprocessors.register(StackedRows(md), "stacked-rows", 12)
        md.treeprocessors.register(PairLines(md), "pair-lines", 11)
        md.treeprocessors.register(CareCards(md), "care-cards", 9)
        md.treeprocessors.register(self.citations, "number-citations", 8)
        # After the line breaks between blocks (10), which a page full of labels can spare.
        expandable = ExpandableLabels(md, self.citations, self.files)
        md.treeprocessors.register(expandable, "expandable-labels", 6)
        # After the contents list, which gives each heading an address.
        md.treeprocessors.register(FindingHeadings(md), "finding-headings", 4)
