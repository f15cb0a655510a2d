"""The page of one enquiry: what the patient wrote, what was done, what can be done."""

from datetime import timedelta
from enum import Enum, auto
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import Error
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mesosite.enquiries import visits
from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.choices import HEALTH_ANSWERS, YesNo
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry, Entry, Event, OutgoingMail
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.patient.summary import patient_sees
from mesosite.enquiries.search import index
from mesosite.enquiries.steps import Step
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.drafts import draft_of
from mesosite.inbox.enquiry.forms import WORDS, WorkForm
from mesosite.inbox.enquiry.stream import stream
from mesosite.inbox.lists.menu import back_to, menu
from mesosite.inbox.roles import Right, may

OPENED_LATELY = timedelta(minutes=30)
OPENED_AGAIN = timedelta(minutes=1)  # who opens it twice within this time opened it once
MAX_ALIKE = 5
WRITE_AND_CLOSE_AFTER = 2  # calls without an answer; the third offers it


class Health(Enum):
    """What becomes of the answers about health on the page of an enquiry.

    A template compares it by its name: `health.name == "SHOWN"`.
    """

    CLINICIANS_ONLY = auto()
    NONE = auto()  # none were given
    BEHIND_A_BUTTON = auto()  # which records who reads them
    SHOWN = auto()
    UNRECORDED = auto()  # not shown, since that cannot be recorded

    @classmethod
    def of(cls, user: User | AnonymousUser, enquiry: Enquiry) -> "Health":
        if not may(user, Right.HEALTH):
            return cls.CLINICIANS_ONLY
        answers = enquiry.answers
        if isinstance(answers, Unreadable) or not any(map(answers.get, HEALTH_ANSWERS)):
            return cls.NONE
        return cls.BEHIND_A_BUTTON


