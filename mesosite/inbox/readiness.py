"""Ready to go live? What is done, and what is still to do before patients are asked to write."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mesosite.enquiries.answer_times import without_promise
from mesosite.enquiries.encryption.keys import keys, login_key
from mesosite.enquiries.mail.checks import SMTP
from mesosite.enquiries.mail.messages import queue_test, staff_address
from mesosite.enquiries.maintenance.retention import of_demonstration
from mesosite.enquiries.models import ClinicValues, OutgoingMail, Upkeep
from mesosite.inbox.access import SECOND_FACTORS, StaffRequest
from mesosite.inbox.lists.menu import menu
from mesosite.pages.catalogue import clinic, help_here

DAYS_LOOKED_AT = 90
BACKUP_AGE = datetime.timedelta(days=1)
_CLINIC_FILE, _ENV_FILE = "content/clinic.yaml", ".env"
_LAW = ("responsible", "stored", "authority")


@dataclass(frozen=True)
class Line:
    """One thing to be done. title: how it stands then.

    todo: what to do, which says all by itself, or "" once it is done; where: a file or a command.
    """

    title: str
    todo: str = ""
    where: str = ""

    @property
    def done(self) -> bool:
        return not self.todo


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """The page. A POST sends a test mail."""
    if request.method == "POST":
        if queue_test():
            messages.success(request, _("A test mail is on its way to %s.") % staff_address())
        return redirect("inbox:ready")
    shown = lines()
    context = {
        "to_do": [line for line in shown if not line.done],
        "done": [line for line in shown if line.done],
        "test_address": staff_address(),
    }
    return render(request, "inbox/ready.html", context | menu("more"))


def lines() -> list[Line]:
    """Every line, in the order in which one would do them."""
    return [line() for line in _LINES]


def keys_fingerprint() -> str:
    """Changes with every key of DATA_KEYS and with SECRET_KEY, and tells none of them."""
    return ".".join([*keys(), login_key().id])[-64:]


def _named() -> Line:
    todo = "" if clinic().name else _("Give the clinic’s name. Until then it is a demonstration.")
    return Line(_("The clinic has a name"), todo, f"{_CLINIC_FILE}: name")


def _dialled() -> Line:
    """A phone that cannot be dialled is refused when clinic.yaml is read."""
    todo = "" if clinic().phone_link else _("Give the phone, and call it from another phone.")
    return Line(_("The phone can be dialled"), todo, f"{_CLINIC_FILE}: phone")


def _answered() -> Line:
    title = _("Each request of the next %d days gets a day of its answer") % DAYS_LOOKED_AT
    without = without_promise(DAYS_LOOKED_AT)
    if not clinic().hours:
        return Line(title, _("Say when you are open."), f"{_CLINIC_FILE}: hours")
    if not ClinicValues.current().answer_within_hours:
        todo = _("Say within how many hours you answer.")
    elif without:
        day = date_format(without, "l j F Y")
        todo = _("A request of %s gets no day: look at the hours and the closed days.") % day
    else:
        todo = ""
    return Line(title, todo, "/staff/clinic/")


def _lawful() -> Line:
    missing = [key for key in _LAW if not getattr(clinic(), key)]
    todo = missing and _("Say who answers for the data, who stores it, and who hears complaints.")
    where = f"{_CLINIC_FILE}: {', '.join(missing or _LAW)}"
    return Line(_("/privacy/ says what the law asks for"), todo or "", where)


def _heard() -> Line:
    todo = (
        ""
        if help_here().helplines
        else _("Name a line for people in distress: none is listed for your country.")
    )
    return Line(_("A helpline is named"), todo, f"{_CLINIC_FILE}: helpline")


def _published() -> Line:
    todo = "" if clinic().publisher else _("Say who publishes and pays for the site.")
    return Line(_("/about/ says who publishes the site"), todo, f"{_CLINIC_FILE}: publisher")


def _encrypted() -> Line:
    todo = (
        ""
        if settings.SECURE
        else _("Set the site’s address, and put a server with https before it.")
    )
    return Line(_("The site is on https"), todo, f"{_ENV_FILE}: SITE_URL")


def _mailed() -> Line:
    where = f"{_ENV_FILE}: CLINIC_EMAIL, EMAIL_URL"
    if not staff_address():
        todo = _("Say where mails to the clinic go.")
    elif settings.EMAIL_BACKEND != SMTP:
        todo = _("Name the mail server. Mails are written to files now, and reach nobody.")
    elif OutgoingMail.objects.filter(kind=OutgoingMail.Kind.TEST, sent_at__isnull=False).exists():
        todo = ""
    else:
        todo, where = (
            _("Send a test mail, and look whether it arrives."),
            "manage.py ready --test-mail",
        )
    return Line(_("A test mail was sent"), todo, where)


def _guarded() -> Line:
    title, where = _("Every login has a second factor"), "/staff/2fa/"
    if not settings.SECOND_FACTOR:
        return Line(title, _("Turn the second factor on."), f"{_ENV_FILE}: SECOND_FACTOR")
    without = _staff().exclude(_owned()).count()
    todo = ngettext(
        "%d person has no second factor yet: it is asked for at the next login.",
        "%d people have no second factor yet: it is asked for at their next login.",
        without,
    )
    return Line(title, todo % without if without else "", where)


def _staffed() -> Line:
    """Two who can log in, so that one who is away or lost a phone stops nothing."""
    owners = set(_staff().filter(_owned()).values_list("pk", flat=True))
    able = [user for user in _staff() if user.has_usable_password() or user.pk in owners]
    todo = "" if len(able) >= 2 else _("Invite a second person, for when one is away.")
    return Line(_("Two people can log in"), todo, "make staff EMAIL=…")


def _backed_up() -> Line:
    since = timezone.now() - BACKUP_AGE
    made = Upkeep.objects.filter(task=Upkeep.Task.BACKUP, at__gt=since).exists()
    todo = "" if made else _("Make a backup, and let a timer make one every day.")
    return Line(_("A backup is younger than a day"), todo, "manage.py backup FILE")


def _keys_copied() -> Line:
    noted = {"task": Upkeep.Task.KEYS_COPIED, "detail": keys_fingerprint()}
    copied = Upkeep.objects.filter(**noted).exists()
    todo = "" if copied else _("Copy the keys to another place, and then say so.")
    return Line(_("The keys are copied"), todo, "manage.py ready --keys-copied")


def _emptied() -> Line:
    todo = of_demonstration().exists() and _(
        "Erase the requests that were made up, or sent while it had no name."
    )
    where = "manage.py purge --demonstration"
    return Line(_("The demonstration’s requests are gone"), todo or "", where)


def _staff() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True)


def _owned() -> Exists:
    """Whether a person has a second factor."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return Exists(factors)


_LINES: tuple[Callable[[], Line], ...] = (
    *(_named, _dialled, _answered, _heard, _lawful, _published, _encrypted),
    *(_mailed, _guarded, _staffed, _backed_up, _keys_copied, _emptied),
)
