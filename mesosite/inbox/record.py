"""The record, for managers: what staff did, to one request or by one person, the latest first."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mesosite import normal_form
from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.models import AuditEvent, Enquiry, Event
from mesosite.inbox import drafts
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.pagination import page_after

MAX_CODE = 254  # characters that come back in the field
MAX_DIGITS = 18  # of a person's number


@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: StaffRequest) -> HttpResponse:
    """Everybody's acts; a POST leads to those of one person or about one request.

    What is typed may be a name, so it is in no address.
    """
    if request.method != "POST":
        typed = drafts.typed_in(request, "code")
        return _show(request, AuditEvent.objects.all(), typed=typed)
    drafts.forget_here(request)
    person = request.POST.get("person", "")
    if person.isdecimal() and len(person) <= MAX_DIGITS:
        return redirect("inbox:record_of_person", int(person))
    if "person" in request.POST:
        return _refused(request, wrong="record-person", error=_("Choose somebody."))
    code = normal_form.line(request.POST.get("code", ""))[:MAX_CODE]
    found = Enquiry.objects.with_code(code)[:2] or Enquiry.objects.with_half_code(code)[:2]
    if len(found) == 1:
        return redirect("inbox:record_of_enquiry", found[0].code)
    error = _("Several requests have this in their code: type both groups of it.")
    if not found:
        error = _("No request has this code. It has ten letters and digits, such as 7KQ2M-4XNTB.")
    return _refused(request, wrong="record-code", error=error, typed=code)


def _refused(request: StaffRequest, **context: Any) -> HttpResponse:
    return _show(request, AuditEvent.objects.all(), status=422, **context)


@require_safe
def of_enquiry(request: StaffRequest, code: str) -> HttpResponse:
    enquiry = get_object_or_404(Enquiry.objects.with_code(code))
    events = AuditEvent.objects.filter(code=enquiry.code)
    return _show(request, events, {"code": enquiry.code}, enquiry=enquiry, readers=_readers(events))


def _readers(events: QuerySet[AuditEvent]) -> list[dict[str, Any]]:
    """{"person", "times", "last"} of each who opened the request, the latest first.

    The person is None for all whom a backup did not have that was put back.
    """
    opened = events.filter(what=Event.OPENED).values("person_id")
    counted = opened.annotate(times=Count("pk"), last=Max("at")).order_by("-last")
    people = User.objects.in_bulk([row["person_id"] for row in counted])
    return [row | {"person": people.get(row["person_id"])} for row in counted]


@require_safe
def of_person(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return _show(request, AuditEvent.objects.filter(person=person), {"of": pk}, person=person)


def _show(
    request: StaffRequest,
    events: QuerySet[AuditEvent],
    about: dict[str, Any] | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of events, which is itself recorded first, with what it is `about`."""
    recorded = try_record(Event.RECORD_READ, request, request.user, **about or {})
    after = request.GET.get("after", "")
    rows, following = page_after(events.select_related("person").order_by("-id"), after)
    context |= {
        "events": _with_names(rows),
        "after": after,
        "following": following,
        "recorded": recorded,
        "since": AuditEvent.objects.aggregate(since=Min("at"))["since"],
        "staff": User.objects.filter(is_staff=True).order_by("first_name", "last_name", "email"),
    }
    return render(request, "inbox/record.html", context | menu("more"), status=status)


def _with_names(events: list[AuditEvent]) -> list[AuditEvent]:
    """The same list; each gets `of`, the person that it is about, or None."""
    people = User.objects.in_bulk({event.details.get("of") for event in events} - {None})
    for event in events:
        event.of = people.get(event.details.get("of", 0))
    return events
