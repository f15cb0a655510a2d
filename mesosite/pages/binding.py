"""A page's html as a chapter of the leaflet, where all pages share headings, ids and sources."""

import re

from django.utils.html import escape
from django.utils.safestring import mark_safe

_TAG = re.compile(r"<[^<>]+>")
_NUMBERS = re.compile(r'(?<=<sup class="cite">).*?(?=</sup>)')
_NUMBER = re.compile(r"\d+(?![^<]*>)")
_LABEL = re.compile(
    r'<details class="(label [^"]*)">\s*<summary>(.*?)</summary>.*?</details>', re.DOTALL
)
_HEADING = re.compile(r"^<(/?)h([1-5])\b")
_OWN_NAME = re.compile(r'\b(id|for|name|aria-labelledby|aria-describedby)="([^"]+)"')
_REGION = re.compile(r'<[^<>]*\brole="region"[^<>]*>')
_NAMED = re.compile(r'(aria-label="[^"]*)(")')
_TO_SOURCE = re.compile(r'href="#s(\d+)"')
_TO_PLACE = re.compile(r'href="#(?!s\d)([^"]+)"')
_TO_PAGE = re.compile(r'href="(/[^"#]*)(?:#([^"]*))?"')


def anchor(page):
    """Where a page's chapter begins: the id of its section."""
    return page.address.replace("/", "-")


def sources(pages):
    """The sources of some pages, each once, in the order in which a reader meets them."""
    return tuple({source.key: source for page in pages for source in page.references}.values())


def chapter_html(html, page, pages):
    """A page's body for a leaflet of `pages`.

    Headings go one level down, names take the page's before them, citations the number that their
    source has in the whole leaflet, and links between its pages lead to their chapters. A region's
    name tells its page too. A label that opens is shut for good: what it rests on stands in the
    leaflet's list of sources.
    """
    keys = [source.key for source in sources(pages)]
    numbers = {n: keys.index(own.key) + 1 for n, own in enumerate(page.references, 1)}
    anchors = {bound.url: anchor(bound) for bound in pages}
    html = _LABEL.sub(r'<p class="\1">\2</p>', html)
    html = _NUMBERS.sub(lambda m: _NUMBER.sub(lambda n: str(numbers[int(n[0])]), m[0]), html)
    named = f": {escape(page.nav)}"
    html = _REGION.sub(lambda m: _NAMED.sub(lambda n: n[1] + named + n[2], m[0]), html)
    html = _TAG.sub(lambda m: _tag(m[0], anchor(page), anchors, numbers), html)
    return mark_safe(html)  # noqa: S308  (the clinic's own files)


def _tag(text, prefix, anchors, numbers):
    """One tag, with its heading, its own names and its links as the leaflet needs them."""

    def own(match):
        names = " ".join(f"{prefix}-{name}" for name in match[2].split())
        return f'{match[1]}="{names}"'

    def to_page(match):
        if match[1] not in anchors:
            return match[0]
        place = f"-{match[2]}" if match[2] else ""
        return f'href="#{anchors[match[1]]}{place}"'

    text = _HEADING.sub(lambda m: f"<{m[1]}h{int(m[2]) + 1}", text)
    text = _TO_PLACE.sub(rf'href="#{prefix}-\1"', _OWN_NAME.sub(own, text))
    text = _TO_SOURCE.sub(lambda m: f'href="#s{numbers[int(m[1])]}"', text)
    return _TO_PAGE.sub(to_page, text)
