"""The template filters of the inbox: when an enquiry is due, what to do next, who did what."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from django import template
from django.contrib.auth.models import User
from django.forms import BaseForm
from django.template import Context
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mesosite.enquiries import choices
from mesosite.enquiries.consultation.form_fields import readable_phone
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.maintenance import retention
from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import AT_WORK, State
from mesosite.enquiries.workflow import HELD_FROM
from mesosite.inbox.accounts import display_name, is_number, site_address
from mesosite.inbox.alerts import first_words
from mesosite.normal_form import readable_email
from mesosite.pages.catalogue import clinic

register = template.Library()
register.filter("phone", readable_phone)
register.filter("email", readable_email)
register.filter("display_name", display_name)
register.filter("first_words", first_words)


@register.filter
def capped(count: int) -> str:
    """A capped count in figures: “7”, “1,000”, and “1,000+” for whatever is above CAP."""
    figures = formats.number_format(min(count, CAP), force_grouping=True)
    return f"{figures}+" if count > CAP else figures


@register.filter
def waited(since: datetime) -> str:
    """The time since then in one unit: “12 min”, “2 h”, “3 days”."""
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 60:
        return _("%d min") % max(minutes, 1)
    if minutes < 24 * 60:
        return _("%d h") % (minutes // 60)
    days = minutes // (24 * 60)
    return ngettext("%d day", "%d days", days) % days


@register.filter
def moment(at: datetime) -> str:
    """The day and time in the clinic's zone; this year's without the year."""
    here = timezone.localtime(at)
    this_year = here.year == timezone.localtime().year
    return formats.date_format(here, "D j M, H:i" if this_year else "j M Y, H:i")


@register.filter
def day(at: datetime) -> str:
    """The day in the clinic's zone; this year's without the year."""
    here = timezone.localtime(at)
    this_year = here.year == timezone.localtime().year
    return formats.date_format(here, "j M" if this_year else "j M Y")


@register.filter
def kept_until(enquiry: Enquiry) -> str:
    """The day of erasure if nobody acts before, or "" where none is set yet."""
    until = retention.kept_until(enquiry)
    return day(until) if until else ""


@register.filter
def patient_name(enquiry: Enquiry) -> str:
    """The patient's name, or the reason why none can be shown."""
    if isinstance(enquiry.contact, Unreadable):
        return str(enquiry.contact)
    return enquiry.contact.get("name") or _("No name")


@register.filter
def badges(enquiry: Enquiry) -> list[tuple[str, str]]:
    """What stands out in a row: (modifier of the CSS class or "", words)."""
    open_ = enquiry.state not in (State.CLOSED, State.SPAM)
    ends = _("Erased on %s") % kept_until(enquiry) if enquiry.warned_at else ""
    found = {
        ("harm", _("Mail failed")): enquiry.mail_failed and open_,
        ("harm", ends): ends,
        ("", _("Possible duplicate")): enquiry.resembles_id and open_,
        ("", _("Many from one address")): enquiry.is_crowded and enquiry.state == State.NEW,
        ("", _spam_score(enquiry)): enquiry.spam_score and enquiry.state == State.NEW,
    }
    return [badge for badge, holds in found.items() if holds]


def _spam_score(enquiry: Enquiry) -> str:
    score = {"score": enquiry.spam_score, "held": HELD_FROM}
    return _("Spam score %(score)d, held from %(held)d on") % score


@register.filter
def unread(enquiries: Iterable[Enquiry]) -> list[Enquiry]:
    """The enquiries that no member of staff has seen."""
    return [enquiry for enquiry in enquiries if enquiry.is_unread]


@register.filter
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


@register.filter
def due_words(enquiry: Enquiry) -> str:
    """By when an answer is owed: “by today 17:00”, “late since Fri 14:00”; or ""."""
    if not enquiry.is_owed or not enquiry.due_at:
        return ""
    return (_("late since %s") if enquiry.is_late else _("by %s")) % near(enquiry.due_at)


@register.filter
def near(at: datetime) -> str:
    """A moment as one says it: “today 17:00”, “Fri 14:00”, “Mon 30 Nov, 12:00”."""
    here = timezone.localtime(at)
    days = (here.date() - timezone.localdate()).days
    if days == 0:
        return _("today %s") % formats.date_format(here, "H:i")
    return formats.date_format(here, "D H:i") if -7 < days < 0 else moment(at)


@register.filter
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


@register.filter
def last_digits(enquiry: Enquiry) -> str:
    """The end of the phone number, by which two of one name are told apart: “··7138”."""
    phone = enquiry.contact.get("phone") or ""
    return f"··{phone[-4:]}" if phone else ""


