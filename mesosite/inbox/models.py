"""What the inbox knows of its people beside their logins: absences and open sessions."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Absence(models.Model):
    """A person is away up to and including the day `until`. stand_in: who works meanwhile."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absence"
    )
    until = models.DateField()
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"Away until {self.until}"

    @property
    def is_now(self) -> bool:
        return self.until >= timezone.localdate()


class StaffSession(models.Model):
    """A session of a login, by the keyed hash under which the table of sessions holds it.

    That table's rows are encrypted under their cookies, and tell nobody whose they are. browser:
    such as "Firefox, Windows".
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_sessions"
    )
    key_hash = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.browser}, since {self.started_at}"
