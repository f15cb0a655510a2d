"""Pieces of the consultation form that Django's own fields do not give."""

import unicodedata

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from mesosite.enquiries.consultation.tokens import is_good_token, new_token


def at_most(length, message):
    """A validator; unlike `max_length` it sets no maxlength, which cuts a paste without a word."""
    return MaxLengthValidator(length, message)


def one_line(text):
    """Refuses line breaks and other control characters: they forge lines in a mail's head."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValidationError(_("Write this on one line, with letters and spaces"), code="lines")


class NamesProblems:
    """A form that can list what is to be mended in it, for the box on top of its page."""

    def problems(self):
        """[(id of the input that mends it, what to do)], in the order of the form."""
        wrong = [self[name] for name in self.fields if name in self.errors]
        return [(self._first_input(field), field.errors[0]) for field in wrong]

    @staticmethod
    def _first_input(field):
        if field.is_hidden:
            return "send"
        return field.id_for_label or f"{field.auto_id}_0"


class TextOverLines(forms.CharField):
    """Longer text. A line break counts as one character, as the person who types it counts."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class Tick(forms.CheckboxInput):
    """A box where only a tick counts: `consent=no` is no consent."""

    def value_from_datadict(self, data, files, name):
        return str(data.get(name, "")).lower() in ("on", "yes", "true", "1")


class Several(forms.MultipleChoiceField):
    """Any number of choices, each counted once."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value):
        return list(dict.fromkeys(super().to_python(value)))


class SeveralKnown(Several):
    """Choices of which some may be gone by now: a page was edited while somebody read it."""

    def to_python(self, value):
        return [chosen for chosen in super().to_python(value) if self.valid_value(chosen)]


def one_of(choices, missing, **kwargs):
    """Radio buttons. `missing`: what to do, said where nothing or no known choice arrives."""
    messages = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(
        choices=choices, widget=forms.RadioSelect, error_messages=messages, **kwargs
    )


def several(choices, **kwargs):
    messages = {"invalid_choice": _("Choose from the answers that are listed")}
    return Several(choices=choices, required=False, error_messages=messages, **kwargs)


class TokenField(forms.CharField):
    """The form's signed token. Shown again as it came while it is good, else a fresh one."""

    widget = forms.HiddenInput

    def __init__(self):
        again = _(
            "This form was open for a long time. Please send it once more: "
            "everything that you wrote is still here"
        )
        super().__init__(initial=new_token, error_messages={"required": again, "invalid": again})

    def validate(self, value):
        super().validate(value)
        if not is_good_token(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def bound_data(self, data, initial):
        return data if data and is_good_token(data) else initial


def phone_field(country, **kwargs):
    """A phone field that reads numbers as dialled in `country`; "" asks for the +."""
    message = _("Enter the phone number with + and the country first, such as +30 691 234 5678")
    if country:
        kind = phonenumbers.PhoneNumberType.MOBILE
        example = phonenumbers.example_number_for_type(country, kind)
        shown = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
        message = _(
            "Enter a phone number such as {number}, or start with + and the country"
        ).format(number=shown)
    return PhoneNumberField(region=country or None, error_messages={"invalid": message}, **kwargs)


def readable_phone(number):
    """E.164 in the groups in which one reads it aloud; what is no number as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number or ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
