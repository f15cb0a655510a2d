"""Whether the mails of a clinic's own site can reach the clinic and its patients."""

from django.conf import settings
from django.core import checks

from mesosite.pages.catalogue import clinic
from mesosite.pages.content.errors import ContentError

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@checks.register("mail")
def check_mail(app_configs, **options):
    """W002: nobody is told of requests; W003: mails stay here. Not on a demonstration."""
    try:
        ours = clinic()
    except ContentError:
        return []  # the content checks say so
    if not settings.SECURE or ours.demonstration:
        return []
    problems = []
    if not (settings.CLINIC_EMAIL or ours.email):
        hint = "Set CLINIC_EMAIL, or “email” in clinic.yaml."
        problems.append(
            checks.Warning("Nobody is told of requests.", hint=hint, id="enquiries.W002")
        )
    if settings.EMAIL_BACKEND != SMTP:
        hint = "Set EMAIL_URL to a mail server, such as smtp+tls://user:secret@mail.example:587"
        said = "Mails do not leave this machine: patients get none."
        problems.append(checks.Warning(said, hint=hint, id="enquiries.W003"))
    return problems
