"""The record of what staff did: who read or changed which enquiry, who logged in, who failed to."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What happened, as the record, the log and the page for managers name it: the only list."""

    OPENED = "opened", _("Opened the request")
    HEALTH_READ = "health_read", _("Read the health answers")
    SEARCHED = "searched", _("Searched")
    CHANGED = "changed", _("Changed the request")
    REFUSED = "refused", _("Was refused a page")
    RECORD_READ = "record_read", _("Read the record")
    LOGGED_IN = "in", _("Logged in")
    LOGGED_OUT = "out", _("Logged out")
    UNCOVERED = "uncovered", _("Came back to a covered screen")
    FAILED = "failed", _("Login failed")
    LOCKED = "locked", _("Login refused: too many attempts")
    FACTOR_ADDED = "factor_added", _("Second step added")
    FACTOR_REMOVED = "factor_removed", _("Second step removed")
    PASSWORD_SET = "password_set", _("New password set")
    LINK_MADE = "link_made", _("Made a link to set a password")
    DISABLED = "disabled", _("Disabled the login")
    ENABLED = "enabled", _("Opened the login again")
    INVITED = "invited", _("Invited")
    ROLES_CHANGED = "roles_changed", _("Changed the roles")
    FACTOR_RESET = "factor_reset", _("Reset the second step")
    AWAY_CHANGED = "away_changed", _("Changed the time away")
    SESSIONS_ENDED = "sessions_ended", _("Ended other sessions")
    CLINIC_CHANGED = "clinic_changed", _("Changed the clinic’s page")
    LINK_SENT = "link_sent", _("Sent the patient’s link again")
    COPY_SENT = "copy_sent", _("Sent the patient’s copy")
    ERASED = "erased", _("Erased the request")
    UNPROTECTED = (
        "unprotected",
        _("The record stood without its protection. Entries before this may have been changed."),
    )
    RESTORED = "restored", _("A backup was put back")


class AuditEvent(models.Model):
    """One event. Triggers keep it as it is, on both databases: see `audit.triggers`.

    `person`: who did it, or as whom somebody tried to log in; None for a stranger or a command.
    `code`: of the enquiry, "" where there is none. No foreign key: a row outlives everything.
    `network`: a keyed hash of the client's network, "" for a command.
    `details`: codes and numbers by name, such as {"kind": "name", "found": 3}; nobody's words.
    `until`: the end of keeping. Nothing deletes the row earlier, nor lengthens its time.
    """

    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    what = models.CharField(
        max_length=24
    )  # an Event; no `choices`, so that a new one is no migration
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False
    )
    code = models.CharField(max_length=10, blank=True)
    network = models.CharField(max_length=12, blank=True)
    details = models.JSONField(default=dict)

    of: User | None  # set by `inbox.record`

    class Meta:
        indexes = [
            models.Index(fields=["code", "-id"], name="audit_of_enquiry"),
            models.Index(fields=["person", "-id"], name="audit_of_person"),
            models.Index(fields=["at"], name="audit_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.at}: {self.what}"
