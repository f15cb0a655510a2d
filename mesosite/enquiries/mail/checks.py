"""Whether the mails of a clinic's own site can reach the clinic and its patients."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from mesosite.pages.catalogue import clinic
from mesosite.pages.content.errors import ContentError

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@checks.register("mail")
def check_mail(
    app_configs: Sequence[AppConfig] | None, **options: Any
) -> list[checks.CheckMessage]:
    """W002: nobody is told of requests; W003: mails stay here. Not on a demonstration."""
    try:
        own = clinic()
    except ContentError:
        return []  # the content checks say so
    if not settings.SECURE or own.demonstration:
        return []
    problems: list[checks.CheckMessage] = []
    if not (settings.CLINIC_EMAIL or own.email):
        hint, text = "Set CLINIC_EMAIL, or “email” in clinic.yaml.", "Nobody is told of requests."
        problems.append(checks.Warning(text, hint=hint, id="enquiries.W002"))
    if settings.EMAIL_BACKEND != SMTP:
        hint = "Set EMAIL_URL to a mail server, such as smtp+tls://user:secret@mail.example:587"
        text = "Mails do not leave this machine: patients get none."
        problems.append(checks.Warning(text, hint=hint, id="enquiries.W003"))
    return problems
