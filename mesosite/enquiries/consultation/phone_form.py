"""The consultation form as staff fill it in while somebody is on the phone."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite.enquiries.consultation.consent import spoken_consent_words
from mesosite.enquiries.consultation.contact_form import REACH
from mesosite.enquiries.consultation.form_fields import Tick
from mesosite.enquiries.consultation.form_layout import phone_helper
from mesosite.enquiries.consultation.forms import WISHES, ConsultationForm
from mesosite.enquiries.consultation.submission import take_by_phone
from mesosite.enquiries.models import Enquiry
from mesosite.normal_form import email_key

ASKED_FIRST = ("problem", "adult", "consent")
LABELS = {
    "problem": gettext_lazy("Is it about a problem after a treatment?"),
    "adult": gettext_lazy("The caller says: I am 18 or over"),
    "consent": gettext_lazy("I read this aloud, and the caller agrees"),
    "topics": gettext_lazy("What it is about"),
    "message": gettext_lazy("In the caller’s words"),
    "questions": gettext_lazy("Questions to answer"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Email address"),
    "phone": gettext_lazy("Phone number"),
    "contact_by": gettext_lazy("How to answer"),
    "leave_message": gettext_lazy("May we leave a message?"),
    "best_time": gettext_lazy("Good times to call"),
    "language": gettext_lazy("Language of the answer"),
    "help_needed": gettext_lazy("Help needed"),
}
"""What staff read beside the fields, which speak to the patient."""


class PhoneRequestForm(ConsultationForm):
    """The same questions and rules; age and consent are ticked by who asked for them.

    An email address is read back to the caller letter by letter before anything is stored:
    `read_back` is the address that was read.
    """

    adult = forms.BooleanField(  # type: ignore[assignment]
        widget=Tick,
        error_messages={"required": gettext_lazy("Ask whether the caller is 18 or over")},
    )
    read_back = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["website"]
        for name, label in LABELS.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
        self.fields["email"].help_text = _("Its first mail only asks to confirm the address.")
        self.fields["consent"].error_messages["required"] = _(
            "Read the text aloud, and tick the box if the caller agrees"
        )
        for name in ("name", "email", "phone"):  # else the browser fills in who sits at the desk
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @cached_property
    def helper(self) -> FormHelper:
        return phone_helper(ASKED_FIRST, WISHES, REACH)

    def clean_adult(self) -> str:
        return "yes"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        email = data.get("email")
        if email and not self.errors and email_key(email) != email_key(data["read_back"]):
            words = _("Read the address back to the caller, letter by letter.")
            self.add_error("email", ValidationError(words, code="read_back"))
        return data

    @property
    def to_read_back(self) -> str:
        """The address that the caller has to hear before anything is stored, or ""."""
        errors = self.errors.as_data() if self.is_bound else {}
        codes = [error.code for error in errors.get("email", [])]
        return str(self["email"].value()) if codes == ["read_back"] else ""

    def take(self, by: User) -> Enquiry:
        """Stores the request, once. For a valid form. Raises django.db.Error."""
        token, consent = self.cleaned_data["token"], spoken_consent_words()
        return take_by_phone(**self.given(), token=token, consent=consent, by=by)
