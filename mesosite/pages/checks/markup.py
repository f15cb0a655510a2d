"""What stands in a page otherwise than its editor meant it: HTML, signs of markdown, tables, ids.

Each rule yields a Problem for every place of one page that breaks it. content/README.md lists their
ids.
"""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml.html import HtmlElement

from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.content.scar_types import ScarType
from mesosite.pages.html_tree import text_of
from mesosite.pages.markup.raw_html import ELEMENTS

_SIGNS = {
    "an unclosed **": r"\*\*|__(?=\w)|(?<=\w)__",
    "an unclosed *": r"(?<![\w*])\*(?=\w)",
    "an unclosed _": r"(?<![\w_])_(?=[^\W_])",
    "a sign that is not read here": r"~~|==(?=\w)|(?<=\w)==|\[\^\w+\]|\[[ xX]\]\s|\{:[^}]*\}",
    "a heading that is not read": r"(?:^|\n)\s*#{1,6}\s|\n\s*={3,}\s*(?:\n|$)",
    "a list that is not read": r"\n\s*(?:[-*+]|\d{1,2}[.)])\s",
    "a table that is not read": r"(?:^|\n)\s*\|[^\n]*\|",
    "an unclosed `": r"`",
}
"""What is left in a text: {how it is named: pattern}."""
_HINTS = {
    "a list that is not read": "Leave an empty line before its first item.",
    "a table that is not read": "Leave an empty line before it; each row has a line.",
    "a heading that is not read": "A heading begins a line of its own, with ## and a space.",
}
_NOT_READ = ("code", "pre", "svg", "script")
_TEXT_BLOCKS = ("p", "li", "dd", "dt", "td", "th", "figcaption", "legend", "h2", "h3", "h4")


def html(checked: CheckedPage) -> Iterator[Problem]:
    """E027: HTML that may not stand in a page, and attributes that the page may not set."""
    allowed = ", ".join(f"<{name}>" for name in ("br", *ELEMENTS))
    hint = f"Write it in markdown. Allowed, and to be closed: {allowed}."
    for tag in dict.fromkeys(checked.page.other_html):
        yield checked.problem(27, tag, f"This HTML cannot stand here: {tag}", hint)
    for element in checked.tree.iter():
        wrong = [name for name in element.attrib if name == "style" or name.startswith("on")]
        if wrong and not any(parent.tag == "svg" for parent in element.iterancestors("svg")):
            message = f"“{wrong[0]}” cannot be set in a page."
            yield checked.problem(
                27, f"{wrong[0]}=", message, "Colours and sizes stand in static/css."
            )


def compared(checked: CheckedPage) -> Iterator[Problem]:
    """E028: each option of a side-by-side table has every field, once, the chief ones first."""
    with override(checked.page.language):
        how, *needed = _("How it works"), _("What is known"), _("Harms")
    for region in checked.tree.find_class("compare"):
        columns = [text_of(cell) for cell in region.iterfind(".//thead//th")][1:]
        if columns[: len(needed)] != needed:
            message = "A side-by-side table begins with “{}” and “{}”.".format(*needed)
            hint = "Begin every option with “{}”, “{}” and “{}”.".format(how, *needed)
            yield checked.problem(28, "//// compare", message, hint)
        names = list(dict.fromkeys((how, *columns)))
        for row in region.iterfind(".//tbody/tr"):
            option = row[0].text
            line = checked.raw_line(f"/// option | {option}") or checked.page.line
            held = Counter(cell.get("data-field") for cell in row[1:] for _text in cell)
            held[how] = len(row[0].findall("small"))
            for name in dict.fromkeys((*names, *held)):
                if message := _wrong_field(str(name), held[name], name in names):
                    hint = "Where nothing is known: We found no figure: ask."
                    yield checked.problem(28, line, f"“{option}” {message}", hint)
        for left in (child for child in region if child.tag != "table"):
            text = text_of(left)
            message = f"This stands in no field of an option: {text}"
            hint = "A field is a line with its name, then a line that begins with a colon."
            yield checked.problem(28, text, message, hint)


def _wrong_field(name: str, times: int, known: bool) -> str:
    if not known:
        return f"has the field “{name}”, which the first option has not."
    if times == 0:
        return f"lacks the field “{name}”."
    return f"has the field “{name}” {times} times." if times > 1 else ""


def wide_rows(checked: CheckedPage) -> Iterator[Problem]:
    """E028 too: a row of a table with more cells than its head."""
    for table in checked.tree.iter("table"):
        rows = table.findall(".//tr")
        for row in (row for row in rows if len(row) > len(rows[0])):
            text = text_of(row[-1])
            message = f"The cell “{text}” has no column."
            place = checked.raw_line(f"| {text}") or text_of(row)
            yield checked.problem(28, place, message, "Each row has as many cells as the head.")


def drawn_shapes(checked: CheckedPage) -> Iterator[Problem]:
    """E050: each scar shape once among those that a page draws, and nothing else."""
    with override(checked.page.language):
        names = [str(shape.label) for shape in ScarType]
    for block in checked.tree.find_class("shapes"):
        found = Counter(text_of(term) for term in block.iter("dt"))
        for name in (name for name in (*names, *found) if found[name] != 1 or name not in names):
            message = f"“{name}” stands {found[name]} times among the shapes, not once."
            if name not in names:
                message = f"“{name}” is no scar shape."
            hint = f"The shapes are: {', '.join(names)}."
            yield checked.problem(50, "/// shapes", message, hint)


def ways(checked: CheckedPage) -> Iterator[Problem]:
    """E051: three ways in a list, of which each begins with its name."""
    for block in checked.tree.find_class("ways"):
        items = block.xpath("./*[self::ul or self::ol]/li")
        named = [item for item in items if item.xpath("(.//text())[1][parent::strong]")]
        alone = len(block) == 1 and len(items) == len(block[0])
        if not alone or not len(named) == len(items) == 3:
            message = f"A block “ways” is a list of three named items: {len(named)} are here."
            hint = "Each begins with its name: - **Leave it as it is.** …"
            yield checked.problem(51, "/// ways", message, hint)


def leftovers(checked: CheckedPage) -> Iterator[Problem]:
    """E029: a sign of markdown that was not read stands in the page as text."""
    for block in checked.tree.iter(*_TEXT_BLOCKS):
        text = "".join(_read_texts(block))
        for name, pattern in _SIGNS.items():
            if match := re.search(pattern, text):
                shown = " ".join(text[max(0, match.start() - 20) : match.end() + 20].split())
                message = f"Here stands {name}: “{shown}”"
                hint = _HINTS.get(name, "Close it, or use another sign.")
                yield checked.problem(29, shown, message, hint)


def _read_texts(element: HtmlElement) -> Iterator[str]:
    """The texts in an element, without code, drawings and other blocks of text in it."""
    yield element.text or ""
    for child in element:
        if child.tag not in (*_NOT_READ, *_TEXT_BLOCKS):
            yield from _read_texts(child)
        yield child.tail or ""


def repeated_ids(checked: CheckedPage) -> Iterator[Problem]:
    """E035: two places of a page with one id: a link could mean either."""
    ids = Counter(element.get("id") for element in checked.tree.iter())
    for name in (str(name) for name, times in ids.items() if name and times > 1):
        shown = name.removeprefix("chart-")
        line = checked.last_raw_line(shown) or checked.page.line
        message = f"Two places of this page are called #{name}."
        yield checked.problem(35, line, message, "Show it once, and link to it.")


MARKUP = (html, compared, wide_rows, drawn_shapes, ways, leftovers, repeated_ids)
