"""The parts of a page: links, blocks, headings, pictures, labels, boxes, cards, questions.

Each rule yields a Problem for every place of one page that breaks it; content/README.md lists them.
"""

import re
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml.html import HtmlElement

from mesosite.pages.catalogue import all_pages, all_pairs, content
from mesosite.pages.checks.addresses import is_made
from mesosite.pages.checks.checked_page import CheckedPage, Problem, balance
from mesosite.pages.checks.claims import is_label, text_at
from mesosite.pages.checks.gains import claims_a_gain
from mesosite.pages.content.labels import MARKDOWN_NAMES, Label
from mesosite.pages.html_tree import HEADINGS, TO_SOURCE, classes, has_id, labels_in, text_of
from mesosite.pages.markup.blocks import BLOCKS, CARE_KINDS
from mesosite.pages.page import Page

_OUTSIDE = ("https://", "http://", "mailto:", "tel:")
_FENCE = re.compile(r"(/{3,})[ \t]*(\w*)")
_FENCE_LEFT = re.compile(r"/{3,}.*")
_HARM_LINK = re.compile(r"/risks/(#.*)?$|#harm")


def blocks(checked: CheckedPage) -> Iterator[Problem]:
    """E002: a block that could not be read stands in the page as text, or is never closed."""
    found = (_FENCE_LEFT.search(text) for text in checked.tree.itertext() if "///" in text)
    if match := next(filter(None, found), None):
        hint = f"Known blocks: {', '.join(block.NAME for block in BLOCKS)}. Close each with ///."
        text = match[0].strip()
        yield checked.problem(2, text, f"This block cannot be read: {text}", hint)
        return
    for line, opened in _never_closed(checked):
        message = f"This block is never closed: {opened}"
        yield checked.problem(2, line, message, "Close it with ///.")


def _never_closed(checked: CheckedPage) -> list[tuple[int, str]]:
    """Each fence that opens a block without its end, as (line, its words)."""
    opened: list[tuple[int, str, str]] = []
    for line, row in enumerate(checked.body_rows, checked.page.line):
        if match := _FENCE.match(row):
            if match[2]:
                opened.append((line, row.strip(), match[1]))
            elif opened and opened[-1][2] == match[1]:
                opened.pop()
    return [(line, words) for line, words, _slashes in opened]


def links(checked: CheckedPage) -> Iterator[Problem]:
    """E003: a link inside the site that leads nowhere."""
    for href in dict.fromkeys(link.get("href", "") for link in checked.tree.iter("a")):
        if href.startswith(_OUTSIDE) or TO_SOURCE.fullmatch(href):
            continue
        if message := _dead_link(checked.page, href):
            hint = "Links inside the site look like this: [risks](/risks/#infection)."
            yield checked.problem(3, checked.raw_line(f"({href})") or href, message, hint)


def _dead_link(page: Page, href: str) -> str:
    if href.startswith("#"):
        return _no_place(page, href.removeprefix("#"))
    return dead_end(href) if href.startswith("/") else f"The link {href} leads nowhere."


def dead_end(href: str) -> str:
    """The fault of an address inside the site, such as /risks/#infection, or ""."""
    url, _hash, anchor = href.partition("#")
    if url in content().drafts:
        return f"The link {url} leads to a draft, which is not published."
    target = all_pages().get(url.strip("/"))
    if target is None:
        return "" if is_made(url) else f"The link {url} leads nowhere."
    return _no_place(target, anchor)


def _no_place(page: Page, anchor: str) -> str:
    made = anchor == "sources" and page.references
    there = not anchor or made or has_id(page.tree, anchor)
    return "" if there else f"{page.url} has no place called #{anchor}."


def named_points(checked: CheckedPage) -> Iterator[Problem]:
    """E004: the pairs of the page are the points that its front matter names."""
    held, named = {pair.id for pair in checked.page.pairs}, set(checked.page.points)
    hint = "“points” lists the pairs of the page."
    for point in sorted(held - named):
        message = f"The front matter does not name the pair {point}."
        yield checked.problem(4, f"pair | {point}", message, hint)
    elsewhere = {pair.id for pair, _page in all_pairs()} if named - held else set()
    for point in sorted((named - held) & elsewhere):
        yield checked.problem(4, "points:", f"There is no pair {point} on this page.", hint)


def headings(checked: CheckedPage) -> Iterator[Problem]:
    """E011: a heading that skips a level, or takes the level of the title."""
    before = 1
    for element in checked.tree.iter(*HEADINGS):
        if classes(element) & {"care__title", "pair__head"}:
            continue
        level, text = int(element.tag[1]), text_of(element)
        if level == 1 or level > before + 1:
            right = min(before + 1, level) if level > 1 else 2
            hint = f"Begin it with {'#' * right}."
            message = f"The heading “{text}” is out of order."
            yield checked.problem(11, text, message, hint)
        before = level


def alternatives(checked: CheckedPage) -> Iterator[Problem]:
    """E012: a picture without words for those who cannot see it.

    A drawing inside a list stands beside the words that it shows; a table beside it says the same.
    """
    for figure in checked.tree.iter("figure"):
        drawn = [child for child in figure if child.tag == "svg" and not child.get("aria-label")]
        if drawn and figure.find(".//table") is None:
            name = figure.get("class", "").rpartition("--")[2]
            message = f"The drawing “{name}” has no words for those who cannot see it."
            hint = "Under /// figure: “    alt: What it shows.”"
            yield checked.problem(12, f"figure | {name}", message, hint)
    for image in checked.tree.iter("img"):
        if not image.get("alt", "").strip():
            src = image.get("src", "")
            message = f"The picture {src} has no words for those who cannot see it."
            yield checked.problem(12, src, message, f"![What it shows]({src})")


