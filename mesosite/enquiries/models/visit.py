"""The visits of patients: what was booked, and each change of it."""

from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models

from mesosite.enquiries.models.history import Entry

if TYPE_CHECKING:
    from mesosite.enquiries.models.enquiry import Enquiry


class VisitQuerySet(models.QuerySet["Visit"]):
    def latest_of(self, enquiries: "models.QuerySet[Enquiry] | list[Enquiry]") -> Self:
        """The last row of each of these enquiries: the visit as it stands, or as it ended."""
        rows = self.filter(enquiry__in=enquiries).values("enquiry")
        return self.filter(pk__in=rows.annotate(last=models.Max("pk")).values("last"))

    def still_come(self) -> Self:
        """Visits of patients who took their request back, and come all the same, by time.

        An erased enquiry has its `erased_at`. By its state the database would read all tombstones.
        """
        rows = self.filter(enquiry__erased_at__isnull=False, is_cancelled=False)
        return rows.select_related("enquiry", "person").order_by("at", "id")


class Visit(models.Model):
    """One booking of a visit, or one change of it. Rows are added, and go only with their step.
    Handing a visit on to a colleague alone changes its row.

    The last row of an enquiry is its visit as it stands. entry: the step that made the row, which
    takes it along when it is undone; None for what was booked before there were such rows. uid and
    sequence: how calendars know the visit, and its changes. minutes: None where nobody said how
    long it takes. person: with whom.
    """

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="visits"
    )
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True)
    uid = models.UUIDField(default=uuid4)
    sequence = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    is_cancelled = models.BooleanField(default=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person", "at"], name="visit_of_person"),
            models.Index(fields=["at"], name="visit_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uid", "sequence"], name="one_change_a_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.enquiry}: {self.at}"

    def changed(self, entry: Entry | None, **values: Any) -> "Visit":
        """The next row of the same visit, not stored: its values, but for these."""
        kept = {name: getattr(self, name) for name in ("uid", "at", "minutes", "person")}
        sequence = self.sequence + 1
        return Visit(enquiry=self.enquiry, entry=entry, sequence=sequence, **kept | values)
