"""The history of an enquiry: its events, and the texts that were added to it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.encryption.fields import EncryptedRow, EncryptedTextField
from mesosite.enquiries.models.states import State

UNDO_FOR = timedelta(minutes=3)
"""For how long a step can be undone, and its mails and what the patient's page shows wait."""


class Entry(models.Model):
    """One event: who did what, when. Texts are in rows of their own, which can be erased.

    to_person: to whom it was handed on, None for nobody.
    due_at: by when the patient was told to have an answer, of an arrival or a message.
    version: of the enquiry after it, None where it changed no column. undo: {column of the enquiry:
    value before it} while the step can be undone, with no word of a patient; None for what was done
    by a patient or cannot be undone, and once it was sent at once. corrected: the names of what
    staff corrected in the contact, such as ["phone"].
    """

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
        TAKEN = "taken", _("Taken")
        GIVEN_BACK = "given_back", _("Given back")
        HANDED_ON = "handed_on", _("Handed on")
        HANDED_OVER = "handed_over", _("For a clinician")
        NEXT_DAY = "next_day", _("Call again")
        SPOKE = "spoke", _("Spoke on the phone")
        THEY_CALLED = "they_called", _("They called us")
        NO_ANSWER = "no_answer", _("Called, no answer")
        LEFT_MESSAGE = "left_message", _("Called, left a message")
        WRONG_NUMBER = "wrong_number", _("Called, wrong number")
        ANSWERED = "answered", _("Answered on the patient’s page")
        URGENT = "urgent", _("Urgent")
        NOT_URGENT = "not_urgent", _("Not urgent")
        VISIT_MOVED = "visit_moved", _("Visit moved")
        VISIT_CANCELLED = "visit_cancelled", _("Visit cancelled")
        NEW_LINK = "new_link", _("New link for the patient")
        CONTACT_CHANGED = "contact_changed", _("Contact corrected")
        ADDRESS_AGREED = "address_agreed", _("Agreed to the new email address")
        ADDRESS_CONFIRMED = "address_confirmed", _("Email address confirmed by the patient")
        NOTE_STRUCK = "note_struck", _("Note struck")
        PAGE_OPENED = "page_opened", _("Patient’s page unlocked after wrong digits")
        WRONG_DIGITS = "wrong_digits", _("Patient’s page opened by its digits, after wrong ones")
        LOCKED = "locked", _("Locked")
        UNLOCKED = "unlocked", _("Unlocked")
        UNDONE = "undone", _("Undone")

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.PROTECT, related_name="timeline"
    )
    kind = models.CharField(max_length=24, choices=Kind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    from_state = models.CharField(max_length=16, choices=State, blank=True)
    to_state = models.CharField(max_length=16, choices=State, blank=True)
    due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(null=True)
    undo = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)
    corrected = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["to_state", "at"], name="entry_by_state")]

    def __str__(self) -> str:
        return f"{self.enquiry}: {self.get_kind_display()}"

    @property
    def final_at(self) -> datetime:
        """From then on it stands, and what waits because of it leaves."""
        return self.at + UNDO_FOR

    @property
    def is_pending(self) -> bool:
        """Whether it can be undone still. The patient sees nothing of it yet."""
        undone = self.undo is None or self.undone_at
        return not undone and self.final_at > timezone.now()


class AddedText(EncryptedRow):
    within = ("enquiry",)
    at = models.DateTimeField(default=timezone.now)
    text = EncryptedTextField(max_length=2000)

    class Meta:
        abstract = True
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.at}"


class StaffText(AddedText):
    """A text of a member of staff. entry: the step that it came with, which is undone with it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta(AddedText.Meta):
        abstract = True


class Note(StaffText):
    """About an enquiry, for other staff."""

    enquiry = models.ForeignKey("enquiries.Enquiry", on_delete=models.CASCADE, related_name="notes")


class Answer(StaffText):
    """For the patient, who reads it on the patient's page once its step can no more be undone."""

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="replies"
    )


class Message(AddedText):
    """A text that the patient added later, through the link of the enquiry."""

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="messages"
    )
