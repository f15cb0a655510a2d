"""The blocks that help a reader to decide: scar shapes, ways, the guide, statements to weigh.

    //// guide
    /// shape | ice-pick
    What studies looked at
    :   A strong acid, dabbed into each scar.
    ///
    ////

Both work in the page alone: no form stands around their boxes, so that nothing can be sent.
"""

import xml.etree.ElementTree as etree

from django.utils.translation import gettext as _
from pymdownx.blocks.block import Block

from mesosite.pages.content.scar_types import ScarType
from mesosite.pages.markup.drawings import drawing
from mesosite.pages.markup.elements import Box, sub

SHAPES = {shape.slug: shape for shape in ScarType}
"""As an editor writes them. The rule that shows a shape's section stands in decision_blocks.css."""


def is_unsourced(text: str | None) -> bool:
    """Whether a cell of the side-by-side table says that we found nothing for it."""
    return (text or "").strip() == _("We found no figure: ask.")


class Guide(Box):
    """Boxes for the shapes that one sees, then a section a shape. CSS shows the ticked ones."""

    NAME = "guide"

    def on_end(self, block: etree.Element) -> None:
        shapes = [SHAPES[section.get("class", "")] for section in block.findall("section")]
        boxes = etree.Element("fieldset")
        block.insert(0, boxes)
        sub(boxes, "legend", _("Which shapes do you see?"))
        hint = _("Tick them, and read below. This ranks nothing and is not a diagnosis.")
        sub(boxes, "p", f"{hint} {_('Nothing is sent or kept.')}", css="hint")
        for shape in shapes:
            self._box(boxes, shape)

    def _box(self, boxes: etree.Element, shape: ScarType) -> None:
        look = _("Or more than one") if shape == ScarType.NOT_SURE else shape.look
        label = sub(boxes, "label", self.md.htmlStash.store(drawing(shape.drawing)))
        sub(label, "b", str(shape.label)).tail = " "
        sub(label, "input", type="checkbox", value=shape.slug)
        sub(label, "small", look)


class Shape(Block):
    """The studies of one shape. Outside a guide, or with another word, it stays text."""

    NAME, ARGUMENT = "shape", True

    def on_validate(self, parent: etree.Element) -> bool:
        return self.argument in SHAPES and parent.get("class") == "guide"

    def on_create(self, parent: etree.Element) -> etree.Element:
        section = sub(parent, "section", css=self.argument)
        sub(section, "h3", str(SHAPES[self.argument].label))
        return section


class Shapes(Box):
    """A definition list whose terms are the names of the scar shapes: each beside its drawing."""

    NAME = "shapes"

    def on_end(self, block: etree.Element) -> None:
        known = {str(shape.label): shape for shape in ScarType}
        for fields in block.findall("dl"):
            parts, fields[:] = list(fields), []
            for part in parts:
                if part.tag == "dt":
                    entry = sub(fields, "div")
                    if shape := known.get((part.text or "").strip()):
                        picture = self.md.htmlStash.store(drawing(shape.drawing))
                        part.text = f"{picture}{shape.label}"
                entry.append(part)


class Ways(Box):
    """A list of three ways to go on, as boxes of one size: none of them stands out."""

    NAME = "ways"


class Weigh(Box):
    """A list of statements, each to be weighed: a lot, a little, not at all."""

    NAME = "weigh"

    def on_end(self, block: etree.Element) -> None:
        for items in block.findall("ul"):
            block.remove(items)
            for item in items:
                self._statement(block, "".join(item.itertext()).strip())

    def _statement(self, block: etree.Element, text: str) -> None:
        # Counted over the page: two radio buttons of one name are one choice.
        self.tracker["statements"] = number = self.tracker.get("statements", 0) + 1
        statement = sub(block, "fieldset")
        sub(statement, "legend", text)
        for answer in (_("A lot"), _("A little"), _("Not at all")):
            choice = sub(statement, "label")
            sub(choice, "input", type="radio", name=f"weigh-{number}").tail = answer


DECISION_BLOCKS = (Guide, Shape, Shapes, Ways, Weigh)
