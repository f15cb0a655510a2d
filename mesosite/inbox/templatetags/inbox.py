"""The words of the inbox: how long, what next, who."""

import phonenumbers
from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mesosite.enquiries import choices
from mesosite.enquiries.life import State
from mesosite.enquiries.models import Entry

register = template.Library()


@register.filter
def waited(since):
    """How long ago, in one unit: “12 min”, “2 h”, “3 days”."""
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 60:
        return _("%d min") % max(minutes, 1)
    if minutes < 24 * 60:
        return _("%d h") % (minutes // 60)
    days = minutes // (24 * 60)
    return ngettext("%d day", "%d days", days) % days


@register.filter
def moment(at):
    """The day and time in the clinic's zone, without the year where it is this one."""
    here = timezone.localtime(at)
    this_year = here.year == timezone.localtime().year
    return formats.date_format(here, "D j M, H:i" if this_year else "j M Y, H:i")


@register.filter
def when(enquiry):
    """The first thing to know in a row: how long it waits, or when the visit is or the end was."""
    if enquiry.state == State.BOOKED:
        return moment(enquiry.visit_at)
    if enquiry.state in (State.CLOSED, State.SPAM):
        return moment(enquiry.state_since)
    return waited(enquiry.created_at)


@register.filter
def next_step(enquiry):
    """What to do with it, as a verb."""
    if enquiry.state in (State.NEW, State.IN_PROGRESS):
        return _ways_to_answer().get(enquiry.contact.get("contact_by"), _("Answer"))
    if enquiry.state == State.BOOKED and enquiry.visit_at < timezone.now():
        return _("Close")
    steps = {State.WAITING: _("Ask again"), State.BOOKED: _("Prepare"), State.SPAM: _("Check")}
    return steps.get(enquiry.state, enquiry.get_close_reason_display())


def _ways_to_answer():
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
def step_to(state, enquiry):
    """The label of the button that leads to `state`."""
    if state == State.IN_PROGRESS and enquiry.state != State.NEW:
        return _("Reopen") if enquiry.state in (State.BOOKED, State.CLOSED) else _("Go on")
    return STEPS[state]


@register.filter
def done(entry):
    """What an entry of the timeline says was done."""
    if entry.kind == Entry.Kind.RECEIVED:
        held = entry.to_state == State.SPAM
        return _("Arrived, held back as possible spam") if held else _("Arrived from the site")
    if entry.kind == Entry.Kind.MOVED:
        names = {"old": entry.get_from_state_display(), "new": entry.get_to_state_display()}
        return _("%(old)s → %(new)s") % names
    return entry.get_kind_display()


@register.filter
def labels(values, kind):
    """The words of stored choices: `["peel"]|labels:"Topic"`. A value no longer offered stays."""
    known = dict(getattr(choices, kind).choices)
    return [known.get(value, value) for value in values or ()]


@register.filter
def label(value, kind):
    """The word of one stored choice."""
    return labels([value], kind)[0]


@register.filter
def prefers(enquiry):
    """How to reach the patient, and when, in half a line."""
    contact = enquiry.contact
    words = [label(contact.get("contact_by", ""), "ContactBy")]
    return ", ".join(map(str, words + labels(contact.get("best_time"), "BestTime"))).lower()


@register.filter
def person(user):
    """How colleagues call each other here."""
    return user.get_full_name() or user.email


@register.filter
def phone(number):
    """E.164 in the groups in which one reads it aloud."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def unprompted(form):
    """Its fields without placeholders: each has a label, and a grey word reads as an answer."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
