"""The forms of the clinic page: closures, answer times and saved replies."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite import normal_form
from mesosite.enquiries.choices import Language
from mesosite.enquiries.consultation.form_fields import (
    EmailField,
    ErrorSummaryForm,
    NameField,
    TextOverLines,
    Tick,
)
from mesosite.enquiries.models import ClinicValues, Closure, SavedReply
from mesosite.inbox.fields import DayField

MAX_HOURS = 1000
MAX_DAYS = 366  # of one closure
_HOURS = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


class ClosureForm(ErrorSummaryForm, forms.ModelForm):
    """Validate it while `ClinicValues.locked` holds, so that no two closures come to overlap."""

    first_day = DayField(label=gettext_lazy("First day"), past=True)
    last_day = DayField(label=gettext_lazy("Last day"))
    line = NameField(
        label=gettext_lazy("What patients read beside it"),
        help_text=gettext_lazy(
            "May be empty. Such as: Dr Nikos answers urgent calls on Friday morning."
        ),
        required=False,
        max_length=Closure._meta.get_field("line").max_length,
    )

    class Meta:
        model = Closure
        fields = ("first_day", "last_day", "line")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and (wrong := self._wrong_range(first, last)):
            self.add_error("last_day", wrong)
        elif first and last and (other := self._overlapping(first, last)):
            self.add_error("first_day", _already_closed(other))
        return given

    def _wrong_range(self, first: Any, last: Any) -> str:
        if last < first:
            return _("The last day is before the first.")
        if (last - first).days >= MAX_DAYS:
            return _("This is more than a year. Check the days.")
        return ""

    def _overlapping(self, first: Any, last: Any) -> Closure | None:
        others = Closure.objects.exclude(pk=self.instance.pk)
        return others.filter(first_day__lte=last, last_day__gte=first).first()


def _already_closed(other: Closure) -> str:
    days = {"first": date_format(other.first_day), "last": date_format(other.last_day)}
    return _("You are closed from %(first)s to %(last)s already. Change that closure.") % days


class HoursField(forms.CharField):
    """Hours above 0, with a point or a comma: `9`, `1.5`, `1,5`."""

    widget = forms.TextInput({"inputmode": "decimal"})
    default_error_messages = {
        "required": gettext_lazy("Give a number of hours, such as 9."),
        "invalid": gettext_lazy("Give a number of hours above 0, such as 9 or 1.5."),
    }

    def clean(self, value: Any) -> float | None:
        typed = normal_form.plain(str(super().clean(value)))
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        hours = float(typed.replace(",", ".")) if _HOURS.fullmatch(typed) else 0
        if not 0 < hours <= MAX_HOURS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return hours

    def prepare_value(self, value: Any) -> Any:
        return f"{value:g}" if isinstance(value, float) else value


class ValuesForm(ErrorSummaryForm, forms.ModelForm):
    answer_within_hours = HoursField(
        label=gettext_lazy("Hours until an answer"),
        help_text=gettext_lazy(
            "Patients read the day and time. Only hours in which the clinic is open count. "
            "Empty: no day is promised."
        ),
        required=False,
    )
    answer_urgent_within_hours = HoursField(
        label=gettext_lazy("Hours until an answer to an urgent request"),
        help_text=gettext_lazy("For the clinic: patients with a problem are told not to wait."),
    )
    urgent_email = EmailField(
        label=gettext_lazy("Email for urgent requests"),
        help_text=gettext_lazy("Gets the mail about an urgent request too. May be empty."),
        required=False,
    )
    morning_mail = forms.BooleanField(
        label=gettext_lazy("A mail at 08:00 that says how much there is to do"),
        help_text=gettext_lazy(
            "To the clinic’s address, on days on which you are open: numbers, and no names. "
            "When there is nothing to do, none is sent."
        ),
        required=False,
        widget=Tick,
    )

    class Meta:
        model = ClinicValues
        fields = (
            *("answer_within_hours", "answer_urgent_within_hours", "urgent_email"),
            "morning_mail",
        )


class ReplyForm(ErrorSummaryForm, forms.ModelForm):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Language,
        error_messages={"required": gettext_lazy("Choose the language.")},
    )
    title = NameField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("By which colleagues find it. Patients do not read it."),
        max_length=SavedReply._meta.get_field("title").max_length,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    text = TextOverLines(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "{name}, {due} and {visit} stand for the patient’s name, the day of the answer and "
            "the visit."
        ),
        max_length=SavedReply._meta.get_field("text").max_length,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Write the text.")},
    )

    class Meta:
        model = SavedReply
        fields = ("language", "title", "text")

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        unknown = [name for name in _IN_BRACES.findall(text) if name not in SavedReply.PLACEHOLDERS]
        if unknown:
            raise ValidationError(
                _("{%s} stands for nothing. Use {name}, {due} or {visit}.") % unknown[0]
            )
        if re.search("[{}]", _IN_BRACES.sub("", text)):
            raise ValidationError(_("A { or } stands alone. Write {name}, {due} or {visit}."))
        return text

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        same = {name: given.get(name) for name in ("language", "title")}
        if SavedReply.objects.exclude(pk=self.instance.pk).filter(**same).exists():
            self.add_error("title", _("There is a reply with this title already. Change that one."))
        return given
