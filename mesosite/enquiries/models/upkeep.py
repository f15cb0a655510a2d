from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Upkeep(models.Model):
    """When the operator last did what the site cannot see by itself.

    detail: what it was done for, such as the ids of the keys that were copied.
    """

    class Task(models.TextChoices):
        BACKUP = "backup", _("Backup")
        KEYS_COPIED = "keys_copied", _("Keys copied")

    task = models.CharField(max_length=16, choices=Task, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.get_task_display()}: {self.at}"

    @classmethod
    def done(cls, task: Task, detail: str = "") -> None:
        """Notes that `task` was done now."""
        values = {"at": timezone.now(), "detail": detail}
        cls.objects.update_or_create(task=task, defaults=values)
