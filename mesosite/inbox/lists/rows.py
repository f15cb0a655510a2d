"""The rows of lists, in words: when each is due, who has it, and the verb of what comes next.

A template only puts them in their places: there may be a hundred on a page.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from mesosite.enquiries import choices
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.maintenance import retention
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import AT_WORK, CloseReason, State
from mesosite.enquiries.workflow import HELD_FROM
from mesosite.inbox.accounts import display_name
from mesosite.inbox.times import day, moment, near, waited
from mesosite.pages.catalogue import clinic

_ENDED = (State.CLOSED, State.SPAM)


class Verb(NamedTuple):
    """The next thing to do, and the address that does it."""

    label: str
    url: str


@dataclass(frozen=True)
class ListRow:
    """mark: the end of the phone number, or the code. who, state: "" where the list says it.

    seen: of spam, when staff looked at it. badges: (modifier of the CSS class or "", words).
    """

    code: str
    page: str
    name: str
    mark: str
    about: str
    who: str
    state: str
    when: str
    seen: str
    badges: list[tuple[str, str]]
    verb: Verb


def list_rows(
    enquiries: Iterable[Enquiry],
    user: User,
    failed: Collection[int],
    *,
    with_state: bool = False,
) -> list[ListRow]:
    """failed: the keys of those about which a mail could not be delivered."""
    return [_row(enquiry, user, enquiry.pk in failed, with_state) for enquiry in enquiries]


def _row(enquiry: Enquiry, user: User, failed: bool, with_state: bool) -> ListRow:
    ended, page = enquiry.state in _ENDED, reverse("inbox:enquiry", args=[enquiry.code])
    reason = enquiry.close_reason
    return ListRow(
        code=enquiry.code,
        page=page,
        name=patient_name(enquiry),
        mark=last_digits(enquiry) or enquiry.shown_code,
        about=_about(enquiry),
        who="" if ended else whose(enquiry, user),
        state=str(State(enquiry.state).label) if with_state else "",
        when=_joined(row_words(enquiry), str(CloseReason(reason).label) if reason else ""),
        seen=_seen(enquiry) if enquiry.state == State.SPAM else "",
        badges=_badges(enquiry, failed),
        verb=_verb(enquiry, page),
    )


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def patient_name(enquiry: Enquiry) -> str:
    """The patient's name, or the reason why none can be shown."""
    if isinstance(enquiry.contact, Unreadable):
        return str(enquiry.contact)
    return enquiry.contact.get("name") or _("No name")


def _about(enquiry: Enquiry) -> str:
    unreadable = isinstance(enquiry.answers, Unreadable)
    return ", ".join(subjects(enquiry)) + (_("answers cannot be read") if unreadable else "")


def subjects(enquiry: Enquiry) -> list[str]:
    """What the patient asks about: a problem after a treatment first, then the topics."""
    problem = [_("A problem after a treatment")] if enquiry.problem else []
    return problem + labels(enquiry.topics, "Topic")


def labels(values: list[str] | None, kind: str) -> list[str]:
    """The labels of stored values: `["peel"]|labels:"Topic"`. A value no longer offered stays."""
    known = _labels_of(kind)
    return [str(known.get(value, value)) for value in values or ()]


@cache
def _labels_of(kind: str) -> dict[Any, Any]:
    return dict(getattr(choices, kind).choices)


def _seen(enquiry: Enquiry) -> str:
    if not enquiry.seen_at:
        return _("Not looked at yet: kept until you have")
    times = {"seen": day(enquiry.seen_at), "until": kept_until(enquiry)}
    return _("Looked at %(seen)s · kept until %(until)s") % times


def kept_until(enquiry: Enquiry) -> str:
    """The day of erasure if nobody acts before, or "" where none is set yet."""
    until = retention.kept_until(enquiry)
    return day(until) if until else ""


def _badges(enquiry: Enquiry, failed: bool) -> list[tuple[str, str]]:
    """What stands out."""
    open_, found = enquiry.state not in _ENDED, []
    if failed and open_:
        found.append(("harm", _("Mail failed")))
    if enquiry.warned_at:
        found.append(("harm", _("Erased on %s") % kept_until(enquiry)))
    if enquiry.resembles_id and open_:
        found.append(("", _("Possible duplicate")))
    if enquiry.is_crowded and enquiry.state == State.NEW:
        found.append(("", _("Many from one address")))
    if enquiry.spam_score and enquiry.state == State.NEW:
        score = {"score": enquiry.spam_score, "held": HELD_FROM}
        found.append(("", _("Spam score %(score)d, held from %(held)d on") % score))
    return found


