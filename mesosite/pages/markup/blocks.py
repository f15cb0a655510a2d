"""The blocks of our markdown, on the generic blocks of pymdown-extensions.

    /// pair | C14
    What clinics say.

    ---

    What we found.
    ///

Syntax: https://facelessuser.github.io/pymdown-extensions/extensions/blocks/
"""

import re
import xml.etree.ElementTree as etree

from django.utils.translation import gettext as _
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_string

from mesosite.pages.content.front_matter import POINTS
from mesosite.pages.markup import drawings
from mesosite.pages.markup.chart_block import Chart
from mesosite.pages.markup.decision_blocks import DECISION_BLOCKS, is_unsourced

CARE_KINDS = ("emergency", "today", "week", "talk")


def care_title(kind, emergency_number):
    return {
        "emergency": _("Call %(number)s") % {"number": emergency_number},
        "today": _("Get medical help today"),
        "week": _("Get help this week"),
        "talk": _("Talk to someone"),
    }[kind]


def _sub(parent, tag, css="", text=""):
    child = etree.SubElement(parent, tag, {"class": css} if css else {})
    child.text = text or None
    return child


class OneOf(Block):
    """A block whose argument is one of `CHOICES`; any other is left standing, for the check."""

    ARGUMENT = True
    CHOICES = ()

    def on_validate(self, parent):
        return self.argument in self.CHOICES


class Pair(OneOf):
    """What clinics say, a rule, what we found."""

    NAME, CHOICES = "pair", POINTS

    def on_create(self, parent):
        attributes = {"class": "pair", "id": self.argument.lower()}
        return etree.SubElement(parent, "div", attributes)

    def on_end(self, block):
        children = list(block)
        rule = next((n for n, child in enumerate(children) if child.tag == "hr"), None)
        if rule is None:
            return
        for child in children:
            block.remove(child)
        say = _sub(block, "div", "pair__say")
        _sub(say, "p", "pair__head", _("What clinics say"))
        say.extend(children[:rule])
        _sub(block, "p", "pair__head", _("What we found"))
        block.extend(children[rule + 1 :])


class Care(OneOf):
    NAME, CHOICES = "care", CARE_KINDS

    def on_create(self, parent):
        card = _sub(parent, "aside", f"care care--{self.argument}")
        _sub(card, "h3", "care__title", care_title(self.argument, self.config["emergency_number"]))
        return card


class Unknown(Block):
    NAME = "unknown"

    def on_create(self, parent):
        box = _sub(parent, "section", "unknown")
        _sub(box, "h2", "", _("What we do not know"))
        return box


class Timetable(Block):
    NAME = "timetable"

    def on_create(self, parent):
        return _sub(parent, "div", "timetable")


class Figure(OneOf):
    """A drawing with its caption; `alt` is its text alternative."""

    NAME, CHOICES = "figure", drawings.FIGURES
    OPTIONS = {"alt": ["", type_string]}

    def on_create(self, parent):
        figure = _sub(parent, "figure", f"figure figure--{self.argument}")
        for picture in drawings.pictures(self.argument, self.options["alt"]):
            figure.text = (figure.text or "") + self.md.htmlStash.store(picture)
        _sub(figure, "figcaption")
        return figure

    def on_add(self, block):
        return block.find("figcaption")

    def on_end(self, block):
        parts = drawings.PARTS.get(self.argument, ())
        for item, name in zip(block.iter("li"), parts, strict=False):
            picture = self.md.htmlStash.store(drawings.drawing(name))
            item.text = picture + (item.text or "")


class Compare(Block):
    """A table whose rows are the options in it and whose columns are their equal fields."""

    NAME = "compare"

    def on_create(self, parent):
        region = _sub(parent, "div", "compare")
        region.attrib.update({"role": "region", "tabindex": "0", "aria-label": _("Side by side")})
        return region

    def on_end(self, block):
        options = [child for child in block if child.get("class") == "option"]
        for option in options:
            block.remove(option)
        table = etree.SubElement(block, "table")
        if options:
            self._head(table, [term.text for term in options[0].iter("dt")])
            body = etree.SubElement(table, "tbody")
            for option in options:
                self._row(body, option)

    def _head(self, table, fields):
        head = etree.SubElement(table, "thead")
        row = etree.SubElement(head, "tr")
        for text in (_("Choice"), *fields):
            etree.SubElement(row, "th", {"scope": "col"}).text = text

    def _row(self, body, option):
        row = etree.SubElement(body, "tr")
        etree.SubElement(row, "th", {"scope": "row"}).text = option.get("data-name")
        for term, definition in zip(option.iter("dt"), option.iter("dd"), strict=False):
            cell = etree.SubElement(row, "td", {"data-field": term.text or ""})
            inner = _sub(cell, "div", "", definition.text)
            inner.extend(list(definition))
            if is_unsourced(definition.text):
                cell.set("class", "unsourced")


class Option(Block):
    NAME, ARGUMENT = "option", True

    def on_create(self, parent):
        return etree.SubElement(parent, "div", {"class": "option", "data-name": self.argument})


class Show(OneOf):
    """A component that the template puts in when the page is rendered."""

    NAME = "show"
    CHOICES = (
        "authority",
        "chapters",
        "clinic",
        "facts",
        "keep",
        "points",
        "responsible",
        "stored",
    )

    def on_create(self, parent):
        return etree.SubElement(parent, "div", {"class": f"show show--{self.argument}"})

    def on_end(self, block):
        block.text = self.md.htmlStash.store(f"<!--show:{self.argument}-->")


SHOWN = re.compile(r"<!--show:(\w+)-->")
BLOCKS = (Pair, Care, Unknown, Timetable, Figure, Compare, Option, Show, Chart, *DECISION_BLOCKS)


class MesositeBlocks(BlocksExtension):
    """config: emergency_number, as the care card of that kind prints it."""

    def __init__(self, **kwargs):
        self.config = {"emergency_number": ["112", "the number that an emergency card names"]}
        super().__init__(**kwargs)

    def extendMarkdownBlocks(self, md, block_mgr):
        for block in BLOCKS:
            block_mgr.register(block, self.getConfigs())
