import datetime
from contextlib import suppress

from allauth.account.forms import ResetPasswordKeyForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.models import Note, StaleChange
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.workflow import add_note, change_state

# Further away is a slip of the finger: 2062 for 2026.
MAX_AHEAD = datetime.timedelta(days=730)
# A visit of today may be written down after it, an older one would soon be erased.
MAX_PAST = datetime.timedelta(days=1)


class VersionForm(forms.Form):
    """The version of the enquiry that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def mark_read(self, enquiry, *, by):
        """Raises StaleChange. What somebody has read already stays as it is."""
        if not enquiry.is_unread:
            return
        if not self.is_valid() or self.cleaned_data["version"] != enquiry.version:
            raise StaleChange
        enquiry.mark_read(by=by)


class NoteForm(VersionForm):
    """A note. It is kept whatever version was seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Add a note"),
        help_text=_("For the clinic only. The patient does not see it."),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )

    def add(self, enquiry, *, by):
        """Raises StaleChange where it was erased. What the person has not seen stays new."""
        add_note(enquiry, self.cleaned_data["text"], by=by)
        if enquiry.has_news:
            with suppress(StaleChange):
                self.mark_read(enquiry, by=by)


class StateForm(VersionForm):
    """A step to another state."""

    def act(self, enquiry, to, *, by):
        """Raises StaleChange and ValidationError as `workflow.change_state` does."""
        given = dict(self.cleaned_data)
        if given.pop("version") != enquiry.version:
            raise StaleChange
        change_state(enquiry, to, by=by, **given)

    @property
    def typed(self):
        """What the person gave besides pressing the button, in words. For a valid form."""
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

    def clean_visit_at(self):
        visit_at = self.cleaned_data["visit_at"]
        away = visit_at - timezone.now()
        if away < -MAX_PAST:
            raise ValidationError(_("This is in the past. Check the day."))
        if away > MAX_AHEAD:
            raise ValidationError(_("Check the year: this is more than two years away."))
        return visit_at

    @property
    def typed(self):
        here = timezone.localtime(self.cleaned_data["visit_at"])
        return formats.date_format(here, "D j M Y, H:i")


class CloseForm(StateForm):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Choose")), *CloseReason.choices],
        error_messages={"required": _("Choose why it is closed.")},
    )

    @property
    def typed(self):
        return CloseReason(self.cleaned_data["reason"]).label


class PasswordForm(ResetPasswordKeyForm):
    """allauth's, in one sentence instead of a list of rules."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first, again = self.fields["password1"], self.fields["password2"]
        first.label, again.label = _("New password"), _("The same again")
        first.help_text = _("At least 12 characters. Three or four unrelated words are good.")


FORMS = {State.BOOKED: BookForm, State.CLOSED: CloseForm}


def state_form(to, data=None, *, version=None):
    """The form of the step to `to`. Its ids carry the state: several such forms share a page."""
    form_class = FORMS.get(to, StateForm)
    return form_class(data, auto_id=f"id_{to}_%s", initial={"version": version})
