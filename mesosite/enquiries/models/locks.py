"""The lock: a request that is kept until a day, even where its patient takes it back."""

from datetime import date

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.pages.catalogue import clinic


class LockReason(TextChoices):
    """Why a request may not be erased, in words for its patient too."""

    LAW = "law", _("The law has us keep it")
    CLAIM = "claim", _("A complaint or a claim is open")
    HARM = "harm", _("We look into what happened after a treatment")


class LockedError(Exception):
    """The request is locked, and so not erased."""


def today() -> date:
    """The day at the clinic, whose last moment ends a lock."""
    return timezone.localdate(timezone=clinic().tz)


def is_unlocked() -> Q:
    return Q(locked_until=None) | Q(locked_until__lt=today())
