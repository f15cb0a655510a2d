"""The blocks of our markdown, on the generic blocks of pymdown-extensions.

Each block's `config` is {"files": ContentFiles}.

    /// pair | C14
    What clinics say.

    ---

    What we found.
    ///

Syntax: https://facelessuser.github.io/pymdown-extensions/extensions/blocks/
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Collection

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from pymdownx.blocks.block import Block, type_string

from mesosite.pages.content.front_matter import POINTS
from mesosite.pages.markup import drawings
from mesosite.pages.markup.chart_block import Chart
from mesosite.pages.markup.decision_blocks import DECISION_BLOCKS, is_unsourced
from mesosite.pages.markup.elements import Box, sub

FINDING = "finding"
"""The tag of the heading of a pair until `FindingHeadings` knows its level."""

SHOWN = re.compile(r"<!--show:(\w+)-->")
"""Where the template puts a component in; the group is its name."""

CARE_KINDS = ("emergency", "today", "week", "talk")


def component(name: str) -> str:
    return f"<!--show:{name}-->"


class OneOf(Block):
    """A block whose argument is one of `CHOICES`; with any other it stays text, for the check."""

    ARGUMENT = True
    CHOICES: Collection[str] = ()

    def on_validate(self, parent: etree.Element) -> bool:
        return self.argument in self.CHOICES


class Pair(OneOf):
    """The words of clinics, a rule, our findings under a heading, which gets its level last.

    Where clinics say nothing, the rule stands first.
    """

    NAME, CHOICES = "pair", POINTS

    def on_create(self, parent: etree.Element) -> etree.Element:
        return sub(parent, "div", css="pair", id=self.argument.lower())

    def on_end(self, block: etree.Element) -> None:
        children = list(block)
        rule = next((n for n, child in enumerate(children) if child.tag == "hr"), None)
        if rule is None:
            return
        for child in children:
            block.remove(child)
        if rule:
            say = sub(block, "div", css="pair__say")
            sub(say, "p", _("What clinics say"), "pair__head")
            say.extend(children[:rule])
        sub(block, FINDING, _("What we found"), "pair__head")
        block.extend(children[rule + 1 :])


class Care(OneOf):
    NAME, CHOICES = "care", CARE_KINDS

    def on_create(self, parent: etree.Element) -> etree.Element:
        card = sub(parent, "aside", css=f"care care--{self.argument}")
        titles = {
            "emergency": _("Call %(number)s"),
            "today": _("Get medical help today"),
            "week": _("Get help this week"),
            "talk": _("Talk to someone"),
        }
        number = {"number": self.config["files"].clinic.emergency_number}
        sub(card, "h3", titles[self.argument] % number, "care__title")
        if self.argument == "talk":  # a number first, then the words of the page
            sub(card, "div").text = self.md.htmlStash.store(component("helplines"))
        return card


class Safety(Block):
    """The safety card: the signs for which one calls for help at once, then words of the page.

    Its words are in one file, which the form and the patient's page show too.
    """

    NAME = "safety"

    def on_create(self, parent: etree.Element) -> etree.Element:
        context = {"clinic": self.config["files"].clinic, "level": 3}
        html = render_to_string("components/safety_card.html", context)
        card = etree.fromstring(html)  # noqa: S314  (our own template)
        parent.append(card)
        return card


class Unknown(Block):
    NAME = "unknown"

    def on_create(self, parent: etree.Element) -> etree.Element:
        box = sub(parent, "section", css="unknown")
        sub(box, "h2", _("What we do not know"))
        return box


class Fold(Block):
    """A part of the text that is closed until a reader opens it. Its heading is its address."""

    NAME, ARGUMENT = "fold", True

    def on_create(self, parent: etree.Element) -> etree.Element:
        place = slugify(self.argument, allow_unicode=True)
        fold = sub(parent, "details", css="fold", id=place)
        sub(fold, "summary", self.argument)
        return fold


class Timetable(Box):
    NAME = "timetable"


class Figure(OneOf):
    """A drawing with its caption; `alt` is its text alternative."""

    NAME, CHOICES = "figure", drawings.FIGURES
    OPTIONS = {"alt": ["", type_string]}

    def on_create(self, parent: etree.Element) -> etree.Element:
        figure = sub(parent, "figure", css=f"figure figure--{self.argument}")
        for picture in drawings.pictures(self.argument, self.options["alt"]):
            figure.text = (figure.text or "") + self.md.htmlStash.store(picture)
        sub(figure, "figcaption")
        return figure

    def on_add(self, block: etree.Element) -> etree.Element | None:
        return block.find("figcaption")


class Compare(Block):
    """A table whose rows are the options in it and whose columns are their equal fields.

    How an option works stands under its name. The roles say what the elements are by themselves:
    where they are drawn as cards, some browsers would say it no more.
    """

    NAME = "compare"

    def on_create(self, parent: etree.Element) -> etree.Element:
        return sub(parent, "div", css=self.NAME)

    def on_end(self, block: etree.Element) -> None:
        options = [child for child in block if child.get("class") == "option"]
        for option in options:
            block.remove(option)
        table = sub(block, "table", role="table")
        if options:
            columns = [field for field in _fields(options[0]) if field != _("How it works")]
            self._head(table, columns)
            body = sub(table, "tbody", role="rowgroup")
            for option in options:
                self._row(body, option, columns)
                block.extend(child for child in option if child.tag != "dl")

    def _head(self, table: etree.Element, fields: list[str]) -> None:
        row = sub(sub(table, "thead", role="rowgroup"), "tr", role="row")
        for text in (_("Choice"), *fields):
            sub(row, "th", text, role="columnheader")

    def _row(self, body: etree.Element, option: etree.Element, columns: list[str]) -> None:
        """Each field under its column. One that no column has comes last, for the gate."""
        row = sub(body, "tr", role="row")
        name = sub(row, "th", option.get("data-name"), role="rowheader")
        fields = _fields(option)
        for definition in fields.pop(_("How it works"), ()):
            sub(name, "small", definition.text).extend(list(definition))
        for field in dict.fromkeys((*columns, *fields)):
            cell = sub(row, "td", **{"role": "cell", "data-field": field})
            for definition in fields.get(field, ()):
                sub(cell, "div", definition.text).extend(list(definition))
                if is_unsourced(definition.text):
                    cell.set("class", "unsourced")


def _fields(option: etree.Element) -> dict[str, list[etree.Element]]:
    """{field: its definitions} of an option, in its order."""
    found: dict[str, list[etree.Element]] = {}
    for child in (child for fields in option.findall("dl") for child in fields):
        if child.tag == "dt":
            definitions = found.setdefault(child.text or "", [])
        else:
            definitions.append(child)
    return found


class Option(Block):
    NAME, ARGUMENT = "option", True

    def on_create(self, parent: etree.Element) -> etree.Element:
        return sub(parent, "div", css="option", **{"data-name": self.argument})


class Show(OneOf):
    """A component that the template puts in when the page is rendered."""

    NAME = "show"
    CHOICES = (
        *("authority", "chapters", "clinic", "complaints", "facts", "helplines", "keep", "points"),
        *("publisher", "questions", "report_harm", "responsible", "stored", "support"),
    )

    def on_create(self, parent: etree.Element) -> etree.Element:
        return sub(parent, "div", css=f"show show--{self.argument}")

    def on_end(self, block: etree.Element) -> None:
        block.text = self.md.htmlStash.store(component(self.argument))


BLOCKS = (
    Pair,
    Care,
    Safety,
    Unknown,
    Fold,
    Timetable,
    Figure,
    Compare,
    Option,
    Show,
    Chart,
    *DECISION_BLOCKS,
)
