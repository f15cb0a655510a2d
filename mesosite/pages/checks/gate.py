"""The publish gate: checks of content/, in words that an editor knows.

Only `manage.py check`, `make check`, `manage.py publish`, `make dev` and every start run them. This
module holds the rules of the site as a whole; `addresses` asks for its pages, `redirects` for what
became of old ones, `help` for numbers to call; `markup`, `structure` and `wording` hold the rules
of a page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from weakref import WeakSet

from django.conf import settings
from django.utils import timezone

from mesosite.pages.catalogue import all_pages, clinic, content
from mesosite.pages.checks.addresses import (
    misplaced_homes,
    missing_pages,
    sections_without_index,
    taken_addresses,
)
from mesosite.pages.checks.checked_page import CheckedPage, Problem, first_line, newest_day
from mesosite.pages.checks.findings import other_than_found, two_labels
from mesosite.pages.checks.help import seen_long_ago, seen_tomorrow, without_helpline
from mesosite.pages.checks.markup import MARKUP
from mesosite.pages.checks.redirects import lost_addresses, wrong_redirects
from mesosite.pages.checks.rhythm import choppy, wordy
from mesosite.pages.checks.structure import LINKING, STRUCTURE, blocks
from mesosite.pages.checks.to_confirm import unfound
from mesosite.pages.checks.wording import WORDING
from mesosite.pages.content.charts import ChartError
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.front_matter import POINTS
from mesosite.pages.html_tree import has_id
from mesosite.pages.page import Page, Question

_DEMONSTRATION = re.compile(
    r"\bthis (?:site )?is a demonstration|\bthis demonstration\b|\bno clinic publishes",
    re.IGNORECASE,
)


def unshown_charts(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E010: a chart that no page shows."""
    path = settings.CONTENT_DIR / "charts.yaml"
    for name, chart in content().charts.items():
        shown = any(has_id(checked.tree, f"chart-{name}") for checked in checked_pages)
        if not shown and not _in_draft(rf"^/// chart\b.*[|,] *{re.escape(name)} *(?:,|$)"):
            message = f"No page shows the chart “{name}”."
            hint = f"Show it with /// chart | {name} or remove it."
            yield Problem(ChartError.number, ChartError(path, chart.line, message, hint))


def _in_draft(pattern: str) -> bool:
    """Whether the text of a page that is not published yet, and is not checked, has this."""
    drafts = content().drafts.values()
    return any(re.search(pattern, draft.text, re.MULTILINE) for draft in drafts)


def check_content(app_configs: object, **kwargs: object) -> list[Problem]:
    """E001 for a file that cannot be read, E002 for a block; the other rules once all can be."""
    if errors := content().errors():
        return [Problem(error.number, error) for error in errors]
    checked_pages = [CheckedPage(page) for page in all_pages().values() if not page.draft]
    if unreadable := [problem for checked in checked_pages for problem in blocks(checked)]:
        return unreadable
    found = [problem for checked in checked_pages for problem in _of_page(checked)]
    return found + [problem for rule in SITE for problem in rule(checked_pages)]


_clean: WeakSet[Page] = WeakSet()
"""Pages that break no rule which reads a page alone: these rules read them once."""


def _of_page(checked: CheckedPage) -> list[Problem]:
    if checked.page in _clean:
        found = []
    else:
        rules = (*MARKUP, *STRUCTURE, *WORDING, choppy)
        found = [problem for rule in rules for problem in rule(checked)]
        if not found:
            _clean.add(checked.page)
    return found + [problem for rule in (*LINKING, other_than_found) for problem in rule(checked)]


