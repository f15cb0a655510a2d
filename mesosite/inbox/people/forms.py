"""The forms of the people page."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite.enquiries.consultation.form_fields import (
    EmailField,
    ErrorSummaryForm,
    NameField,
    Several,
)
from mesosite.enquiries.handing_on import hand_on
from mesosite.inbox.accounts import display_name, login_of
from mesosite.inbox.fields import DayField
from mesosite.inbox.roles import Role


def _roles_field(**kwargs: Any) -> Several:
    return Several(
        label=gettext_lazy("Roles"),
        help_text=gettext_lazy(
            "Reception works on all requests, without the health answers. Clinicians read these "
            "too. Managers look after people and clinic. Roles add up."
        ),
        choices=Role.choices,
        error_messages={
            "required": gettext_lazy("Choose at least one role."),
            "invalid_choice": gettext_lazy("Choose from the roles that are listed."),
        },
        **kwargs,
    )


class InviteForm(ErrorSummaryForm):
    email = EmailField(
        label=gettext_lazy("Email"),
        error_messages={"required": gettext_lazy("Give the email address.")},
    )
    name = NameField(
        label=gettext_lazy("Name, as colleagues shall read it"),
        max_length=User._meta.get_field("first_name").max_length,
        error_messages={"required": gettext_lazy("Give the name.")},
    )
    roles = _roles_field()

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if login_of(email):
            raise ValidationError(_("This address has a login already. Open it in the list."))
        return email


class RolesForm(ErrorSummaryForm):
    """Without a role the login stays, and opens no request."""

    roles = _roles_field(required=False)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.email)


class AwayForm(ErrorSummaryForm):
    """An empty day: the person is here."""

    until = DayField(
        label=gettext_lazy("Away until, that day included"),
        help_text=gettext_lazy("Empty: at work."),
        required=False,
    )
    stand_in = PersonField(
        label=gettext_lazy("Who stands in"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        error_messages={"invalid_choice": gettext_lazy("Choose a colleague from the list.")},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = colleagues(person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("stand_in") and not given.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say until when."))
        return given


class LeaverForm(ErrorSummaryForm):
    """Who goes on with what a person has open who leaves."""

    KEEP, NOBODY = "keep", "nobody"

    to = forms.ChoiceField(
        label=gettext_lazy("Who goes on with it"),
        help_text=gettext_lazy("Days and promises to patients stay as they are."),
        initial=NOBODY,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        others = [(str(other.pk), display_name(other)) for other in colleagues(person)]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (self.NOBODY, _("Nobody: it stands under Everyone")),
            *others,
            (self.KEEP, _("Leave it under this name")),
        ]

    def hand_on(self, *, by: User) -> int:
        """Returns how many requests were handed on. In a transaction."""
        to = self.cleaned_data["to"] or self.KEEP
        if to == self.KEEP:
            return 0
        colleague = None if to == self.NOBODY else User.objects.get(pk=to)
        return hand_on(self._person, colleague, by=by)


def colleagues(person: User) -> Any:
    """Those who can stand in for a person."""
    working = User.objects.filter(is_active=True, is_staff=True, groups__name__in=Role.values)
    return working.exclude(pk=person.pk).distinct().order_by("first_name", "email")
