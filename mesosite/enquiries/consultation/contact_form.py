"""How to reach a patient: the part of the consultation form that the desk asks too."""

from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import BestTime, ContactBy, HelpNeeded, Language, YesNo
from mesosite.enquiries.consultation.form_fields import (
    EmailField,
    ErrorSummaryForm,
    NameField,
    Several,
    is_landline,
    one_of,
    phone_field,
    several,
)
from mesosite.pages.catalogue import clinic

REACH = (
    *("name", "email", "phone", "contact_by", "leave_message", "best_time"),
    *("language", "help_needed"),
)
"""The fields, in the order in which they are asked."""


# How somebody is answered who gave (an address, a phone) and did not say how.
_UNSAID = {
    (True, False): ContactBy.EMAIL,
    (False, True): ContactBy.PHONE,
    (True, True): ContactBy.EITHER,
}


class ContactForm(ErrorSummaryForm):
    """One way to reach somebody at least, and how and when.

    Lengths are limited by validators: a maxlength cuts a paste silently.
    """

    data: MultiValueDict[str, str]

    name = NameField(
        widget=forms.TextInput(
            attrs={"autocomplete": "name", "dir": "auto", "spellcheck": "false"}
        ),
        validators=[MaxLengthValidator(200, _("Shorten the name to 200 characters"))],
        error_messages={"required": _("Enter your name")},
        label=_("Your name"),
        help_text=_("So that we know what to call you."),
    )
    email = EmailField(
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        label=_("Email address"),
        help_text=_("Only to answer you. Or give a phone number below: one is enough."),
    )
    contact_by = one_of(
        ContactBy.choices,
        _("Choose how we should answer"),
        required=False,
        label=_("How should we answer?"),
        help_text=_("If you choose nothing, we write to your email address or call you."),
    )
    leave_message = one_of(
        YesNo.choices,
        _("Choose yes or no"),
        required=False,
        label=_("If you do not pick up, may we leave a message? (optional)"),
        help_text=_("We ask because other people may hear it."),
    )
    best_time = several(
        BestTime.choices,
        label=_("When is a good time to reach you? (optional)"),
        help_text=_("So that we call when you can talk. Choose all that fit."),
    )
    language = one_of(
        [
            (value, format_html('<span lang="{}">{}</span>', value, name))
            for value, name in Language.choices
        ],
        _("Choose a language"),
        label=_("Which language shall we answer in?"),
        help_text=_("So that you can follow every word."),
    )
    help_needed = several(
        HelpNeeded.choices,
        label=_("Help needed (optional)"),
        help_text=_("So that we are ready for you. Choose all that fit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = phone_field(
            clinic().country,
            required=False,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            label=_("Phone number"),
            help_text=_("For a call or a text message. Spaces are fine."),
        )
        self.fields["language"].initial = (get_language() or "en").split("-")[0]
        self.order_fields(REACH)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and phone.extension:
            raise ValidationError(
                _("Leave the extension out, and write it in your message"), code="extension"
            )
        return phone.as_e164 if phone else ""

    def clean(self) -> dict[str, Any]:
        """One way to reach the patient, and a number that can take what was chosen."""
        data = self.cleaned_data
        by, phone = data.get("contact_by"), data.get("phone")
        if self.errors.keys() & {"email", "phone"}:
            return data
        if phone and by == ContactBy.TEXT and is_landline(phonenumbers.parse(phone)):
            landline = _("A landline gets no text message. Enter a mobile number, or choose a call")
            self.add_error("phone", landline)
        elif not phone and by in (ContactBy.PHONE, ContactBy.TEXT):
            self.add_error("phone", _("Enter a phone number, so that we can call or text you"))
        elif not phone and not data["email"]:
            self.add_error("email", _("Enter an email address, or a phone number"))
        elif by == "":
            given = (bool(data["email"]), bool(phone))
            data["contact_by"] = _UNSAID[given].value
        return data

    def refuse_repeats(self) -> None:
        """Raises BadRequest where a field of one value came twice: no browser sends that."""
        single = [name for name in self.fields if not isinstance(self.fields[name], Several)]
        if any(len(self.data.getlist(name)) > 1 for name in single):
            raise BadRequest("A field of one value came more than once.")

    def contact(self) -> dict[str, Any]:
        """The values of REACH, as `Enquiry.contact` keeps them. For a valid form."""
        return {name: self.cleaned_data[name] for name in REACH}
