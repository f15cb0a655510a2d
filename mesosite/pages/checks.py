"""The publish gate: Django system checks over content/, in words that an editor knows.

Run by `manage.py check`, so by `make check` and by every start. Here is what concerns the site as
a whole; `rules` and `wording` hold the rules of a page.
"""

from collections import Counter

from django.conf import settings
from django.core.checks import register
from django.utils import timezone

from mesosite.pages.changes import all_changes
from mesosite.pages.chart_checks import unshown_charts
from mesosite.pages.charts import all_charts
from mesosite.pages.clinic import clinic
from mesosite.pages.errors import ContentError
from mesosite.pages.front_matter import POINTS
from mesosite.pages.glossary import all_words, lost_words
from mesosite.pages.problems import Problem
from mesosite.pages.proof import Proof
from mesosite.pages.rules import STRUCTURE, blocks
from mesosite.pages.site import all_references, read_pages
from mesosite.pages.studies import all_studies
from mesosite.pages.wording import WORDING

_SHARED = (clinic, all_changes, all_references, all_studies, all_words, all_charts)
"""What reads the files that several pages use. Raises ContentError."""


@register("content")
def check_content(app_configs, **kwargs):
    """E001 for a file that cannot be read, E002 for a block; the other rules once all can be."""
    if unreadable := list(_unreadable()):
        return unreadable
    proofs = [Proof(page) for page in read_pages()[0]]
    if unreadable := [problem for proof in proofs for problem in blocks(proof)]:
        return unreadable
    rules = [*STRUCTURE, *WORDING]
    found = [problem for proof in proofs for rule in rules for problem in rule(proof)]
    return found + [problem for rule in SITE for problem in rule(proofs)]


def _unreadable():
    """E001, E010 for a chart, once a place: a file that every page uses fails in each of them."""
    errors = list(read_pages()[1])
    for read in _SHARED:
        try:
            read()
        except ContentError as error:
            errors.insert(0, error)
    once = {str(error): error for error in errors}.values()
    return [Problem(error.number, error) for error in once]


def missing_points(proofs):
    """E005: a point of the article without its place, or with two."""
    held = [(pair.id, proof) for proof in proofs for pair in proof.page.pairs]
    count = Counter(point for point, _proof in held)
    named = {point: proof for proof in proofs for point in proof.page.points}
    for point in (point for point in POINTS if not count[point]):
        proof = named.get(point)
        path = proof.page.path if proof else settings.CONTENT_DIR / settings.LANGUAGE_CODE
        line = proof.raw_line("points:") if proof else 0
        message = f"The point {point} has 0 pairs on the site, not one."
        yield Problem(5, ContentError(path, line, message, f"Write one: /// pair | {point}"))
    for point, proof in held:
        if count[point] > 1:
            message = f"The point {point} has {count[point]} pairs on the site, not one."
            line = proof.raw_line(f"| {point}")
            yield proof.problem(5, line, message, "Keep the pair on one page, and link to it.")


def uncited(proofs):
    """E008: a source that no page cites."""
    cited = {source.key for proof in proofs for source in proof.page.references}
    path = settings.CONTENT_DIR / "references.json"
    for key in (key for key in all_references() if key not in cited):
        rows = enumerate(path.read_text("utf-8").split("\n"), 1)
        line = next((n for n, row in rows if f'"{key}"' in row), 0)
        message = f"No page cites the source “{key}”."
        yield Problem(8, ContentError(path, line, message, "Cite it or remove it."))


def unmatched(proofs):
    """E009: a source without its entry in studies.yaml, or an entry without its source."""
    path, studies, sources = settings.CONTENT_DIR / "studies.yaml", all_studies(), all_references()
    for key in (key for key in sources if key not in studies):
        hint = f"Add “{key}:” with its fields; what is not known stays empty."
        yield Problem(9, ContentError(path, 0, f"The source “{key}” has no entry.", hint))
    for key in (key for key in studies if key not in sources):
        error = ContentError(path, studies[key].line, f"There is no source “{key}”.", "Remove it.")
        yield Problem(9, error)


def repeated_questions(proofs):
    """E020: two questions with one id: a request could not tell them apart."""
    first = {}
    for proof in proofs:
        for question in proof.page.questions:
            if other := first.get(question.id):
                message = f"The question id “{question.id}” stands on “{other.page}” too."
                line = _last_line(proof, f"id: {question.id}")
                yield proof.problem(20, line, message, "An id is used once on the whole site.")
            first.setdefault(question.id, question)


def _last_line(proof, text):
    return max((n for n, row in enumerate(proof.rows, 1) if row.strip(" -") == text), default=0)


def overdue(proofs):
    """W001: a page whose review date has passed. A published page knows no clock: it prints it."""
    today = timezone.localdate()
    for proof in proofs:
        if proof.page.review_by < today:
            message = f"This page was to be checked again by {proof.page.review_by:%-d %B %Y}."
            line = proof.raw_line("review_by:")
            hint = "Check it against its sources, then set “checked” and “review_by”."
            yield proof.problem(1, line, message, hint, warning=True)


def unsaid(proofs):
    """W002: a clinic's own site that leaves out what the law has its /privacy/ say."""
    for proof in proofs:
        for key in ("responsible", "stored", "authority"):
            line = proof.raw_line(f"/// show | {key}")
            if line and clinic().name and not getattr(clinic(), key):
                message = f"The page asks for “{key}”, and clinic.yaml does not say it."
                yield proof.problem(2, line, message, "Fill it in there.", warning=True)


SITE = (
    *(missing_points, uncited, unmatched, lost_words, unshown_charts, repeated_questions),
    *(overdue, unsaid),
)
