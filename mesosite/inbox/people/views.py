"""The people page: a manager invites, gives roles, disables. And each person's own page."""

from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.handing_on import left_open
from mesosite.enquiries.mail import messages as mails
from mesosite.enquiries.mail.checks import SMTP
from mesosite.enquiries.models import Event
from mesosite.enquiries.transactions import write
from mesosite.inbox import drafts
from mesosite.inbox.access import SECOND_FACTORS, StaffRequest
from mesosite.inbox.accounts import disable_login, make_login, password_link
from mesosite.inbox.confirm import confirm
from mesosite.inbox.decorators import View, reads_and_posts
from mesosite.inbox.lists.menu import menu
from mesosite.inbox.models import Absence
from mesosite.inbox.people.forms import AwayForm, InviteForm, LeaverForm, RolesForm
from mesosite.inbox.people.sessions import end_sessions, is_current, sessions_of
from mesosite.inbox.roles import LastManagerError, roles_of, set_roles


def _people() -> Any:
    return User.objects.filter(is_staff=True).order_by("-is_active", "first_name", "email")


def of_another(view: View) -> View:
    """A step that nobody takes on the own login here: `person` instead of its number."""

    @wraps(view)
    def answer(request: StaffRequest, person: int) -> HttpResponse:
        if person == request.user.pk:
            messages.error(request, _("This is your own login: ask another manager."))
            return redirect("inbox:person", person)
        return view(request, get_object_or_404(_people(), pk=person))

    return reads_and_posts(answer)


@require_safe
def people(request: StaffRequest) -> HttpResponse:
    rows = _people().select_related("absence__stand_in").prefetch_related("groups")
    with_factor = set(
        Authenticator.objects.filter(type__in=SECOND_FACTORS).values_list("user_id", flat=True)
    )
    context = {"people": rows, "with_factor": with_factor}
    return render(request, "inbox/people/list.html", context | menu("more"))


@reads_and_posts
def invite(request: StaffRequest) -> HttpResponse:
    draft = {} if request.method == "POST" else drafts.typed_at(request, InviteForm)
    form = InviteForm(request.POST if request.method == "POST" else None, initial=draft)
    if not form.is_valid():
        context = {"form": form, "problems": form.problems(), "draft": draft}
        status = 422 if form.is_bound else 200
        return render(request, "inbox/people/invite.html", context | menu("more"), status=status)
    given = form.cleaned_data
    drafts.forget(request)
    person = make_login(given["email"], name=given["name"], roles=given["roles"])
    _log(request, Event.INVITED, person, roles="+".join(given["roles"]))
    return _give_link(request, person)


@reads_and_posts
def person(request: StaffRequest, person: int) -> HttpResponse:
    """One person; posted: other roles."""
    shown = get_object_or_404(_people(), pk=person)
    draft = {} if request.method == "POST" else drafts.typed_at(request, RolesForm)
    initial = {"roles": [role.value for role in roles_of(shown)]} | draft
    form = RolesForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        roles = form.cleaned_data["roles"]
        try:
            set_roles(shown, roles)
        except LastManagerError:
            form.add_error("roles", _last_manager())
        else:
            drafts.forget(request)
            _log(request, Event.ROLES_CHANGED, shown, roles="+".join(roles) or "-")
            messages.success(request, _("Saved."))
            return redirect("inbox:person", shown.pk)
    return _person_page(request, shown, form, draft)


def _person_page(
    request: StaffRequest, shown: User, form: RolesForm, draft: dict[str, Any]
) -> HttpResponse:
    context = {
        "draft": draft,
        "person": shown,
        "form": form,
        "problems": form.problems(),
        "is_me": shown.pk == request.user.pk,
        "has_factor": _has_factor(shown),
        "absence": _absence(shown),
        "left": None if shown.is_active else left_open(shown),
    }
    status = 422 if form.is_bound else 200
    return render(request, "inbox/people/person.html", context | menu("more"), status=status)


@of_another
def disable(request: StaffRequest, person: User) -> HttpResponse:
    """Shows what the person has open; posted: ends the login at once, and hands that on."""
    left = left_open(person)
    form = LeaverForm(request.POST if request.method == "POST" else None, person=person)
    if not form.is_valid():
        context = {"person": person, "left": left, "form": form, "problems": form.problems()}
        status = 422 if form.is_bound else 200
        return render(request, "inbox/people/disable.html", context | menu("more"), status=status)
    was_active = person.is_active
    try:
        with write():
            if was_active:
                disable_login(person)
            number = form.hand_on(by=request.user)
    except LastManagerError:
        messages.error(request, _last_manager())
        return redirect("inbox:person", person.pk)
    if was_active:
        end_sessions(person)
        _log(request, Event.DISABLED, person)
        messages.success(request, _("The login is disabled, and its sessions have ended."))
    if number:
        words = ngettext("%d request is handed on.", "%d requests are handed on.", number)
        messages.success(request, words % number)
    return redirect("inbox:person", person.pk)


