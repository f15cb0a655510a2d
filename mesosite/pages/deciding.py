"""The blocks that help a reader to decide: the scar guide, and statements to weigh.

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
from django.utils.translation import gettext_lazy
from pymdownx.blocks.block import Block

from mesosite.pages.drawings import drawing

SHAPES = {
    "ice-pick": (gettext_lazy("Ice-pick"), gettext_lazy("Narrow and deep")),
    "boxcar": (gettext_lazy("Boxcar"), gettext_lazy("Wide, with sharp edges")),
    "rolling": (gettext_lazy("Rolling"), gettext_lazy("Wide and wavy")),
    "raised": (gettext_lazy("Raised"), gettext_lazy("Higher than the skin")),
    "flat": (gettext_lazy("Flat marks"), gettext_lazy("Red or brown, no dent")),
    "not-sure": (gettext_lazy("Not sure"), gettext_lazy("Or more than one")),
}
"""Each shape's name and look. Its drawing is `scar-<shape>`, its rule in decision_blocks.css."""


def is_unsourced(text):
    """Whether a cell of the side-by-side table says that we found nothing for it."""
    return (text or "").strip() == _("We found no figure: ask.")


def _sub(parent, tag, text="", **attributes):
    child = etree.SubElement(parent, tag, attributes)
    child.text = str(text) or None
    return child


class Guide(Block):
    """Boxes for the shapes that one sees, then a section a shape. CSS shows the ticked ones."""

    NAME = "guide"

    def on_create(self, parent):
        return _sub(parent, "div", **{"class": "guide"})

    def on_end(self, block):
        shapes = [section.get("class") for section in block.findall("section")]
        boxes = etree.Element("fieldset")
        block.insert(0, boxes)
        _sub(boxes, "legend", _("Which shapes do you see?"))
        hint = _("Tick them, and read below. This ranks nothing and is not a diagnosis.")
        _sub(boxes, "p", f"{hint} {_('Nothing is sent or kept.')}", **{"class": "hint"})
        for shape in shapes:
            self._box(boxes, shape)

    def _box(self, boxes, shape):
        name, look = SHAPES[shape]
        label = etree.SubElement(boxes, "label")
        label.text = self.md.htmlStash.store(drawing(f"scar-{shape}"))
        _sub(label, "b", name).tail = " "
        _sub(label, "input", type="checkbox", value=shape)
        _sub(label, "small", look)


class Shape(Block):
    """What is known for one shape; in a guide only. Any other word is left, for the check."""

    NAME, ARGUMENT = "shape", True

    def on_validate(self, parent):
        return self.argument in SHAPES and parent.get("class") == "guide"

    def on_create(self, parent):
        section = _sub(parent, "section", **{"class": self.argument})
        _sub(section, "h3", SHAPES[self.argument][0])
        return section


class Weigh(Block):
    """A list of statements, each to be weighed: a lot, a little, not at all."""

    NAME = "weigh"

    def on_create(self, parent):
        return _sub(parent, "div", **{"class": "weigh"})

    def on_end(self, block):
        for items in block.findall("ul"):
            block.remove(items)
            for item in items:
                self._statement(block, "".join(item.itertext()).strip())

    def _statement(self, block, text):
        # Counted over the page: two radio buttons of one name are one choice.
        self.tracker["statements"] = number = self.tracker.get("statements", 0) + 1
        statement = etree.SubElement(block, "fieldset")
        _sub(statement, "legend", text)
        for answer in (_("A lot"), _("A little"), _("Not at all")):
            choice = etree.SubElement(statement, "label")
            _sub(choice, "input", type="radio", name=f"weigh-{number}").tail = answer


DECIDING = (Guide, Shape, Weigh)
