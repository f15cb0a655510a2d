"""The patient's data and the standing of the request, in words: for the page and for the copies.

A request among the spam reads as a new one, so that its sender does not learn of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite.enquiries import visits
from mesosite.enquiries.choices import (
    BestTime,
    ContactBy,
    Health,
    HelpNeeded,
    Language,
    ScarType,
    Topic,
    YesNo,
)
from mesosite.enquiries.consultation.form_fields import readable_phone
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.maintenance.retention import kept_until
from mesosite.enquiries.models import Answer, ConsentText, Enquiry, Entry, Visit
from mesosite.enquiries.models.states import State
from mesosite.enquiries.undo import as_patient_sees
from mesosite.enquiries.workflow import is_urgent_problem
from mesosite.normal_form import readable_email
from mesosite.pages.catalogue import clinic


class Standing(NamedTuple):
    """title: the heading of the patient's page; text: what it means, in a sentence or two.

    urgent: the page says what to do about a problem before anything else.
    """

    title: str
    text: str
    urgent: bool = False


def standing(enquiry: Enquiry) -> Standing:
    """enquiry: as its patient may see it, see `_seen`."""
    state = State(enquiry.state)
    if is_urgent_problem(enquiry):
        return Standing(_("Do not wait for our answer"), _("We have your request."), urgent=True)
    if state == State.BOOKED and enquiry.visit_at:
        if enquiry.visit_at > timezone.now():
            text = _("If you cannot come, cancel it here or ask for another time.")
            return Standing(_("Your visit is booked"), text)
        text = _("Its time is over. Write to us if you need us.")
        return Standing(_("Your visit was booked"), text)
    title, meaning = _STANDS[state]
    return Standing(str(title), str(meaning or _answer(enquiry, state)))


def patient_sees(enquiry: Enquiry, timeline: Iterable[Entry] | None = None) -> Standing:
    """What the patient's page says of the request now. timeline: as `as_patient_sees` has it."""
    return standing(_seen(enquiry, timeline))


def _seen(enquiry: Enquiry, timeline: Iterable[Entry] | None = None) -> Enquiry:
    """The enquiry as its patient may see it: before the steps of staff that can be undone still."""
    seen = as_patient_sees(enquiry, timeline)
    seen.state = State.NEW if seen.state == State.SPAM else State(seen.state)
    return seen


def _answer(enquiry: Enquiry, state: State) -> str:
    """What is said of the answer: by when the patient was told to have it, as it is stored."""
    if enquiry.answered_at:
        return _("We have answered you. Is something still open? Write it in a message.")
    if clinic().demonstration:
        return _("This is a demonstration. No clinic reads it, so nobody will answer.")
    if not enquiry.due_at:
        return _("A person at the clinic reads it and answers you.")
    if enquiry.due_at > timezone.now():
        return _("A person will answer by %s.") % day_and_time(enquiry.due_at)
    return _("You should have had an answer by %s. We are sorry.") % day_and_time(enquiry.due_at)


_STANDS = {
    State.NEW: (gettext_lazy("We have your request"), ""),
    State.IN_PROGRESS: (gettext_lazy("We are working on your request"), ""),
    State.WAITING: (
        gettext_lazy("We are waiting for you"),
        gettext_lazy("We need your answer to go on. You can send it as a message."),
    ),
    State.CLOSED: (
        gettext_lazy("Your request is closed"),
        gettext_lazy("Nobody works on it now. Add a message, and we look at it again."),
    ),
}


class GivenValue(NamedTuple):
    """One thing that was given. key: for programs; label: for people."""

    key: str
    label: str
    words: list[str]


@dataclass(frozen=True)
class GivenSection:
    """Values under a title. unreadable: the stored values are damaged."""

    key: str
    title: str
    rows: list[GivenValue]
    unreadable: bool

    @property
    def filled(self) -> list[GivenValue]:
        return [row for row in self.rows if row.words]


@dataclass(frozen=True)
class Summary:
    """All that the patient gave, wrote and was answered, with times.

    messages, answers: (time, text). Answers that can be undone still are not among them.
    """

    code: str
    sent_at: datetime
    corrected_at: list[datetime]
    standing: Standing
    visit: Visit | None
    wants_reminder: bool
    has_email: bool
    kept_until: datetime | None
    parts: list[GivenSection]
    messages: list[tuple[datetime, str]]
    answers: list[tuple[datetime, str]]
    consent: ConsentText | None
    consented_at: datetime | None
    health_consent: ConsentText | None
    health_consented_at: datetime | None

    @property
    def asked(self) -> list[GivenSection]:
        """What the form asks."""
        return self.parts[:-1]

    @property
    def to_prepare(self) -> GivenSection:
        """What helps to prepare a visit, which is asked apart."""
        return self.parts[-1]

    @property
    def visit_is_to_come(self) -> bool:
        return bool(self.visit and self.visit.at > timezone.now())

    @property
    def talk(self) -> list[tuple[datetime, str, bool]]:
        """(time, text, whether the patient wrote it) of messages and answers, oldest first."""
        said = [(at, text, True) for at, text in self.messages]
        return sorted(said + [(at, text, False) for at, text in self.answers])