def row_words(enquiry: Enquiry) -> str:
    """The time that counts for a row: of what comes next, or of how it ended."""
    if enquiry.state in _ENDED:
        return moment(enquiry.state_since)
    if enquiry.has_news:
        late = due_words(enquiry) if enquiry.is_late else ""
        return _joined(_("wrote %s ago") % waited(enquiry.asked_at), late)
    if enquiry.state == State.BOOKED and enquiry.visit_at:
        over = enquiry.visit_at < timezone.now()
        return (_("visit was %s") if over else _("visit %s")) % moment(enquiry.visit_at)
    if enquiry.next_on and not (enquiry.is_owed and enquiry.urgent):
        return next_day_words(enquiry)
    return due_words(enquiry) or _("asked %s ago") % waited(enquiry.asked_at)


def due_words(enquiry: Enquiry) -> str:
    """By when an answer is owed: “by today 17:00”, “late since Fri 14:00”; or ""."""
    if not enquiry.is_owed or not enquiry.due_at:
        return ""
    return (_("late since %s") if enquiry.is_late else _("by %s")) % near(enquiry.due_at)


def next_day_words(enquiry: Enquiry) -> str:
    """When it comes back, and for what: “call again today, afternoon”, “ask again Mon 7 Dec”."""
    if not enquiry.next_on:
        return ""
    today, day_ = timezone.localdate(), enquiry.next_on
    names = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    when = names.get(day_) or formats.date_format(day_, "D j M")
    (part,) = labels([enquiry.next_part], "BestTime")
    words = ", ".join(filter(None, (when, part.lower())))
    if enquiry.answered_at or enquiry.state == State.WAITING:
        return _("ask again %s") % words
    return _("call again %s") % words


def last_digits(enquiry: Enquiry) -> str:
    """The end of the phone number, by which two of one name are told apart: “··7138”."""
    phone = enquiry.contact.get("phone") or ""
    return f"··{phone[-4:]}" if phone else ""


def whose(enquiry: Enquiry, user: User) -> str:
    """Who has it: “Nobody”, “You”, a name, “Nikos, away until 3 Dec”, or “For a clinician”."""
    if enquiry.for_clinician:
        return _("For a clinician")
    if enquiry.owner is None:
        return _("Nobody")
    if enquiry.owner == user:
        return _("You")
    name, absence = display_name(enquiry.owner), getattr(enquiry.owner, "absence", None)
    if absence is None or not absence.is_now:
        return name
    until = formats.date_format(absence.until, "j M")
    return _("%(name)s, away until %(day)s") % {"name": name, "day": until}


def _verb(enquiry: Enquiry, page: str) -> Verb:
    if enquiry.has_news:
        return Verb(_("Read"), f"{page}#new")
    if enquiry.state == State.SPAM:
        return Verb(_("Check"), page)
    if enquiry.state not in AT_WORK:
        return Verb(_("Open"), page)
    by, phone = enquiry.contact.get("contact_by"), enquiry.contact.get("phone")
    if phone and by == choices.ContactBy.TEXT and not enquiry.urgent:
        return Verb(_("Text"), sms_link(enquiry))
    if phone and (by != choices.ContactBy.EMAIL or enquiry.urgent):
        return Verb(_("Call"), f"tel:{phone}")
    return Verb(_("Answer"), f"{page}?as=answer#work")


def sms_link(enquiry: Enquiry) -> str:
    """Opens a text to the patient, filled in, in the patient's language; no word about health."""
    contact, number = enquiry.contact, clinic().phone
    with translation.override(contact.get("language") or translation.get_language()):
        hello = _("Hello %s. You asked us to write to you.") % contact.get("name", "")
        rest = _("Please call %s.") % number if number else _("When may we call you?")
    return f"sms:{contact.get('phone', '')}?body={quote(f'{hello} {rest}')}"
