"""What was typed into a form of the patient's page, for an answer that does not take it."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict

from mesosite.enquiries.choices import HEALTH_ANSWERS, YesNo
from mesosite.enquiries.consultation.contact_form import REACH
from mesosite.enquiries.patient.summary import (
    GivenSection,
    answers_section,
    contact_section,
    health_section,
)
from mesosite.pages.catalogue import all_questions

_SEVERAL = {"best_time", "help_needed"}


def posted(request: HttpRequest, but: str = "") -> list[tuple[str, str]]:
    """[(name, value)] of all that was posted."""
    lists = request.POST.lists()
    return [(name, value) for name, values in lists if name != but for value in values]


def typed_words(request: HttpRequest) -> list[GivenSection]:
    """In words, to be read and copied; [] where nothing was typed, or nothing can be read.

    A page of another site puts no words into ours. No Origin is asked: under `no-referrer` it is
    "null" for our own page too.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return []
    try:
        sections = _sections(request.POST)
    except (BadRequest, SuspiciousOperation):
        return []
    return [section for section in sections if section.filled]


def _sections(data: QueryDict) -> list[GivenSection]:
    contact = {n: data.getlist(n) if n in _SEVERAL else data.get(n) for n in REACH}
    known = all_questions()
    asked = [{"text": known[id_].text} for id_ in data.getlist("questions") if id_ in known]
    problem = data["problem"] == YesNo.YES if "problem" in data else None
    answers = {"message": data.get("message"), "questions": asked}
    health = {name: data.getlist(name) for name in HEALTH_ANSWERS}
    return [
        contact_section(contact),
        answers_section(problem, data.getlist("topics"), answers),
        health_section(health),
    ]
