"""Form fields of the inbox that several pages have."""

import datetime
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite import normal_form
from mesosite.enquiries.models import SavedReply
from mesosite.inbox.accounts import display_name

if TYPE_CHECKING:
    _UserChoiceField = forms.ModelChoiceField[User]
    _ReplyChoiceField = forms.ModelChoiceField[SavedReply]
else:
    _UserChoiceField = _ReplyChoiceField = forms.ModelChoiceField

MAX_AHEAD = datetime.timedelta(days=730)  # a later day is a typing error, such as 2062 for 2026


class DayField(forms.DateField):
    """A day of today to two years ahead: `2026-12-24` as browsers send it, `24.12.2026` as typed.

    past: an earlier day is taken too, within two years.
    """

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")
    default_error_messages = {
        "required": _("Give the day."),
        "invalid": _("Give a day, such as 24.12.2026."),
        "past": _("This day is over. Check the year."),
        "far": _("Check the year: this is more than two years away."),
    }

    max_ahead = MAX_AHEAD

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.past = past

    def to_python(self, value: Any) -> datetime.date | None:
        return super().to_python(normal_form.plain(value) if isinstance(value, str) else value)

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        today = timezone.localdate()
        earliest = today - MAX_AHEAD if self.past else today
        if value < earliest:
            raise ValidationError(self.error_messages["past"], code="past")
        if value > today + self.max_ahead:
            raise ValidationError(self.error_messages["far"], code="far")


class NextDayField(DayField):
    """The day on which a request comes back: of today to a year ahead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    default_error_messages = {
        "past": _("This day is over. Choose a later one."),
        "far": _("Check the year: this is more than a year away."),
    }
    max_ahead = datetime.timedelta(days=366)


class LockField(DayField):
    """The last day of a lock: of today to ten years ahead, as long as a claim may come."""

    default_error_messages = {
        "past": _("This day is over. Choose a later one."),
        "far": _("Check the year: this is more than ten years away."),
    }
    max_ahead = datetime.timedelta(days=3653)


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


class StaffField(_UserChoiceField):
    """Somebody who works here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.filter(is_staff=True, is_active=True), **kwargs)

    def label_from_instance(self, person: User) -> str:
        return display_name(person)


class SavedReplyField(_ReplyChoiceField):
    """Words that a manager has saved, each for one language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SavedReply.objects.all(), required=False, **kwargs)

    def label_from_instance(self, reply: SavedReply) -> str:
        return f"{reply.title} ({reply.get_language_display()})"
