"""What a manager of the clinic sets in the inbox: closures, answer times, saved replies."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from mesosite.enquiries.choices import Language


class Closure(models.Model):
    """Days on which the clinic is closed, both included. `line`: patients read it, or ""."""

    first_day = models.DateField()
    last_day = models.DateField(db_index=True)
    line = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"

    def days(self) -> Iterator[date]:
        for number in range((self.last_day - self.first_day).days + 1):
            yield self.first_day + timedelta(days=number)


class ClinicValues(models.Model):
    """The one row (id 1) of what a manager sets for the whole clinic.

    answer_within_hours: opening hours until an answer, None where none is promised;
    answer_urgent_within_hours: the same for a problem after a treatment. urgent_email: told of
    urgent requests beside CLINIC_EMAIL. morning_mail: whether the clinic gets `mail.morning`.
    """

    ID = 1

    answer_within_hours = models.FloatField(null=True)
    answer_urgent_within_hours = models.FloatField(default=2)
    urgent_email = models.CharField(max_length=254, blank=True)
    morning_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_clinic", condition=Q(id=1))]

    def __str__(self) -> str:
        return "Values of the clinic"

    @classmethod
    def current(cls) -> "ClinicValues":
        return cls.objects.filter(pk=cls.ID).first() or cls(pk=cls.ID)

    @classmethod
    def locked(cls) -> "ClinicValues":
        """The row, locked until the transaction ends: changes of the clinic take turns by it."""
        cls.objects.get_or_create(pk=cls.ID)
        return cls.objects.select_for_update().get(pk=cls.ID)


class SavedReply(models.Model):
    """Words that staff send often. `text` may hold the PLACEHOLDERS, each in braces."""

    PLACEHOLDERS = ("name", "due", "visit")

    language = models.CharField(max_length=10, choices=Language)
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)

    class Meta:
        verbose_name_plural = "saved replies"
        ordering = ["language", "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["language", "title"], name="one_reply_a_title")
        ]

    def __str__(self) -> str:
        return self.title
