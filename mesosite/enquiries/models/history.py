"""The history of an enquiry: its events, and the texts that were added to it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.encryption.fields import EncryptedTextField
from mesosite.enquiries.models.states import State


class Entry(models.Model):
    """One event: who did what, when. Texts are in rows of their own, which can be erased."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        MOVED = "moved", _("Moved")
        NOTED = "noted", _("Note added")
        MESSAGE = "message", _("Message from the patient")
        CORRECTED = "corrected", _("Corrected by the patient")
        HEALTH_GIVEN = "health_given", _("Answers about health given by the patient")
        HEALTH_ERASED = "health_erased", _("Answers about health taken back by the patient")
        READ = "read", _("Read")
        FREED = "freed", _("Slot freed")

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.PROTECT, related_name="timeline"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(default=timezone.now)
    from_state = models.CharField(max_length=16, choices=State, blank=True)
    to_state = models.CharField(max_length=16, choices=State, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.enquiry}: {self.get_kind_display()}"


class AddedText(models.Model):
    at = models.DateTimeField(default=timezone.now)
    text = EncryptedTextField(max_length=2000)

    class Meta:
        abstract = True
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.at}"


class Note(AddedText):
    """A text of a member of staff about an enquiry, for other staff."""

    enquiry = models.ForeignKey("enquiries.Enquiry", on_delete=models.CASCADE, related_name="notes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)


class Message(AddedText):
    """A text that the patient added later, through the link of the enquiry."""

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="messages"
    )