def summary(enquiry: Enquiry) -> Summary:
    seen = _seen(enquiry)
    corrections = enquiry.timeline.filter(kind=Entry.Kind.CORRECTED)
    return Summary(
        code=enquiry.shown_code,
        sent_at=enquiry.created_at,
        corrected_at=[entry.at for entry in corrections],
        standing=standing(seen),
        visit=visits.as_patient_sees(enquiry) if seen.state == State.BOOKED else None,
        wants_reminder=enquiry.wants_reminder,
        has_email=bool(enquiry.contact.get("email")),
        kept_until=kept_until(seen),
        parts=[
            contact_section(enquiry.contact),
            answers_section(enquiry.problem, enquiry.topics, enquiry.answers),
            health_section(enquiry.answers),
        ],
        messages=[(message.at, str(message.text)) for message in enquiry.messages.all()],
        answers=[(answer.at, str(answer.text)) for answer in _sent_answers(enquiry)],
        consent=enquiry.consent,
        consented_at=enquiry.consented_at,
        health_consent=enquiry.health_consent,
        health_consented_at=enquiry.health_consented_at,
    )


def _sent_answers(enquiry: Enquiry) -> list[Answer]:
    answers = enquiry.replies.select_related("entry")
    return [answer for answer in answers if not (answer.entry and answer.entry.is_pending)]


def as_json(summary: Summary) -> dict[str, Any]:
    """A summary as a dict for JSON: times in ISO 8601, in the clinic's zone."""
    return {
        "request": summary.code,
        "sent": _iso(summary.sent_at),
        "corrected": [_iso(at) for at in summary.corrected_at],
        "state": summary.standing.title,
        "visit": _iso(summary.visit.at) if summary.visit else None,
        "kept_until": _iso(summary.kept_until),
        **{part.key: _values(part) for part in summary.parts},
        "messages": [{"sent": _iso(at), "text": text} for at, text in summary.messages],
        "replies": [{"sent": _iso(at), "text": text} for at, text in summary.answers],
        "agreed": _agreed(summary.consent, summary.consented_at),
        "agreed_on_health": _agreed(summary.health_consent, summary.health_consented_at),
    }


def _agreed(consent: ConsentText | None, at: datetime | None) -> dict[str, str | None] | None:
    if consent is None:
        return None
    return {
        "at": _iso(at),
        "to": consent.statement,
        "privacy_page": consent.privacy,
        "version": consent.version,
        "language": consent.language,
    }


def _values(part: GivenSection) -> str | dict[str, list[str]]:
    return str(Unreadable("")) if part.unreadable else {row.key: row.words for row in part.rows}


def contact_section(contact: dict[str, Any]) -> GivenSection:
    given = contact.get
    rows = [
        GivenValue("name", _("Name"), _filled(given("name"))),
        GivenValue("email", _("Email"), _filled(readable_email(given("email")))),
        GivenValue("phone", _("Phone"), _filled(readable_phone(given("phone")))),
        GivenValue("answer_by", _("Answer by"), _labels(given("contact_by"), ContactBy)),
        GivenValue("leave_message", _("Leave a message"), _labels(given("leave_message"), YesNo)),
        GivenValue("good_times", _("Good times"), _labels(given("best_time"), BestTime)),
        GivenValue("language", _("Answer in"), _labels(given("language"), Language)),
        GivenValue("help_needed", _("Help needed"), _labels(given("help_needed"), HelpNeeded)),
    ]
    return GivenSection("contact", _("How to reach you"), rows, isinstance(contact, Unreadable))


def answers_section(
    problem: bool | None, topics: list[str], answers: dict[str, Any]
) -> GivenSection:
    """problem: None where it was not asked."""
    asked = [question["text"] for question in answers.get("questions", ())]
    said = {None: "", True: YesNo.YES, False: YesNo.NO}[problem]
    rows = [
        GivenValue("problem", _("A problem after a treatment"), _labels(said, YesNo)),
        GivenValue("topics", _("To talk about"), _labels(topics, Topic)),
        GivenValue("message", _("In your own words"), _filled(answers.get("message"))),
        GivenValue("questions", _("Your questions"), asked),
    ]
    unreadable = isinstance(answers, Unreadable)
    return GivenSection("answers", _("What you ask"), rows, unreadable)


def health_section(answers: dict[str, Any]) -> GivenSection:
    rows = [
        GivenValue("scar_types", _("Your marks"), _labels(answers.get("scar_types"), ScarType)),
        GivenValue("health", _("Your health"), _labels(answers.get("health"), Health)),
    ]
    unreadable = isinstance(answers, Unreadable)
    return GivenSection("to_prepare", _("To prepare your visit"), rows, unreadable)


def _filled(text: str | None) -> list[str]:
    return [text] if text else []


def _labels(values: str | list[str] | None, kind: type[TextChoices]) -> list[str]:
    """The labels of stored choices. A value that is not offered any more stays as it is."""
    known = dict(kind.choices)
    several = values if isinstance(values, list) else _filled(values)
    return [str(known.get(value, value)) for value in several]


def day_and_time(at: datetime) -> str:
    """Such as “Tuesday 24 November, 17:00”, in the clinic's zone."""
    return date_format(timezone.localtime(at, clinic().tz), "l j F, H:i")


def _iso(at: datetime | None) -> str | None:
    return timezone.localtime(at, clinic().tz).isoformat(timespec="seconds") if at else None
