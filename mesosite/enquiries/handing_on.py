"""What a member of staff has open, and handing it on to a colleague or to nobody."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from mesosite.enquiries.models import Enquiry, Entry, Visit
from mesosite.enquiries.models.states import State, is_open
from mesosite.enquiries.transactions import write


@dataclass(frozen=True)
class LeftOpen:
    """requests: those that a person has, the first due first; visits: to come, with that person."""

    requests: list[Enquiry]
    visits: list[Visit]

    def __bool__(self) -> bool:
        return bool(self.requests or self.visits)


def left_open(person: User) -> LeftOpen:
    requests = Enquiry.objects.filter(is_open(), owner=person).order_by("due_at", "id")
    to_come = Visit.objects.filter(person=person, at__gt=timezone.now())
    standing = Q(state=State.BOOKED) | Q(state=State.ERASED)
    planned = Enquiry.objects.filter(standing, pk__in=to_come.values("enquiry"))
    latest = Visit.objects.latest_of(planned).select_related("enquiry")
    visits = latest.filter(person=person, is_cancelled=False, at__gt=timezone.now())
    return LeftOpen(list(requests), list(visits.order_by("at", "id")))


def hand_on(person: User, to: User | None, *, by: User) -> int:
    """Hands what a person has open on to a colleague, or to nobody. Returns of how many requests.

    Due times, days and news stay as they are, and no patient is told. Each is an entry of its
    timeline, which nobody undoes.
    """
    with write():
        left = left_open(person)
        visits = {visit.enquiry_id: visit for visit in left.visits}
        keys = {enquiry.pk for enquiry in left.requests} | visits.keys()
        for enquiry in Enquiry.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
            is_theirs = enquiry.owner_id == person.pk
            owner: dict[str, Any] = {"owner_id": to.pk if to else None} if is_theirs else {}
            entry = enquiry.change(Entry.Kind.HANDED_ON, by=by, **owner)
            Entry.objects.filter(pk=entry.pk).update(to_person=to)
            if visit := visits.get(enquiry.pk):  # no change that a calendar or a patient learns of
                Visit.objects.filter(pk=visit.pk).update(person=to)
    return len(keys)
