"""Pieces of the consultation form that Django's own fields do not give."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from mesosite import normal_form
from mesosite.enquiries.choices import YesNo
from mesosite.enquiries.consultation.tokens import is_good_token, new_token
from mesosite.pages.catalogue import clinic

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MAX_WORDS = 2000  # characters of a message
MAX_EMAIL_LENGTH = 254  # RFC 5321, as corrected by erratum 1690 of RFC 3696
Choices = Iterable[tuple[str, "_StrOrPromise"]]


def one_line(text: str) -> None:
    """Refuses line breaks and other control characters: they forge a header of a mail."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValidationError(_("Write this on one line, with letters and spaces"), code="lines")


class ErrorSummaryForm(forms.Form):
    """A form that lists its errors, for the error summary on top of its page."""

    use_required_attribute = False

    def problems(self) -> list[tuple[str, str]]:
        """[(id of the input to correct, what to do)], in the order of the form."""
        wrong = [self[name] for name in self.fields if name in self.errors]
        return [(self._first_input(field), str(field.errors[0])) for field in wrong]

    @staticmethod
    def _first_input(field: BoundField) -> str:
        if field.is_hidden:
            return "send"
        return field.id_for_label or f"{field.auto_id}_0"


class TextOverLines(forms.CharField):
    """Longer text. A line break counts as one character, as the person who types it counts."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return normal_form.words(str(super().to_python(value)))


def own_words(too_long: "_StrOrPromise", **kwargs: Any) -> TextOverLines:
    """A box for up to MAX_WORDS characters. A limit of the browser's own cuts a paste silently."""
    attrs = {"rows": 5, "dir": "auto", "data-left": _(" # left."), "data-max": MAX_WORDS}
    return TextOverLines(
        widget=forms.Textarea(attrs=attrs),
        validators=[MaxLengthValidator(MAX_WORDS, too_long)],
        **kwargs,
    )


class NameField(forms.CharField):
    """Words on one line. A name of invisible signs only is empty."""

    default_validators = [one_line]

    def to_python(self, value: Any) -> str:
        return normal_form.line(str(super().to_python(value)))


class EmailField(forms.CharField):
    """An address that mail can be sent to; shown with the domain in its own letters."""

    widget = forms.EmailInput
    default_error_messages = {
        "invalid": _("Enter an email address such as name@example.com"),
        "turned": _(
            "The email address holds an invisible sign that turns its letters round. "
            "Delete it, and type the address by hand"
        ),
        "letters": _("Before the @ of the email address, use the letters a to z"),
        "unreachable": _(
            "We cannot send to this address from here. "
            "Enter an email address such as name@example.com"
        ),
        "max_length": _("Shorten the email address to 254 characters"),
    }

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value))
        if len(typed) > MAX_EMAIL_LENGTH:
            raise ValidationError(self.error_messages["max_length"], code="max_length")
        try:
            return normal_form.email(typed) if normal_form.plain(typed) else ""
        except normal_form.AddressError as error:
            raise ValidationError(self.error_messages[error.reason], code=error.reason) from error

    def prepare_value(self, value: Any) -> str:
        return normal_form.readable_email(value)


class Tick(forms.CheckboxInput):
    """A box where only a tick counts: `consent=no` does not give consent."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return str(data.get(name, "")).lower() in ("on", "yes", "true", "1")


class Several(forms.MultipleChoiceField):
    """Any number of choices, each counted once."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value)))


class SeveralKnown(Several):
    """Choices of which some may be gone: a page may be edited while a patient reads it."""

    def to_python(self, value: Any) -> list[str]:
        return [chosen for chosen in super().to_python(value) if self.valid_value(chosen)]


def one_of(choices: Choices, missing: "_StrOrPromise", **kwargs: Any) -> forms.ChoiceField:
    """Radio buttons. missing: the error where no choice, or an unknown one, arrives."""
    messages = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(
        choices=choices, widget=forms.RadioSelect, error_messages=messages, **kwargs
    )


class ProblemField(forms.ChoiceField):
    """Whether something is wrong after a treatment: its value is a bool.

    A demonstration takes no yes, since nobody reads it.
    """

    widget = forms.RadioSelect

    def __init__(self) -> None:
        missing = _("Say whether this is about a problem after a treatment")
        super().__init__(
            choices=YesNo.choices,
            error_messages={"required": missing, "invalid_choice": missing},
            label=_("Is this about a problem after a treatment?"),
            help_text=_("If it is, we first show you what to do now."),
        )

    def clean(self, value: Any) -> bool:
        is_problem = super().clean(value) == YesNo.YES
        if is_problem and clinic().demonstration:
            raise ValidationError(
                _(
                    "Nobody reads this demonstration, so we cannot take a request about a "
                    "problem. Ring whoever treated you, or see a doctor today"
                ),
                code="demonstration",
            )
        return is_problem

    def prepare_value(self, value: Any) -> Any:
        return {True: YesNo.YES.value, False: YesNo.NO.value}.get(value, value)


def several(choices: Choices, **kwargs: Any) -> Several:
    messages = {"invalid_choice": _("Choose from the answers that are listed")}
    return Several(choices=choices, required=False, error_messages=messages, **kwargs)


class TokenField(forms.CharField):
    """The form's signed token. A good token is shown again, any other is replaced by a new one."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        again = _(
            "This form was open for a long time. Please send it once more: "
            "everything that you wrote is still here"
        )
        super().__init__(initial=new_token, error_messages={"required": again, "invalid": again})

    def validate(self, value: str) -> None:
        super().validate(value)
        if not is_good_token(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def bound_data(self, data: str | None, initial: str) -> str:
        return data if data and is_good_token(data) else initial


class PhoneField(PhoneNumberField):
    def to_python(self, value: Any) -> Any:
        typed = str(value or "")
        if normal_form.is_turned(typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(normal_form.plain(typed))


def phone_field(country: str, **kwargs: Any) -> PhoneField:
    """A phone field that reads numbers as dialled in `country`; "" asks for the +."""
    wanted = gettext(
        "Enter the phone number with + and the country first, such as +30 691 234 5678"
    )
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if country and example:
        shown = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
        wanted = gettext("Enter a phone number such as {number}, or start with + and the country")
        wanted = wanted.format(number=shown)
    return PhoneField(region=country or None, error_messages={"invalid": wanted}, **kwargs)


def is_landline(number: phonenumbers.PhoneNumber) -> bool:
    """Whether the numbering plan says so: then it gets no text message."""
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE


def readable_phone(number: str | None) -> str:
    """E.164 in the groups in which one reads it aloud; any other text is returned as it is."""
    try:
        parsed = phonenumbers.parse(number or "")
    except phonenumbers.NumberParseException:
        return number or ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