@register.simple_tag
def whose(enquiry: Enquiry, user: User) -> str:
    """Who has it: “Nobody”, “You”, a name, or “For a clinician”."""
    if enquiry.for_clinician:
        return _("For a clinician")
    if enquiry.owner is None:
        return _("Nobody")
    return _("You") if enquiry.owner == user else display_name(enquiry.owner)


class Verb(NamedTuple):
    """The next thing to do, and the address that does it."""

    label: str
    url: str


@register.filter
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


@register.filter
def sms_link(enquiry: Enquiry) -> str:
    """Opens a text to the patient, filled in, in the patient's language; no word about health."""
    contact, number = enquiry.contact, clinic().phone
    with translation.override(contact.get("language") or translation.get_language()):
        hello = _("Hello %s. You asked us to write to you.") % contact.get("name", "")
        rest = _("Please call %s.") % number if number else _("When may we call you?")
    return f"sms:{contact.get('phone', '')}?body={quote(f'{hello} {rest}')}"


@register.filter
def description(entry: Entry) -> str:
    """What happened, from an entry of the timeline."""
    if entry.kind == Entry.Kind.RECEIVED:
        held = entry.to_state == State.SPAM
        return _("Arrived, held back as possible spam") if held else _("Arrived from the site")
    if entry.kind == Entry.Kind.MOVED:
        names = {"old": entry.get_from_state_display(), "new": entry.get_to_state_display()}
        return _("%(old)s → %(new)s") % names
    if entry.to_state:
        names = {"what": entry.get_kind_display(), "new": entry.get_to_state_display()}
        return _("%(what)s → %(new)s") % names
    return entry.get_kind_display()


@register.filter
def done_words(entry: Entry) -> str:
    """What a person has just done, with what follows from it."""
    enquiry = entry.enquiry
    if entry.to_state == State.BOOKED and enquiry.visit_at:
        return _("booked for %s") % moment(enquiry.visit_at)
    if entry.to_state == State.CLOSED:
        return _("closed, %s") % str(enquiry.get_close_reason_display()).lower()
    if entry.kind == Entry.Kind.TAKEN:
        return _("you have it")
    said = entry.get_to_state_display() if entry.kind == Entry.Kind.MOVED else _kind_words(entry)
    return "; ".join(filter(None, (str(said).lower(), next_day_words(enquiry))))


def _kind_words(entry: Entry) -> str:
    return str(entry.get_kind_display())


@register.filter
def labels(values: list[str] | None, kind: str) -> list[str]:
    """The labels of stored values: `["peel"]|labels:"Topic"`. A value no longer offered stays."""
    known = dict(getattr(choices, kind).choices)
    return [str(known.get(value, value)) for value in values or ()]


@register.filter
def label(value: str, kind: str) -> str:
    """The label of one stored value."""
    return labels([value], kind)[0]


@register.filter
def prefers(enquiry: Enquiry) -> str:
    """How and when the patient prefers to be reached: “phone, evening”."""
    contact = enquiry.contact
    words = [label(contact.get("contact_by", ""), "ContactBy")]
    return ", ".join(words + labels(contact.get("best_time"), "BestTime")).lower()


@register.filter
def delivery(mail: OutgoingMail) -> str:
    """The state of a mail: “Sent Tue 24 Nov, 10:21”, “Waiting, tried 3 times (451)”."""
    error = f" ({mail.error})" if mail.error else ""
    if mail.sent_at:
        return _("Sent %s") % moment(mail.sent_at)
    if mail.failed_at:
        return _("Could not be delivered%s") % error
    if mail.is_held_back and mail.entry and mail.entry.is_pending:
        return _("Leaves at %s") % formats.date_format(timezone.localtime(mail.next_try_at), "H:i")
    if mail.is_held_back:
        return _("Held back until %s: too many at once") % moment(mail.next_try_at)
    if not mail.tries:
        return _("Waiting to be sent")
    tried = ngettext("Waiting, tried %d time", "Waiting, tried %d times", mail.tries) % mail.tries
    return tried + error


@register.filter
def advice(mail: OutgoingMail) -> str:
    """What staff can do about a mail that could not be delivered."""
    said = {"error": f" ({mail.error})" if mail.error else ""}
    if mail.kind == OutgoingMail.Kind.CONFIRMATION:
        return (
            _(
                "The email to the patient could not be delivered%(error)s. "
                "Call, or check the address."
            )
            % said
        )
    return (
        _(
            "An email to the clinic could not be delivered%(error)s. "
            "Tell whoever looks after the site to check the clinic’s address."
        )
        % said
    )


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """Removes the placeholders of a form, and returns it: each field has a label.

    Grey words in a field read as an answer.
    """
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag(takes_context=True)
def place_for_passkeys(context: Context) -> str:
    """The address of the login where passkeys work, if they do not work at this one; else "".

    A passkey belongs to a name and not to an IP address.
    """
    if not is_number(context["request"].get_host()):
        return ""
    return site_address() + reverse("account_login")
