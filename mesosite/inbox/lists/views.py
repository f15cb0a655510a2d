"""The views of the lists: To do, the lists of one state, the slots to free."""

from datetime import datetime

from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.inbox import done
from mesosite.inbox.access import StaffRequest
from mesosite.inbox.decorators import only_posted
from mesosite.inbox.lists import todo
from mesosite.inbox.lists.alerts import desk_alerts
from mesosite.inbox.lists.by_state import (
    failed_mails,
    list_page,
    mark_read,
    marked_message,
)
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.lists.rows import list_rows
from mesosite.inbox.pagination import page_after, page_number

_SINCE = "inbox.since"


@require_safe
def to_do(request: StaffRequest) -> HttpResponse:
    now, whose = timezone.now(), todo.Whose.of(request.GET)
    rows = todo.to_do(whose, request.user, now)
    shown = todo.page_of(rows, page_number(request))
    counted = menu("list")
    alerts = desk_alerts(counted["held"])
    context = {
        "shown": shown,
        "sections": {
            section: list_rows(enquiries, request.user, alerts.failed)
            for section, enquiries in shown.sections.items()
        },
        "whose": whose,
        "filters": todo.Whose,
        "alerts": alerts,
        "since": dumps(now.isoformat(), salt=_SINCE),
        "now": now,
    }
    return render(request, "inbox/to_do.html", context | counted | done.context(request))


@require_safe
def newer(request: StaffRequest) -> HttpResponse:
    """How many rows of To do came since a page was shown: {"n": 3}. No activity of the person."""
    try:
        since = datetime.fromisoformat(loads(request.GET.get("since", ""), salt=_SINCE))
    except BadSignature as error:
        raise Http404 from error
    rows = todo.to_do(todo.Whose.of(request.GET), request.user, timezone.now())
    return JsonResponse({"n": todo.newer_than(rows, since)})


newer.is_activity = False  # type: ignore[attr-defined]


@require_safe
def tab(request: StaffRequest, state: State) -> HttpResponse:
    after = request.GET.get("after", "")
    enquiries, following = list_page(state, after)
    context = {
        "state": state,
        "enquiries": enquiries,
        "rows": list_rows(enquiries, request.user, failed_mails(enquiries)),
        "after": after,
        "following": following,
        "checked": timezone.now(),
    }
    context |= menu("more", state)
    return render(request, "inbox/list.html", context | done.context(request))


@only_posted("inbox:spam")
def seen(request: StaffRequest) -> HttpResponse:
    given = request.POST.getlist("seen")
    messages.success(request, marked_message(mark_read(given, by=request.user), given))
    return redirect(f"{reverse('inbox:spam')}?{request.GET.urlencode()}".rstrip("?"))


@require_safe
def slots(request: StaffRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    enquiries, following = page_after(Enquiry.objects.slots_to_free(), after)
    context = {
        "enquiries": enquiries,
        "after": after,
        "following": following,
        "now": timezone.now(),
    }
    return render(request, "inbox/slots.html", context | menu("visits"))
