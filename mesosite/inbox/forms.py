import datetime
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.models import Enquiry, Note, StaleChange
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.workflow import add_note, change_state

# A later visit is a typing error, such as 2062 for 2026.
MAX_AHEAD = datetime.timedelta(days=730)
# Staff may enter a visit of today after it; an older one would soon be erased.
MAX_PAST = datetime.timedelta(days=1)


class VersionForm(forms.Form):
    """The version of the enquiry that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def mark_read(self, enquiry: Enquiry, *, by: User) -> None:
        """Raises StaleChange. An enquiry that is read already stays as it is."""
        if not enquiry.is_unread:
            return
        if not self.is_valid() or self.cleaned_data["version"] != enquiry.version:
            raise StaleChange
        enquiry.mark_read(by=by)


class NoteForm(VersionForm):
    """A note. It is stored whatever version was seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Add a note"),
        help_text=_("For the clinic only. The patient does not see it."),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )

    def add(self, enquiry: Enquiry, *, by: User) -> None:
        """Raises StaleChange where it was erased. News that the person has not seen stay news."""
        add_note(enquiry, self.cleaned_data["text"], by=by)
        if enquiry.has_news:
            with suppress(StaleChange):
                self.mark_read(enquiry, by=by)


class StateForm(VersionForm):
    """A change to another state."""

    data: QueryDict

    def act(self, enquiry: Enquiry, to: State, *, by: User) -> None:
        """Raises StaleChange and ValidationError as `workflow.change_state` does."""
        given = dict(self.cleaned_data)
        if given.pop("version") != enquiry.version:
            raise StaleChange
        change_state(enquiry, to, by=by, **given)

    @property
    def typed(self) -> str:
        """The person's input besides the button, in words. For a valid form."""
        return ""


class BookForm(StateForm):
    visit_at = forms.DateTimeField(
        label=_("Day and time of the visit"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Give the day and time of the visit."),
            "invalid": _("Give a day and a time, such as 24.11.2026 14:30."),
        },
    )

    def clean_visit_at(self) -> datetime.datetime:
        visit_at = self.cleaned_data["visit_at"]
        away = visit_at - timezone.now()
        if away < -MAX_PAST:
            raise ValidationError(_("This is in the past. Check the day."))
        if away > MAX_AHEAD:
            raise ValidationError(_("Check the year: this is more than two years away."))
        return visit_at

    @property
    def typed(self) -> str:
        here = timezone.localtime(self.cleaned_data["visit_at"])
        return formats.date_format(here, "D j M Y, H:i")


class CloseForm(StateForm):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Choose")), *CloseReason.choices],
        error_messages={"required": _("Choose why it is closed.")},
    )

    @property
    def typed(self) -> str:
        return str(CloseReason(self.cleaned_data["reason"]).label)


FORMS = {State.BOOKED: BookForm, State.CLOSED: CloseForm}


def state_form(
    to: State, data: QueryDict | dict[str, Any] | None = None, *, version: int | None = None
) -> StateForm:
    """The form that changes the state to `to`. Its ids name the state: a page has several."""
    return FORMS.get(to, StateForm)(data, auto_id=f"id_{to}_%s", initial={"version": version})
