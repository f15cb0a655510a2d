"""What stops a bad page: Django system checks over content/, in words that an editor knows.

Run by `manage.py check`, so by `make check` and by every start.
"""

import re

from django.conf import settings
from django.core.checks import Error, register
from django.urls import Resolver404, resolve

from mesosite.pages.blocks import BLOCKS
from mesosite.pages.clinic import clinic
from mesosite.pages.errors import ContentError
from mesosite.pages.front_matter import POINTS
from mesosite.pages.prose import grade, page_prose, sentences, words
from mesosite.pages.site import all_pages, all_references, content_files, read_page

MOST_WORDS = 20
HARDEST_GRADE = 7.0
_LINK = re.compile(r'href="(/[^"#]*)(?:#([^"]*))?"')


def _error(number, path, line, message, hint=""):
    place = ContentError(path, line, message)
    return Error(str(place), hint=hint or None, id=f"content.E{number:03}")


@register("content")
def check_content(app_configs, **kwargs):
    """E001 for a file that cannot be read; the other rules once all can be."""
    unreadable = [_error(1, e.path, e.line, e.message, e.hint) for e in _reading_errors()]
    if unreadable:
        return unreadable
    found = [error for page in all_pages().values() for rule in RULES for error in rule(page)]
    return found + list(_missing_points()) + list(_uncited())


def _reading_errors():
    for read in (clinic, all_references):
        try:
            read()
        except ContentError as error:
            yield error
            return
    for file in content_files():
        try:
            read_page(*file)
        except ContentError as error:
            yield error
    try:
        all_pages()
    except ContentError as error:
        if "Two files" in error.message:
            yield error


def _line_of(page, text):
    """The line of the file that holds `text`, 0 where none does."""
    rows = page.path.read_text("utf-8").split("\n")
    return next((n for n, row in enumerate(rows, 1) if text in row), 0)


def _blocks(page):
    """E002: a block that could not be read stands in the page as text."""
    for match in re.finditer(r"/{3,}\s*(\w*)[^<\n]*", page.html):
        hint = f"Known blocks: {', '.join(block.NAME for block in BLOCKS)}. Close each with ///."
        line = _line_of(page, match[0].strip())
        yield _error(2, page.path, line, f"This block cannot be read: {match[0].strip()}", hint)


def _links(page):
    """E003: a link inside the site that leads nowhere."""
    for url, anchor in _LINK.findall(page.html):
        target = all_pages().get(url.strip("/"))
        if target is None and not _is_view(url):
            yield _error(3, page.path, _line_of(page, url), f"The link {url} leads nowhere.")
        elif target and anchor and f'id="{anchor}"' not in target.html:
            line = _line_of(page, f"#{anchor}")
            yield _error(3, page.path, line, f"{url} has no place called #{anchor}.")


def _is_view(url):
    try:
        return resolve(url).url_name not in ("page", "home")
    except Resolver404:
        return False


def _own_points(page):
    """E004: the points that the front matter names are the pairs that the page holds."""
    held = {pair.id for pair in page.pairs}
    for point in sorted(held ^ set(page.points)):
        message = (
            f"The front matter does not name the pair {point}."
            if point in held
            else f"There is no pair {point} on this page."
        )
        yield _error(4, page.path, _line_of(page, point), message)


def _missing_points():
    """E005: a point of the article without its place, or with two."""
    held = [pair.id for page in all_pages().values() for pair in page.pairs]
    for point in POINTS:
        if held.count(point) != 1:
            message = f"The point {point} has {held.count(point)} pairs on the site, not one."
            yield _error(5, settings.CONTENT_DIR, 0, message, "Write one: /// pair | " + point)


def _long_sentences(page):
    """E006: a sentence over 20 words."""
    for sentence in (s for text in page_prose(page) for s in sentences(text)):
        if len(words(sentence)) > MOST_WORDS:
            start = " ".join(sentence.split()[:5])
            message = f"{len(words(sentence))} words in one sentence: “{start} …”"
            line = _line_of(page, " ".join(sentence.split()[:3]))
            yield _error(6, page.path, line, message, f"At most {MOST_WORDS}: make it two.")


def _too_hard(page):
    """E007: a page that is too hard to read."""
    if (found := grade(page_prose(page))) > HARDEST_GRADE:
        message = f"The page reads at grade {found:.1f}, over {HARDEST_GRADE}."
        yield _error(7, page.path, 0, message, "Use shorter sentences and shorter words.")


def _uncited():
    """E008: a source that no page cites."""
    cited = {r.key for page in all_pages().values() for r in page.references}
    path = settings.CONTENT_DIR / "references.json"
    for key in all_references():
        if key not in cited:
            yield _error(8, path, 0, f"No page cites the source “{key}”.", "Cite it or remove it.")


RULES = (_blocks, _links, _own_points, _long_sentences, _too_hard)
