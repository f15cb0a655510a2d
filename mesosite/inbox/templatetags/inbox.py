"""The template filters of the inbox: when an enquiry is due, what to do next, who did what."""

from collections.abc import Iterable

from django import db, template
from django.contrib.auth.models import AnonymousUser, User
from django.forms import BaseForm
from django.template import Context
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mesosite.enquiries.consultation.form_fields import readable_phone
from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail, Visit
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import State
from mesosite.inbox.accounts import is_number, site_address
from mesosite.inbox.enquiry.rights_forms import LABELS
from mesosite.inbox.lists.alerts import first_words
from mesosite.inbox.lists.rows import (
    display_name,
    due_words,
    kept_until,
    labels,
    next_day_words,
    patient_name,
    row_words,
    sms_link,
    subjects,
    whose,
)
from mesosite.inbox.roles import Right, Role, has_manager, may
from mesosite.inbox.times import day, moment, near, waited
from mesosite.normal_form import readable_email

register = template.Library()
register.filter("phone", readable_phone)
register.filter("email", readable_email)
register.filter("first_words", first_words)
for of_rows in (row_words, due_words, next_day_words, patient_name, subjects, labels):
    register.filter(of_rows.__name__, of_rows)
for of_one in (kept_until, sms_link, display_name):
    register.filter(of_one.__name__, of_one)
for of_times in (waited, moment, day, near):
    register.filter(of_times.__name__, of_times)
register.simple_tag(whose)


@register.filter
def capped(count: int) -> str:
    """A capped count in figures: “7”, “1,000”, and “1,000+” for whatever is above CAP."""
    figures = formats.number_format(min(count, CAP), force_grouping=True)
    return f"{figures}+" if count > CAP else figures


@register.filter
def spelled(text: str) -> list[str]:
    """The letters of an address or a code, to be read aloud: ["m", "dot", "1", "at", …]."""
    signs = {".": _("dot"), "@": _("at"), "-": _("hyphen"), "_": _("underscore"), "+": _("plus")}
    return [signs.get(letter, letter) for letter in text]


@register.filter
def unread(enquiries: Iterable[Enquiry]) -> list[Enquiry]:
    """The enquiries that no member of staff has seen."""
    return [enquiry for enquiry in enquiries if enquiry.is_unread]


@register.filter
def description(entry: Entry) -> str:
    """What happened, from an entry of the timeline."""
    if entry.kind == Entry.Kind.RECEIVED:
        if entry.person_id:
            return _("Taken by phone")
        held = entry.to_state == State.SPAM
        return _("Arrived, held back as possible spam") if held else _("Arrived from the site")
    if entry.kind == Entry.Kind.HANDED_ON:
        to = display_name(entry.to_person) if entry.to_person else _("nobody")
        return _("Handed on to %s") % to
    if entry.kind == Entry.Kind.MOVED:
        names = {"old": entry.get_from_state_display(), "new": entry.get_to_state_display()}
        return _("%(old)s → %(new)s") % names
    if entry.corrected:
        return (
            _("Corrected: %s") % ", ".join(str(LABELS.get(n, n)) for n in entry.corrected).lower()
        )
    if entry.to_state:
        names = {"what": entry.get_kind_display(), "new": entry.get_to_state_display()}
        return _("%(what)s → %(new)s") % names
    return entry.get_kind_display()


@register.filter
def done_words(entry: Entry) -> str:
    """What a person has just done, with what follows from it."""
    enquiry = entry.enquiry
    if visit := entry.visit_set.select_related("person").filter(is_cancelled=False).first():
        return (_("booked for %s") if visit.sequence == 0 else _("moved to %s")) % in_full(visit)
    if entry.to_state == State.CLOSED:
        return _("closed, %s") % str(enquiry.get_close_reason_display()).lower()
    if entry.kind == Entry.Kind.TAKEN:
        return _("you have it")
    said = entry.get_to_state_display() if entry.kind == Entry.Kind.MOVED else _kind_words(entry)
    return "; ".join(filter(None, (str(said).lower(), next_day_words(enquiry))))


def in_full(visit: Visit) -> str:
    """“Monday 7 December, 09:30, 30 minutes, with Nikos Ralli”."""
    words = [formats.date_format(timezone.localtime(visit.at), "l j F, H:i")]
    if visit.minutes:
        words.append(_("%d minutes") % visit.minutes)
    if visit.person:
        words.append(_("with %s") % display_name(visit.person))
    return ", ".join(words)


def _kind_words(entry: Entry) -> str:
    return str(entry.get_kind_display())


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


@register.filter("may")
def may_by_name(user: User | AnonymousUser, right: str) -> bool:
    """Whether the roles of a person give this right: `user|may:"HEALTH"`."""
    return may(user, Right[right])


@register.filter
def role_labels(user: User) -> str:
    """The roles of a person in words: "Reception, Manager", "" without any."""
    names = {group.name for group in user.groups.all()}
    return ", ".join(str(role.label) for role in Role if role in names)


@register.simple_tag
def manager_is_missing() -> bool:
    """Whether nobody is a manager yet. False where the database cannot say."""
    try:
        return not has_manager()
    except db.Error:
        return False


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
