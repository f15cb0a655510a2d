"""The forms of the patient's page: add a message, correct, withdraw."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import YesNo
from mesosite.enquiries.consultation.form_fields import (
    ErrorSummaryForm,
    TextOverLines,
    one_of,
    readable_phone,
)
from mesosite.enquiries.consultation.form_layout import correction_helper
from mesosite.enquiries.consultation.forms import ABOUT_SKIN, REACH, ConsultationForm, Given
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry
from mesosite.pages.catalogue import all_questions
from mesosite.pages.page import Question


class MessageForm(ErrorSummaryForm):
    message = TextOverLines(
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        validators=[MaxLengthValidator(2000, _("Shorten your message to 2,000 characters"))],
        error_messages={"required": _("Write your message first")},
        label=_("Your message"),
        help_text=_("A person at the clinic reads it. Up to 2,000 characters."),
    )


class WithdrawForm(ErrorSummaryForm):
    """visit_to_come: the form asks whether to cancel the visit."""

    cancel_visit = one_of(
        [(YesNo.YES, _("Yes, cancel my visit")), (YesNo.NO, _("No, I will still come"))],
        _("Say whether to cancel your visit too"),
        label=_("Cancel my visit too?"),
        help_text=_("If you still come, write its day and time down now."),
    )

    def __init__(self, *args: Any, visit_to_come: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not visit_to_come:
            del self.fields["cancel_visit"]

    def cancels_visit(self) -> bool | None:
        """None where no visit was to come."""
        said = self.cleaned_data.get("cancel_visit")
        return said and said == YesNo.YES


class CorrectionForm(ConsultationForm):
    """The questions of the consultation form, filled in with what the patient gave."""

    def __init__(self, data: QueryDict | None = None, *, enquiry: Enquiry) -> None:
        super().__init__(data, initial=_initial(enquiry))
        for name in ("adult", "consent", "website", "token"):
            del self.fields[name]
        self.order_fields(REACH)
        self.enquiry = enquiry
        self.offer((all_questions() | self._asked_before()).values())

    @cached_property
    def helper(self) -> FormHelper:
        return correction_helper(ABOUT_SKIN, REACH)

    def _asked_before(self) -> dict[str, Question]:
        """{id: Question} in the words that the patient saw; a page may have them no longer."""
        asked, page = self.enquiry.answers.get("questions", ()), gettext("You asked before")
        return {item["id"]: Question(item["id"], item["text"], page) for item in asked}

    def given(self) -> Given:
        given = super().given()
        if isinstance(self.enquiry.answers, Unreadable) and not any(given["answers"].values()):
            given["answers"] = self.enquiry.answers  # the patient saw empty fields, not the answers
        return given


def _initial(enquiry: Enquiry) -> dict[str, Any]:
    asked = [question["id"] for question in enquiry.answers.get("questions", ())]
    contact = enquiry.contact | {"phone": readable_phone(enquiry.contact.get("phone"))}
    return enquiry.answers | contact | {"topics": enquiry.topics, "questions": asked}