def missing_points(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E005: a point of the article without its place, or with two."""
    held = [(pair.id, checked) for checked in checked_pages for pair in checked.page.pairs]
    count = Counter(point for point, _checked in held)
    named = {point: checked for checked in checked_pages for point in checked.page.points}
    for point in (point for point in POINTS if not count[point]):
        checked = named.get(point)
        path = checked.page.path if checked else settings.CONTENT_DIR / settings.LANGUAGE_CODE
        line = checked.raw_line("points:") if checked else 0
        message = f"The point {point} has 0 pairs on the site, not one."
        yield Problem(5, ContentError(path, line, message, f"Write one: /// pair | {point}"))
    for point, checked in dict.fromkeys(held):
        if count[point] > 1:
            message = f"The point {point} has {count[point]} pairs on the site, not one."
            hint = "Keep the pair on one page, and link to it."
            yield checked.problem(5, f"| {point}", message, hint)


def uncited(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E008: a source that no page cites."""
    cited = {source.key for checked in checked_pages for source in checked.page.references}
    path = settings.CONTENT_DIR / "references.json"
    for key in (key for key in content().references if key not in cited):
        if _in_draft(rf"@{re.escape(key)}(?![\w-])"):
            continue
        message = f"No page cites the source “{key}”."
        line = first_line(path.read_text("utf-8").split("\n"), f'"{key}"')
        yield Problem(8, ContentError(path, line, message, "Cite it or remove it."))


def unmatched(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E009: a source without its entry in studies.yaml, or an entry without its source."""
    path = settings.CONTENT_DIR / "studies.yaml"
    studies, sources = content().studies, content().references
    for key in (key for key in sources if key not in studies):
        hint = f"Add “{key}:” with its fields; what is not known stays empty."
        yield Problem(9, ContentError(path, 0, f"The source “{key}” has no entry.", hint))
    for key in (key for key in studies if key not in sources):
        error = ContentError(path, studies[key].line, f"There is no source “{key}”.", "Remove it.")
        yield Problem(9, error)


def repeated_questions(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E020: two questions with one id: a request could not tell them apart."""
    first: dict[str, Question] = {}
    for checked in checked_pages:
        for question in checked.page.questions:
            if other := first.get(question.id):
                message = f"The question id “{question.id}” stands on “{other.page}” too."
                text, rows = f"id: {question.id}", enumerate(checked.rows, 1)
                line = max((n for n, row in rows if row.strip(" -") == text), default=0)
                yield checked.problem(20, line, message, "An id is used once on the whole site.")
            first.setdefault(question.id, question)


def repeated_descriptions(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E036 too: two pages with one description."""
    first: dict[str, str] = {}
    for checked in checked_pages:
        if other := first.get(checked.page.description):
            message = f"The page “{other}” has the same description."
            yield checked.problem(36, "description:", message, "Say what this page answers.")
        first.setdefault(checked.page.description, checked.page.nav)


def overdue(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """W001: a page whose review date has passed. A published page knows no clock: it prints it."""
    today = timezone.localdate()
    for checked in checked_pages:
        if checked.page.review_by < today:
            message = f"This page was to be checked again by {checked.page.review_by:%-d %B %Y}."
            hint = "Check it against its sources, then set “checked” and “review_by”."
            yield checked.problem(1, "review_by:", message, hint, warning=True)


def not_yet(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E033: a page that was checked, or reviewed, on a day that is still to come everywhere."""
    today = newest_day()
    for checked in checked_pages:
        review = checked.page.reviewed
        dates = {"checked": checked.page.checked, "reviewed": review.on if review else today}
        for key, date in dates.items():
            if date > today:
                message = f"“{key}” says {date:%-d %B %Y}, and that day is still to come."
                yield checked.problem(33, f"{key}:", message, "Name a day that was.")


def changed_since_review(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E034: a page whose words are not those that its reviewer read."""
    for checked in checked_pages:
        review = checked.page.reviewed
        if review and review.words != (code := checked.page.words_code):
            message = f"{review.by} reviewed other words than these, on {review.on:%-d %B %Y}."
            hint = f"Remove “reviewed”, or have them read again and write words: {code}"
            yield checked.problem(34, "reviewed:", message, hint)


def unsaid(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """W002: a clinic's own site that leaves out what the law has its /privacy/ say."""
    for checked in checked_pages:
        for key in ("responsible", "stored", "authority"):
            line = checked.raw_line(f"/// show | {key}")
            if line and clinic().name and not getattr(clinic(), key):
                message = f"The page asks for “{key}”, and clinic.yaml does not say it."
                yield checked.problem(2, line, message, "Fill it in there.", warning=True)


def moved_to_the_inbox(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """W004: values of clinic.yaml that a manager sets in the inbox now."""
    path = settings.CONTENT_DIR / "clinic.yaml"
    for number, row in enumerate(path.read_text("utf-8").split("\n"), 1):
        key = row.partition(":")[0]
        if key in ("closed", "answer_within_hours"):
            message = f"“{key}” is on the clinic page of the inbox now, and is not read here."
            hint = "A value that stood here was taken over once. Remove the line."
            yield Problem(4, ContentError(path, number, message, hint), warning=True)


def demonstrating(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E032: a clinic's own site on which a page still speaks of a demonstration."""
    for checked in checked_pages if clinic().name else ():
        for number, row in enumerate(checked.rows, 1):
            if _DEMONSTRATION.search(row):
                message = "This line speaks of a demonstration, and clinic.yaml has a name."
                hint = "Say what holds for the clinic, or remove the line."
                yield checked.problem(32, number, message, hint)


def unexplained_words(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E030: a word that leads to a page, or a place on one, that is not there."""
    pages = {checked.page.url: checked.page for checked in checked_pages}
    path = settings.CONTENT_DIR / settings.LANGUAGE_CODE / "words.yaml"
    for word in content().glossaries[settings.LANGUAGE_CODE].words:
        url, _hash, anchor = word.explained.partition("#")
        page = pages.get(url)
        if page is None or (anchor and not has_id(page.tree, anchor)):
            message = f"“{word.term}” is not explained at {word.explained}: no such place."
            yield Problem(30, ContentError(path, word.line, message, "Such as /risks/#infection."))


SITE = (
    *(missing_points, uncited, unmatched, unexplained_words, unshown_charts, repeated_questions),
    *(missing_pages, misplaced_homes, taken_addresses, sections_without_index),
    *(wrong_redirects, lost_addresses, repeated_descriptions),
    *(overdue, not_yet, changed_since_review, unsaid, moved_to_the_inbox, demonstrating),
    *(without_helpline, seen_long_ago, seen_tomorrow, wordy, unfound, two_labels),
)
