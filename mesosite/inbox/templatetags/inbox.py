"""The template filters of the inbox: how long an enquiry waits, what to do next, who did it."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.contrib.auth.models import AbstractUser
from django.forms import BaseForm
from django.template import Context
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mesosite.enquiries import choices
from mesosite.enquiries.consultation.form_fields import readable_phone
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.maintenance import retention
from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import State
from mesosite.enquiries.workflow import HELD_FROM
from mesosite.inbox.accounts import is_number, site_address
from mesosite.normal_form import readable_email

register = template.Library()
register.filter("phone", readable_phone)
register.filter("email", readable_email)


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
    """The badges of a row, the most urgent first: (modifier of the CSS class or "", words)."""
    open_ = enquiry.state not in (State.CLOSED, State.SPAM)
    ends = _("Erased on %s") % kept_until(enquiry) if enquiry.warned_at else ""
    found = {
        ("new", _("New message")): enquiry.has_news,
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
def row_time(enquiry: Enquiry) -> str:
    """The time of a row: booked, the visit; closed or spam, since when; else how long it waits."""
    if enquiry.state == State.BOOKED and enquiry.visit_at:
        return moment(enquiry.visit_at)
    if enquiry.state in (State.CLOSED, State.SPAM):
        return moment(enquiry.state_since)
    return waited(enquiry.asked_at)


@register.filter
def next_step(enquiry: Enquiry) -> str:
    """The next step as a verb; closed, the reason; spam that was looked at, ""."""
    if enquiry.state in (State.NEW, State.IN_PROGRESS):
        return _ways_to_answer().get(enquiry.contact.get("contact_by", ""), _("Answer"))
    if enquiry.state == State.BOOKED and enquiry.visit_at and enquiry.visit_at < timezone.now():
        return _("Close")
    if enquiry.state == State.SPAM:
        return "" if enquiry.seen_at else _("Check")
    steps: dict[str, str] = {State.WAITING: _("Ask again"), State.BOOKED: _("Prepare")}
    return steps.get(enquiry.state, enquiry.get_close_reason_display())


def _ways_to_answer() -> dict[str, str]:
    by = choices.ContactBy
    return {by.EMAIL: _("Email"), by.PHONE: _("Call"), by.TEXT: _("Text")}


STEPS = {
    State.NEW: gettext_lazy("Not spam"),
    State.IN_PROGRESS: gettext_lazy("Start"),
    State.WAITING: gettext_lazy("Wait"),
    State.BOOKED: gettext_lazy("Book"),
    State.CLOSED: gettext_lazy("Close"),
    State.SPAM: gettext_lazy("Spam"),
}


@register.filter
def step_to(state: State, enquiry: Enquiry) -> str:
    """The label of the button that leads to `state`."""
    if state == State.IN_PROGRESS and enquiry.state != State.NEW:
        return _("Reopen") if enquiry.state in (State.BOOKED, State.CLOSED) else _("Go on")
    return str(STEPS[state])


@register.filter
def description(entry: Entry) -> str:
    """What happened, from an entry of the timeline."""
    if entry.kind == Entry.Kind.RECEIVED:
        held = entry.to_state == State.SPAM
        return _("Arrived, held back as possible spam") if held else _("Arrived from the site")
    if entry.kind == Entry.Kind.MOVED:
        names = {"old": entry.get_from_state_display(), "new": entry.get_to_state_display()}
        return _("%(old)s → %(new)s") % names
    if entry.kind == Entry.Kind.MESSAGE and entry.to_state:
        return _("Message from the patient → %s") % entry.get_to_state_display()
    return entry.get_kind_display()


@register.filter
def labels(values: list[str] | None, kind: str) -> list[str]:
    """The labels of stored values: `["peel"]|labels:"Topic"`. A value no longer offered stays."""
    known = dict(getattr(choices, kind).choices)
    return [str(known.get(value, value)) for value in values or ()]


@register.filter
def subjects(enquiry: Enquiry) -> list[str]:
    """What the patient asks about: a problem after a treatment first, then the topics."""
    problem = [_("A problem after a treatment")] if enquiry.problem else []
    return problem + labels(enquiry.topics, "Topic")


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
def display_name(user: AbstractUser) -> str:
    """The full name of a member of staff, or the email address where none is set."""
    return user.get_full_name() or user.email


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
