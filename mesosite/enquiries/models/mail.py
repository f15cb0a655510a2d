import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.encryption.fields import EncryptedJSONField, EncryptedRow, Unreadable
from mesosite.enquiries.models.states import State


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> Self:
        return self.filter(sent_at=None, failed_at=None)

    def held_back(self) -> Self:
        """The mails that a ceiling keeps from leaving now."""
        return self.unsent().filter(tries=0, next_try_at__gt=timezone.now())

    def due(self, since: datetime.timedelta = datetime.timedelta()) -> Self:
        """The mails that were to be sent `since` ago or earlier. Those of spam wait."""
        waits = self.unsent().exclude(enquiry__state=State.SPAM)
        by = timezone.now() - since
        return waits.filter(next_try_at__lte=by).order_by("next_try_at", "id")


class OutgoingMail(EncryptedRow):
    """A mail that leaves once the transaction that wrote it is committed.

    `enquiry`: None where the mail is about none in particular. `content`: {"to", "subject",
    "body"}, of a visit also {"calendar", "method"} for its file, and {"also": another address} for
    some; emptied when the mail was sent or given up.
    `entry`: the step of staff that caused it; undoing the step takes the mail back.
    `next_try_at` is the lease as well: a sender that claims the mail moves it on, and no other
    sender takes the mail until then. A mail without tries whose `next_try_at` is to come is held
    back by a ceiling. `error`: the mail server's three digits, the name of an exception, or both.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", _("Confirmation to the patient")
        NEW_ENQUIRY = "new_enquiry", _("New enquiry, to the clinic")
        URGENT = "urgent", _("Urgent enquiry, to the clinic")
        NEW_MESSAGE = "new_message", _("New message, to the clinic")
        FREE_SLOT = "free_slot", _("Cancelled visit, to the clinic")
        WARNING = "warning", _("Erased soon, to the clinic")
        UNSEEN_SPAM = "unseen_spam", _("Spam to look at, to the clinic")
        MORNING = "morning", _("What there is to do, to the clinic")
        TEST = "test", _("Test, to the clinic")
        CONFIRM_ADDRESS = "confirm_address", _("“Confirm this address”, to the patient")
        ANSWER = "answer", _("“You have an answer”, to the patient")
        VISIT = "visit", _("Day and time of the visit, to the patient")
        REMINDER = "reminder", _("Reminder of the visit, to the patient")
        LINK = "link", _("Link to the patient’s page, to the patient")
        COPY = "copy", _("“Your copy is on your page”, to the patient")
        ERASED = "erased", _("Erased, to the patient")
        ADDRESS_CHANGED = "address_changed", _("Address changed, to the old address")
        LOGIN_LINK = "login_link", _("Link to set a password, to a member of staff")

    ON_ARRIVAL = (Kind.CONFIRMATION, Kind.NEW_ENQUIRY, Kind.URGENT)
    # Mails that a stranger can cause to somebody else's address.
    TO_STRANGERS = (Kind.CONFIRMATION, Kind.ERASED, Kind.ADDRESS_CHANGED)
    # Mails to staff of which several due ones leave as one.
    GATHERED = (Kind.NEW_ENQUIRY, Kind.URGENT, Kind.NEW_MESSAGE, Kind.FREE_SLOT, Kind.WARNING)

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="mails", null=True
    )
    entry = models.ForeignKey(
        "enquiries.Entry", on_delete=models.SET_NULL, related_name="mails", null=True
    )
    kind = models.CharField(max_length=16, choices=Kind)
    content = EncryptedJSONField(default=dict)
    message_id = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="mail_due",
                condition=models.Q(sent_at=None, failed_at=None),
            ),
            models.Index(
                fields=["-failed_at"],
                name="mail_failed",
                condition=models.Q(failed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry or 'Clinic'}: {self.get_kind_display()}"

    @property
    def is_gathered(self) -> bool:
        return self.kind in self.GATHERED and not isinstance(self.content, Unreadable)

    @property
    def is_held_back(self) -> bool:
        return not (self.tries or self.sent_at or self.failed_at) and (
            self.next_try_at > timezone.now()
        )

    def claim(self, lease: datetime.timedelta) -> bool:
        """Takes the mail for the time of `lease`. False where another sender took it first."""
        until = timezone.now() + lease
        unclaimed = OutgoingMail.objects.unsent().filter(pk=self.pk, next_try_at=self.next_try_at)
        if not unclaimed.update(next_try_at=until, tries=self.tries + 1):
            return False
        self.next_try_at, self.tries = until, self.tries + 1
        return True
