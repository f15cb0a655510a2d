"""The words of a row: when it is due, who has it, and the verb that does what comes next."""

from datetime import timedelta
from typing import NamedTuple
from urllib.parse import quote

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from mesosite.enquiries import choices
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import AT_WORK, State
from mesosite.inbox.accounts import display_name
from mesosite.inbox.times import moment, near, waited
from mesosite.pages.catalogue import clinic


def row_words(enquiry: Enquiry) -> str:
    """The time that counts for a row: of what comes next, or of how it ended."""
    if enquiry.state in (State.CLOSED, State.SPAM):
        return moment(enquiry.state_since)
    if enquiry.has_news:
        late = due_words(enquiry) if enquiry.is_late else ""
        return " · ".join(filter(None, (_("wrote %s ago") % waited(enquiry.asked_at), late)))
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
    part = enquiry.get_next_part_display()
    words = ", ".join(filter(None, (when, str(part).lower())))
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


class Verb(NamedTuple):
    """The next thing to do, and the address that does it."""

    label: str
    url: str


def verb(enquiry: Enquiry) -> Verb:
    page = reverse("inbox:enquiry", args=[enquiry.code])
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