def pictures(checked: CheckedPage) -> Iterator[Problem]:
    """E013: a picture that is not there, or lies on another site."""
    for image in checked.tree.iter("img"):
        src = image.get("src", "")
        inside = src.startswith(settings.STATIC_URL)
        if not inside or not finders.find(src.removeprefix(settings.STATIC_URL)):
            hint = "Put it into static/img/ and name it /static/img/….svg."
            message = f"The picture {src} is not there."
            yield checked.problem(13, src, message, hint)
    for figure in checked.tree.iter("figure"):
        if figure.find(".//svg") is None and figure.find(".//img") is None:
            name = figure.get("class", "").rpartition("--")[2]
            hint = f"It is looked for in static/img/{name}.svg."
            message = f"The drawing “{name}” is not there."
            yield checked.problem(13, f"figure | {name}", message, hint)


def claims(checked: CheckedPage) -> Iterator[Problem]:
    """E014: a claim without label: an answer to a point, or what is known of an option."""
    hint = "End it with a label and its sources: [We are not very sure: @alam2014]."
    for pair in checked.page.pairs:
        if not pair.label:
            message = f"“What we found” in the pair {pair.id} has no label."
            yield checked.problem(14, f"| {pair.id}", message, hint)
    with override(checked.page.language):
        asked, fields = _("We found no figure: ask."), (_("What is known"), _("Harms"))
    for row in checked.tree.iterfind(".//div[@class='compare']//tr"):
        for cell in (cell for cell in row if cell.get("data-field") in fields):
            if not labels_in(cell) and asked not in text_of(cell):
                message = f"“{cell.get('data-field')}” of “{row[0].text}” has no label."
                place = text_of(cell) or f"| {row[0].text}"
                yield checked.problem(14, place, message, f"{hint} Without a source: {asked}")


def sources(checked: CheckedPage) -> Iterator[Problem]:
    """E014 too: a label names its sources, unless it says that nothing was found.

    The chart in a figure prints its source by itself.
    """
    charts = {label for figure in checked.tree.iter("figure") for label in figure.iter()}
    for label in checked.tree.find_class("label"):
        kinds = labels_in(label)
        rests = any(balance(kinds)) and kinds[0] != Label.NO_REPORT and label not in charts
        if rests and not label.find_class("cite"):
            name = next(name for name, value in MARKDOWN_NAMES.items() if value == kinds[0])
            message, hint = f"The label “{name}” names no source.", f"[{name}: @alam2014]"
            yield checked.problem(14, f"[{name}]", message, hint)


def unknowns(checked: CheckedPage) -> Iterator[Problem]:
    """E015: a page that makes claims says what is not known."""
    if checked.makes_claims and not checked.tree.find_class("unknown"):
        message = "A page with labels or points needs the box “What we do not know”."
        yield checked.problem(15, checked.page.line, message, "Write one: /// unknown")


def harms(checked: CheckedPage) -> Iterator[Problem]:
    """E017: a section that names a benefit names a harm too, or leads to one.

    A harm that stands in a fold does not count for a benefit that stands outside.
    """
    for section in checked.sections:
        inside = [element for part in section for element in part.iter()]
        folded = {one for fold in inside if "fold" in classes(fold) for one in fold.iter()}
        outside = [element for element in inside if element not in folded]
        if _lacks_harm(outside) or _lacks_harm(inside):
            title = text_of(section[0])
            message = f"The section “{title}” names a benefit and no harm."
            hint = "Add a harm with its label, or a link: [risks](/risks/), outside a fold."
            yield checked.problem(17, title, message, hint)


def _lacks_harm(elements: list[HtmlElement]) -> bool:
    labels = [element for element in elements if is_label(element)]
    _helps, harmed = balance(labels_in(*labels))
    texts = (text_at(label) for label in labels if balance(labels_in(label)[:1])[0])
    leads = (element.get("href", "") for element in elements if element.tag == "a")
    helps = any(claims_a_gain(text) for text in texts)
    return helps and not harmed and not any(_HARM_LINK.search(href) for href in leads)


def folded_cards(checked: CheckedPage) -> Iterator[Problem]:
    """E044: a card that says when to get help, in a fold, where nobody in need finds it."""
    for fold in checked.tree.find_class("fold"):
        for card in fold.find_class("care"):
            title = text_of(card[0])
            message = f"The card “{title}” stands in a fold, where nobody in need finds it."
            yield checked.problem(44, title, message, "Put it before the fold or after it.")


def cards(checked: CheckedPage) -> Iterator[Problem]:
    """E018: risks, to which every page leads, has all four kinds of care card."""
    if checked.page.address.split("/")[-1] != "risks":
        return
    missing = [kind for kind in CARE_KINDS if not checked.tree.find_class(f"care--{kind}")]
    if missing:
        message = f"The page lacks a care card: {', '.join(missing)}."
        block = "/// safety" if missing[0] == "emergency" else f"/// care | {missing[0]}"
        yield checked.problem(18, checked.page.line, message, f"Write it: {block}")


def questions(checked: CheckedPage) -> Iterator[Problem]:
    """E019: a page of the reading order ends with questions worth asking."""
    page = checked.page
    if page.group == "read" and page.layout == "page" and not page.questions:
        hint = "In the front matter: “questions:”, each with an id and a text."
        yield checked.problem(19, 1, "The page has no questions to take along.", hint)


STRUCTURE = (
    headings,
    alternatives,
    claims,
    sources,
    unknowns,
    harms,
    folded_cards,
    cards,
    questions,
)
LINKING = (links, named_points, pictures)
"""What other pages and files decide too."""
