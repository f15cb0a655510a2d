import datetime
import re
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.consultation.form_fields import TextOverLines
from mesosite.enquiries.models import Enquiry, Entry, Note, StaleChange
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
    """A note. It is stored whatever version was seen.

    with_step: it may be left out, since the button of a step was pressed.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = TextOverLines(
        label=_("Add a note"),
        help_text=_("For the clinic only. The patient does not see it."),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )

    def __init__(self, *args: Any, with_step: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not with_step

    def store(self, enquiry: Enquiry, *, by: User) -> None:
        """Stores the note, if any. Raises StaleChange where the enquiry was erased."""
        if text := self.cleaned_data.get("text"):
            add_note(enquiry, text, by=by)

    def add(self, enquiry: Enquiry, *, by: User) -> None:
        """Raises StaleChange where it was erased. News that the person has not seen stay news."""
        self.store(enquiry, by=by)
        if enquiry.has_news:
            with suppress(StaleChange):
                self.mark_read(enquiry, by=by)


class StateForm(VersionForm):
    """A change to another state."""

    data: QueryDict
    columns: dict[str, str] = {}  # of the enquiry, by the field that they come from

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The fields belong to the form `work`, which holds the note too."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = "work"

    def was_taken(self, enquiry: Enquiry, to: State, *, by: User) -> bool:
        """Whether this person's own first click made this very change. For a valid form.

        enquiry: as it is now.
        """
        given = self.cleaned_data
        last = enquiry.timeline.filter(kind=Entry.Kind.MOVED).last()
        made = bool(last and last.person_id == by.pk and enquiry.state == to)
        return (
            made
            and enquiry.version == given["version"] + 1
            and all(getattr(enquiry, self.columns[name]) == given[name] for name in self.columns)
        )

    def act(self, enquiry: Enquiry, to: State, *, by: User) -> None:
        """Raises StaleChange and ValidationError as `workflow.change_state` does."""
        given = dict(self.cleaned_data)
        if given.pop("version") != enquiry.version:
            raise StaleChange
        change_state(enquiry, to, by=by, **given)

    @property
    def has_draft(self) -> bool:
        """Whether a field shows what was typed before a login ended."""
        return any(self.initial.get(name) for name in self.columns)

    @property
    def typed(self) -> str:
        """The person's input besides the button, in words. For a valid form."""
        return ""


class VisitField(forms.DateTimeField):
    """A day and a time in the clinic's zone: `2026-11-24T14:30`, `24.11.2026 14:30`.

    The day stands before the month. A day without a time is refused.
    """

    _DAYS = (
        r"(?P<day>\d\d?)([./-])(?P<month>\d\d?)\2(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)",
    )
    _TIME = r"(?:T|,?\s+)(?P<hour>\d\d?)[:.](?P<minute>\d\d)(?::00)?"
    _PARTS = ("year", "month", "day", "hour", "minute")

    def to_python(self, value: Any) -> datetime.datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        for day in self._DAYS:
            if found := re.fullmatch(day + self._TIME, text, re.ASCII):
                return self._moment(*map(int, found.group(*self._PARTS)))
            if re.fullmatch(day, text, re.ASCII):
                raise ValidationError(self.error_messages["no_time"], code="no_time")
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def _moment(self, year: int, month: int, day: int, hour: int, minute: int) -> datetime.datetime:
        try:
            moment = datetime.datetime(year, month, day, hour, minute)  # noqa: DTZ001
            return from_current_timezone(moment)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class BookForm(StateForm):
    columns = {"visit_at": "visit_at"}
    visit_at = VisitField(
        label=_("Day and time of the visit"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Give the day and time of the visit."),
            "invalid": _("Give a day and a time, such as 24.11.2026 14:30."),
            "no_time": _("Give the time too, such as 24.11.2026 14:30."),
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
    columns = {"reason": "close_reason"}
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
    to: State, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None
) -> StateForm:
    """The form that changes the state to `to`. Its ids name the state: a page has several."""
    return FORMS.get(to, StateForm)(data, auto_id=f"id_{to}_%s", initial=initial)
