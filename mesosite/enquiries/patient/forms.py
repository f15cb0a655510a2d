"""The forms of the patient's own page: add a message, correct, take the request back."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import YesNo
from mesosite.enquiries.consultation.form_fields import (
    NamesProblems,
    TextOverLines,
    at_most,
    readable_phone,
)
from mesosite.enquiries.consultation.form_layout import correction_helper
from mesosite.enquiries.consultation.forms import REACH, ConsultationForm, one_of
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.pages.catalogue import Question, all_questions


class MessageForm(NamesProblems, forms.Form):
    use_required_attribute = False

    message = TextOverLines(
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        validators=[at_most(2000, _("Shorten your message to 2,000 characters"))],
        error_messages={"required": _("Write your message first")},
        label=_("Your message"),
        help_text=_("A person at the clinic reads it. Up to 2,000 characters."),
    )


class WithdrawForm(NamesProblems, forms.Form):
    """Asks about the visit where one is to come: `visit_to_come`."""

    use_required_attribute = False

    cancel_visit = one_of(
        [(YesNo.YES, _("Yes, cancel my visit")), (YesNo.NO, _("No, I will still come"))],
        _("Say whether to cancel your visit too"),
        label=_("Cancel my visit too?"),
        help_text=_("If you still come, write its day and time down now."),
    )

    def __init__(self, *args, visit_to_come, **kwargs):
        super().__init__(*args, **kwargs)
        if not visit_to_come:
            del self.fields["cancel_visit"]

    def cancels_visit(self):
        """None where there was no visit to ask about."""
        said = self.cleaned_data.get("cancel_visit")
        return said and said == YesNo.YES


class CorrectionForm(ConsultationForm):
    """What was given, in the form in which it was asked. `given` is what it is now."""

    def __init__(self, data=None, *, enquiry):
        super().__init__(data, initial=_shown(enquiry))
        for name in ("adult", "consent", "website", "token"):
            del self.fields[name]
        self.order_fields(REACH)
        self.enquiry = enquiry
        known = all_questions() | self._asked_before()
        self.fields["questions"].choices = [(question.id, question) for question in known.values()]

    @cached_property
    def helper(self):
        return correction_helper()

    def _asked_before(self):
        """{id: Question} in the words that the patient saw, some gone from the pages since."""
        asked, page = self.enquiry.answers.get("questions", ()), _("You asked before")
        return {item["id"]: Question(item["id"], item["text"], page) for item in asked}

    def given(self):
        given = super().given()
        if isinstance(self.enquiry.answers, Unreadable) and not any(given["answers"].values()):
            given["answers"] = self.enquiry.answers  # the patient saw empty fields, not the answers
        return given


def _shown(enquiry):
    """The initial values of the form."""
    asked = [question["id"] for question in enquiry.answers.get("questions", ())]
    contact = enquiry.contact | {"phone": readable_phone(enquiry.contact.get("phone"))}
    return enquiry.answers | contact | {"topics": enquiry.topics, "questions": asked}
