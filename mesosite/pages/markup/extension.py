"""What our markdown knows beyond Python-Markdown: citations and labels.

    Needling may soften some scars. [@alam2014]
    [We are not very sure: @cachafeiro2016, @alam2014]

A citation becomes a number that leads to the page's list of sources. A label in a paragraph's
last line becomes a note beside the paragraph. The blocks (`/// pair`) are in `blocks`.
"""

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from mesosite.pages.markup.citations import CitationProcessor, NumberCitations
from mesosite.pages.markup.labels import ExpandableLabels, LabelProcessor, MarginNotes


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
        md.treeprocessors.register(ExpandableLabels(md, self.citations), "opening-labels", 6)
        md.postprocessors.register(NumberCitations(self.citations), "number-citations", 0)
