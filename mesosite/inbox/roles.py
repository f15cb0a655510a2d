"""Who may do what at the desk: one table, which views, templates and tests read.

A role is a group of Django's (`auth_group.name`). Roles add up, and a login without one has no
right. An address that ADDRESSES does not name is closed to everybody.
"""

from collections.abc import Iterable
from enum import Enum, auto

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.transactions import write


class Role(TextChoices):
    RECEPTIONIST = "receptionist", _("Reception")
    CLINICIAN = "clinician", _("Clinician")
    MANAGER = "manager", _("Manager")


class Right(Enum):
    OWN_LOGIN = auto()  # of every login of the staff, also one without a role
    REQUESTS = auto()  # read and work on them, all but the health answers
    HEALTH = auto()  # read `choices.HEALTH_ANSWERS`
    PEOPLE = auto()  # logins and roles
    CLINIC = auto()  # closures, answer times, saved replies; whether it is ready
    DATA = auto()  # what becomes of a request: erasing it, a lock, its copy, striking a note
    RECORD = auto()  # who read or changed what


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.RECEPTIONIST: frozenset({Right.REQUESTS}),
    Role.CLINICIAN: frozenset({Right.REQUESTS, Right.HEALTH}),
    Role.MANAGER: frozenset({Right.REQUESTS, Right.PEOPLE, Right.CLINIC, Right.RECORD, Right.DATA}),
}

_LOGIN = (
    *("account_change_password", "account_reauthenticate", "mfa_activate_totp"),
    *("mfa_add_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index"),
    *("mfa_list_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("mfa_remove_webauthn", "mfa_view_recovery_codes"),
)
_REQUESTS = (
    *("list", "newer", "in_progress", "waiting", "closed", "spam", "seen", "slots", "free"),
    *(
        "send_link",
        "new_link_of",
        "contact",
        "agree",
        "strike",
        "open_page",
        "find",
        "by_phone",
        "taken_by_phone",
        "enquiry",
        "step",
        "undo",
        "send",
        "visits",
        "visits_printed",
    ),
)
_PEOPLE = (
    *("people", "invite", "person", "person_away", "disable", "enable", "new_link"),
    "reset_factor",
)
_CLINIC = (
    *("clinic", "clinic_values", "closure_new", "closure", "closure_remove", "reply_new"),
    *("reply", "reply_remove", "ready", "figures"),
)
_HEALTH = ("health",)
_DATA = ("erase", "lock", "unlock", "copy")
_RECORD = ("record", "record_of_enquiry", "record_of_person")

ADDRESSES: dict[str, Right] = {
    **dict.fromkeys(_LOGIN, Right.OWN_LOGIN),
    **dict.fromkeys(
        ("inbox:me", "inbox:my_away", "inbox:my_sessions", "inbox:cover"), Right.OWN_LOGIN
    ),
    **dict.fromkeys((f"inbox:{name}" for name in _REQUESTS), Right.REQUESTS),
    **dict.fromkeys((f"inbox:{name}" for name in _PEOPLE), Right.PEOPLE),
    **dict.fromkeys((f"inbox:{name}" for name in _CLINIC), Right.CLINIC),
    **dict.fromkeys((f"inbox:{name}" for name in _HEALTH), Right.HEALTH),
    **dict.fromkeys((f"inbox:{name}" for name in _DATA), Right.DATA),
    **dict.fromkeys((f"inbox:{name}" for name in _RECORD), Right.RECORD),
}
"""{name of an address that needs a login: the right that opens it}."""


_WITHOUT_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class LastManagerError(Exception):
    """The change would leave nobody who can give rights to others."""


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """Asked of the database once for each request's user."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True))
        user._roles = frozenset(role for role in Role if role in names)  # type: ignore[attr-defined]
    return user._roles  # type: ignore[attr-defined]


def rights_of(user: User | AnonymousUser) -> frozenset[Right]:
    rights = (RIGHTS[role] for role in roles_of(user))
    return frozenset({Right.OWN_LOGIN}).union(*rights)


def may(user: User | AnonymousUser, right: Right) -> bool:
    return right in rights_of(user)


def has_manager() -> bool:
    """Whether somebody can give rights: until then `make staff … ROLE=manager` does."""
    return _managers().exists()


def set_roles(user: User, roles: Iterable[str]) -> None:
    """Gives a person these roles and no others. Raises LastManagerError, and then changes none."""
    roles = set(roles)
    with write():
        if Role.MANAGER not in roles:
            keep_a_manager(user)
        user.groups.remove(*Group.objects.filter(name__in=set(Role.values) - roles))
        user.groups.add(*(Group.objects.get_or_create(name=role)[0] for role in sorted(roles)))
    vars(user).pop("_roles", None)


def keep_a_manager(leaving: User) -> None:
    """Raises LastManagerError where no other manager could log in. In a transaction.

    Locks the group's row, so that two managers cannot remove each other at once.
    """
    list(Group.objects.select_for_update().filter(name=Role.MANAGER))
    managers = _managers()
    if not managers.filter(pk=leaving.pk).exists():
        return
    if not managers.exclude(pk=leaving.pk).exclude(_WITHOUT_PASSWORD).exists():
        raise LastManagerError


def _managers() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_staff=True, groups__name=Role.MANAGER)