def show_detail(
    request: StaffRequest,
    enquiry: Enquiry,
    *,
    form: WorkForm | None = None,
    stale: bool = False,
    health: Health | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an enquiry, or of its tombstone. Who opens it is recorded.

    form: one that was refused; what was typed in it stays. stale: refused because another person
    changed the enquiry first. health: what becomes of the answers about health; `Health.of` where
    None.
    """
    stale = stale or bool(enquiry.erased_at and form)
    draft = {} if form else draft_of(request, enquiry)
    timeline = list(enquiry.timeline.select_related("person"))
    context: dict[str, Any] = {
        "draft": draft,
        "enquiry": enquiry,
        "stale": stale,
        "pressed": form.pressed_words if stale and form else "",
        "lost_words": _lost_words(form, draft) if enquiry.erased_at else "",
        "timeline": timeline,
        "back": back_to(request),
    } | menu()
    try_record(Event.OPENED, request, request.user, code=enquiry.code)
    template = "inbox/erased.html" if enquiry.erased_at else "inbox/enquiry.html"
    if not enquiry.erased_at:
        context["form"] = form or _form(request, enquiry, draft)
        people = User.objects.in_bulk()
        context["has_replies"] = context["form"].offer(people.values())
        context |= _work(request, enquiry, timeline)
        context |= _record(request, enquiry, timeline, people)
        health = health or Health.of(request.user, enquiry)
        context |= {"health": health, "answers": answers_without_health(enquiry)}
        if health == Health.SHOWN:
            context["answers"] = enquiry.answers
        _remember_opened(enquiry, request)
    return render(request, template, context, status=409 if stale else status)


def answers_without_health(enquiry: Enquiry) -> Any:
    answers = enquiry.answers
    if isinstance(answers, Unreadable):
        return answers
    return {key: value for key, value in answers.items() if key not in HEALTH_ANSWERS}


def _form(request: StaffRequest, enquiry: Enquiry, draft: dict[str, str]) -> WorkForm:
    asked = request.GET.get("as", "")
    chosen: dict[str, Any] = {"to": asked} if asked in WORDS else {}
    if asked == "move" and (visit := visits.standing(enquiry)):
        chosen = {"visit_at": visit.at, "minutes": visit.minutes, "person": visit.person_id}
    return WorkForm(enquiry, initial=chosen | draft)


def _lost_words(form: WorkForm | None, draft: dict[str, str]) -> str:
    """The words that have no place any more."""
    return form.data.get("text", "") if form else draft.get("text", "")


def _work(request: StaffRequest, enquiry: Enquiry, timeline: list[Entry]) -> dict[str, Any]:
    """What can be done: {step: True}, and how often nobody answered a call since the last news."""
    calls = [e for e in timeline if e.kind == Entry.Kind.NO_ANSWER and not e.undone_at]
    return {
        "steps": {step.value: True for step in offered(request, enquiry)},
        "write_and_close": len(calls) >= WRITE_AND_CLOSE_AFTER,
        "calls": len(calls),
    }


def offered(request: StaffRequest, enquiry: Enquiry) -> set[Step]:
    """The steps that make sense now, to this person."""
    state, mine = enquiry.state, enquiry.owner_id == request.user.pk
    if state == State.SPAM:
        unseen = set() if enquiry.seen_at else {Step.READ}
        return {Step.NOT_SPAM, Step.CLOSE, Step.NOTE} | unseen
    steps = set(Step) - {Step.NOT_SPAM, Step.READ, Step.URGENT, Step.NOT_URGENT}
    steps -= {Step.TAKE if mine else Step.GIVE_BACK}
    if not enquiry.has_visit_to_come:
        steps -= {Step.MOVE_VISIT, Step.CANCEL_VISIT}
    else:
        steps -= {Step.SAME}  # the patient would lose it
    if state in (State.CLOSED, State.BOOKED):
        steps -= {Step.CLOSE, Step.SAME} if state == State.CLOSED else {Step.BOOK}
    if enquiry.for_clinician:
        steps -= {Step.HAND_OVER}
    if enquiry.contact.get("leave_message") == YesNo.NO:
        steps -= {Step.LEFT_MESSAGE}
    if not enquiry.urgent:
        steps |= {Step.URGENT}
    elif may(request.user, Right.HEALTH):
        steps |= {Step.NOT_URGENT}
    return steps | ({Step.READ} if enquiry.has_news else set())


def _record(
    request: StaffRequest, enquiry: Enquiry, timeline: list[Entry], people: dict[int, User]
) -> dict[str, Any]:
    """The stream, the mails, who has it open, and the requests of the same person."""
    mails = list(enquiry.mails.defer("content").select_related("entry"))
    return {
        "stream": stream(enquiry, timeline, people, request.user),
        "taken_by": timeline[0].person if timeline else None,
        "mails": mails,
        "held_back": not any(mail.kind in OutgoingMail.ON_ARRIVAL for mail in mails),
        "unread": enquiry.is_unread,
        "shown_to_patient": patient_sees(enquiry, timeline),
        **_of_same_person(enquiry),
        "opened_by": _opened_by(enquiry, request),
    }


def _of_same_person(enquiry: Enquiry) -> dict[str, list[Enquiry]]:
    """The newest with the same phone or email, and those that were closed for this one."""
    keys = index.same_contact(enquiry, MAX_ALIKE)
    closed = Q(same_as=enquiry, close_reason=CloseReason.DUPLICATE)
    rows = list(Enquiry.objects.filter(Q(pk__in=keys) | closed).order_by("-pk"))
    return {
        "alike": [row for row in rows if row.pk in keys],
        "closed_for_it": [row for row in rows if row.same_as_id == enquiry.pk],
    }


def _opened_by(enquiry: Enquiry, request: StaffRequest) -> Any:
    """Who else has opened it lately, or None."""
    if not enquiry.opened_at or enquiry.opened_by_id == request.user.pk:
        return None
    lately = enquiry.opened_at > timezone.now() - OPENED_LATELY
    return enquiry.opened_by if lately else None


def _remember_opened(enquiry: Enquiry, request: StaffRequest) -> None:
    """Colleagues see who has it open. The page is shown where that cannot be stored."""
    now = timezone.now()
    again = enquiry.opened_by_id == request.user.pk and enquiry.opened_at
    if again and enquiry.opened_at and enquiry.opened_at > now - OPENED_AGAIN:
        return
    try:
        opened = {"opened_by": request.user, "opened_at": now}
        Enquiry.objects.filter(pk=enquiry.pk, erased_at=None).update(**opened)
    except Error:
        return