@of_another
def enable(request: StaffRequest, person: User) -> HttpResponse:
    if request.method != "POST":
        return redirect("inbox:person", person.pk)
    make_login(person.email, enable=True)
    _log(request, Event.ENABLED, person)
    return _give_link(request, User.objects.get(pk=person.pk))


@of_another
def new_link(request: StaffRequest, person: User) -> HttpResponse:
    """A link to set a password, for a person who has lost the password or the first link."""
    if request.method != "POST" or not person.is_active:
        return redirect("inbox:person", person.pk)
    _log(request, Event.LINK_MADE, person)
    return _give_link(request, make_login(person.email))


@of_another
def reset_factor(request: StaffRequest, person: User) -> HttpResponse:
    """Asks first, then removes passkeys, app and recovery codes, and ends the sessions."""
    if request.method != "POST":
        words = _(
            "Passkeys, app and recovery codes stop working, and the sessions end. At the next "
            "login the password leads to setting up a new second step. Do this only when you know "
            "that it is this person who asks."
        )
        return _ask(request, person, _("Reset the second step of %s?"), words, _("Reset"))
    with write():
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
    _log(request, Event.FACTOR_RESET, person)
    messages.success(request, _("The second step is reset, and the sessions have ended."))
    return redirect("inbox:person", person.pk)


@reads_and_posts
def away(request: StaffRequest, person: int) -> HttpResponse:
    shown = get_object_or_404(_people(), pk=person)
    return _edit_absence(request, shown, reverse("inbox:person", args=[shown.pk]))


@reads_and_posts
def my_away(request: StaffRequest) -> HttpResponse:
    return _edit_absence(request, request.user, reverse("inbox:me"))


def _edit_absence(request: StaffRequest, person: User, back: str) -> HttpResponse:
    absence = _absence(person)
    initial = {"until": absence.until, "stand_in": absence.stand_in_id} if absence else {}
    data = request.POST if request.method == "POST" else None
    draft = {} if data else drafts.typed_at(request, AwayForm)
    form = AwayForm(data, person=person, initial=initial | draft)
    if not form.is_valid():
        context = {
            "draft": draft,
            "form": form,
            "problems": form.problems(),
            "person": person,
            "back": back,
        }
        status = 422 if form.is_bound else 200
        return render(request, "inbox/people/away.html", context | menu("more"), status=status)
    with write():
        if form.cleaned_data["until"]:
            Absence.objects.update_or_create(person=person, defaults=form.cleaned_data)
        else:
            Absence.objects.filter(person=person).delete()
    drafts.forget(request)
    _log(request, Event.AWAY_CHANGED, person)
    messages.success(request, _("Saved."))
    return redirect(back)


@require_safe
def me(request: StaffRequest) -> HttpResponse:
    sessions = [(row, is_current(row, request)) for row in sessions_of(request.user)]
    context = {
        "sessions": sessions,
        "others": sum(not is_mine for _row, is_mine in sessions),
        "absence": _absence(request.user),
        "has_factor": _has_factor(request.user),
    }
    return render(request, "inbox/people/me.html", context | menu("more"))


@reads_and_posts
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        end_sessions(request.user, but=request)
        _log(request, Event.SESSIONS_ENDED, request.user)
        messages.success(request, _("Your other sessions have ended."))
    return redirect("inbox:me")


def _has_factor(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists()


def _absence(person: User) -> Absence | None:
    """Of today or later."""
    found = Absence.objects.select_related("stand_in").filter(person=person).first()
    return found if found and found.is_now else None


def _give_link(request: StaffRequest, person: User) -> HttpResponse:
    """Mails the link to its person; where no mail leaves this machine, shows it once."""
    link = password_link(person)
    if settings.EMAIL_BACKEND == SMTP:
        mails.queue_login_link(person.email, link)
        messages.success(request, _("A link is on its way to the person. It works for one day."))
        return redirect("inbox:person", person.pk)
    return render(
        request, "inbox/people/link.html", {"person": person, "link": link} | menu("more")
    )


def _ask(
    request: StaffRequest, person: User, question: str, words: str, submit: str
) -> HttpResponse:
    """question: with the place of the person's name."""
    name = person.get_full_name() or person.email
    back = reverse("inbox:person", args=[person.pk])
    return confirm(request, question % name, words, submit, back=back)


def _last_manager() -> str:
    return _("Nobody else is a manager who can log in. Make another one first.")


def _log(request: StaffRequest, event: Event, about: User, **details: str) -> None:
    try_record(event, request, request.user, of=about.pk, **details)
