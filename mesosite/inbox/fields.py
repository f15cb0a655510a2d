"""Form fields of the inbox that several pages have."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite import normal_form

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
        if value > today + MAX_AHEAD:
            raise ValidationError(self.error_messages["far"], code="far")
