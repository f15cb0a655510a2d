"""The template filters of the record: what happened, in a sentence."""

from collections.abc import Callable
from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite.enquiries.models import AuditEvent, Entry, Event
from mesosite.enquiries.models.states import State
from mesosite.inbox.accounts import display_name
from mesosite.pages.base32 import in_groups

register = template.Library()

WAYS = {
    "password": gettext_lazy("password"),
    "totp": gettext_lazy("app with codes"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery codes"),
}
AS_SOMEBODY = {Event.FAILED, Event.LOCKED}  # nobody has proved to be that person
OF_LOGIN = {Event.LOGGED_IN, Event.FAILED, Event.LOCKED, Event.REFUSED, Event.PASSWORD_SET}


@register.filter
def happened(event: AuditEvent) -> str:
    """“Searched by name: 3 found”. An event that this version does not know: its code."""
    if event.what not in Event:
        return event.what
    told = _DETAILS.get(Event(event.what))
    return (told(event) if told else "") or str(Event(event.what).label)


@register.filter
def weekday(at: datetime) -> str:
    """The day in the clinic's zone: “Friday 27 November 2026”."""
    return formats.date_format(timezone.localtime(at), "l j F Y")


@register.filter
def code(code: str) -> str:
    """A code in its two groups: “7KQ2M-4XNTB”."""
    return in_groups(code)


@register.filter
def who(event: AuditEvent) -> str:
    """The word before the person's name, or in place of it; "" for the person alone."""
    if number := event.details.get("person"):  # see `audit.carry_over`
        return _("Login %d, which the backup did not have") % number
    if not event.network:
        return _("The server, for") if event.person else _("The server")
    if not event.person:
        return _("A stranger")
    return _("Somebody, as") if event.what in AS_SOMEBODY else ""


@register.filter
def network(event: AuditEvent) -> str:
    """The hash of the network where a login comes from; "" of other events."""
    return event.network if event.what in OF_LOGIN else ""


def _searched(event: AuditEvent) -> str:
    kinds = {
        "name": _("Searched by name: %d found"),
        "email": _("Searched by email: %d found"),
        "phone": _("Searched by phone number: %d found"),
        "code": _("Searched by code: %d found"),
    }
    return kinds[event.details["kind"]] % event.details["found"]


def _changed(event: AuditEvent) -> str:
    kind, to = event.details["change"], event.details.get("to")
    if kind == Entry.Kind.RECEIVED:
        return _("Took the request by phone")
    if to in State:
        return _("Moved the request to “%s”") % State(to).label
    return str(Entry.Kind(kind).label) if kind in Entry.Kind else ""


def _failed(event: AuditEvent) -> str:
    by = event.details.get("by")
    if by == "passkey":
        return _("Login failed: the passkey was refused")
    if by == "code":
        return _("Login failed: wrong code")
    return _("Login failed: wrong password") if event.person else _("Login failed: unknown email")


def _with_ways(event: AuditEvent) -> str:
    ways = event.details.get("by") or event.details.get("type") or "-"
    words = " + ".join(str(WAYS.get(way, way)) for way in ways.split("+"))
    said = {"event": Event(event.what).label, "ways": words}
    return _("%(event)s: %(ways)s") % said if ways != "-" else ""


def _refused(event: AuditEvent) -> str:
    page = event.details.get("page", "").rpartition(":")[2]
    return _("Was refused a page: %s") % page if page else ""


def _record_read(event: AuditEvent) -> str:
    if event.of:
        return _("Read the record of %s") % display_name(event.of)
    return _("Read the record of the request") if event.code else _("Read the record")


def _of_somebody(event: AuditEvent) -> str:
    """What a manager did to somebody's login; "" where it was the person's own."""
    if not event.of or event.of.pk == event.person_id:
        return ""
    return f"{Event(event.what).label}: {display_name(event.of)}"


_ABOUT_LOGINS = (
    *(Event.INVITED, Event.LINK_MADE, Event.DISABLED, Event.ENABLED, Event.ROLES_CHANGED),
    *(Event.FACTOR_RESET, Event.AWAY_CHANGED),
)
_DETAILS: dict[Event, Callable[[AuditEvent], str]] = {
    Event.SEARCHED: _searched,
    Event.CHANGED: _changed,
    Event.REFUSED: _refused,
    Event.RECORD_READ: _record_read,
    Event.FAILED: _failed,
    **dict.fromkeys(_ABOUT_LOGINS, _of_somebody),
    **dict.fromkeys((Event.LOGGED_IN, Event.FACTOR_ADDED, Event.FACTOR_REMOVED), _with_ways),
}
