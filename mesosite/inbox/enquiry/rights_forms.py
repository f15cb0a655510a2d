"""The forms of what a patient may ask at the desk: a correction, a lock, erasure."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesosite.enquiries.consultation.contact_form import ContactForm
from mesosite.enquiries.consultation.form_fields import readable_phone
from mesosite.enquiries.models import Enquiry, LockReason
from mesosite.enquiries.rights import EraseReason
from mesosite.inbox.fields import LockField
from mesosite.normal_form import email_key

LABELS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "contact_by": gettext_lazy("Answer by"),
    "leave_message": gettext_lazy("Leave a message"),
    "best_time": gettext_lazy("Good times"),
    "language": gettext_lazy("Answer in"),
    "help_needed": gettext_lazy("Help needed"),
}
"""What staff read beside the fields of ContactForm, which speaks to the patient."""


class CorrectContactForm(ContactForm):
    """The contact of a request, filled in. version: of the request that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    spoke = forms.BooleanField(
        required=False,
        label=gettext_lazy("I rang the stored phone number and spoke to the patient"),
        help_text=gettext_lazy(
            "Then a new email address gets the link at once. Else a second person has to agree."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, enquiry: Enquiry) -> None:
        phone = readable_phone(enquiry.contact.get("phone"))
        given = enquiry.contact | {"phone": phone, "version": enquiry.version}
        super().__init__(data, initial=given)
        self.enquiry = enquiry
        for name, label in LABELS.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
        if not enquiry.contact.get("phone"):
            del self.fields["spoke"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        stored = self.enquiry.contact
        other_address = email_key(data.get("email") or "") != email_key(stored.get("email") or "")
        other_phone = (data.get("phone") or "") != (stored.get("phone") or "")
        if data.get("spoke") and other_address and other_phone and not self.errors:
            words = _("The phone number is new too: correct the address first, then the number.")
            self.add_error("spoke", ValidationError(words))
        return data


class LockForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose")), *LockReason.choices],
        error_messages={"required": gettext_lazy("Choose why it is locked.")},
    )
    until = LockField(label=gettext_lazy("Until the end of"))


class EraseForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose")), *EraseReason.choices],
        error_messages={"required": gettext_lazy("Choose why it is erased.")},
    )
