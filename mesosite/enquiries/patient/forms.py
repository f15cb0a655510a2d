"""The forms of the patient's page: add a message, help us prepare, correct, withdraw."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import HEALTH_ANSWERS, Health, ScarType, YesNo
from mesosite.enquiries.consultation.consent import (
    health_consent_version,
    health_statement,
    privacy_link,
)
from mesosite.enquiries.consultation.contact_form import REACH
from mesosite.enquiries.consultation.form_fields import (
    ErrorSummaryForm,
    ProblemField,
    Tick,
    one_of,
    own_words,
    readable_phone,
    several,
)
from mesosite.enquiries.consultation.form_layout import correction_helper, prepare_helper
from mesosite.enquiries.consultation.forms import WISHES, ConsultationForm, Given
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry
from mesosite.pages.catalogue import all_questions
from mesosite.pages.page import Question


class MessageForm(ErrorSummaryForm):
    problem = ProblemField()
    message = own_words(
        _("Shorten your message to 2,000 characters"),
        error_messages={"required": _("Write your message first")},
        label=_("Your message"),
        help_text=_("A person at the clinic reads it. Up to 2,000 characters."),
    )


class PrepareForm(ErrorSummaryForm):
    """Answers that help to prepare a visit, with the consent to keep them.

    They need the consent as it is worded now: `agreed_to` is the version that was shown.
    """

    data: MultiValueDict[str, str]

    scar_types = several(
        [(kind.value, kind) for kind in ScarType],
        label=_("Which marks do you have? (optional)"),
        help_text=_("Choose all that look right."),
    )
    health = several(
        Health.choices,
        label=_("What should the clinician know before the visit? (optional)"),
        help_text=_("It can change what is safe for you. Choose all that are true."),
    )
    consent = forms.BooleanField(required=False, widget=Tick)
    agreed_to = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, enquiry: Enquiry) -> None:
        given = {name: enquiry.answers.get(name) for name in HEALTH_ANSWERS}
        super().__init__(data, initial={name: value for name, value in given.items() if value})
        self.fields["consent"].label = health_statement()
        self.fields["consent"].help_text = privacy_link(
            _("These answers need a yes of their own, since they are about your health.")
        )
        self.fields["agreed_to"].initial = health_consent_version()

    @cached_property
    def helper(self) -> FormHelper:
        return prepare_helper(HEALTH_ANSWERS)

    def clean(self) -> dict[str, Any]:
        """Without an answer there is nothing to agree to."""
        data = self.cleaned_data
        current = data["agreed_to"] == health_consent_version()
        if not self.errors and any(self.answers().values()) and not (data["consent"] and current):
            self.add_error("consent", self._ask_again(current))
        return data

    def answers(self) -> dict[str, list[str]]:
        return {name: self.cleaned_data[name] for name in HEALTH_ANSWERS}

    def _ask_again(self, current: bool) -> str:
        """A tick beside words that have changed since does not count for the new ones."""
        if current:
            return gettext("Tick the box if you agree: we cannot keep these answers without it")
        self.data = self.data.copy()
        self.data.pop("consent", None)
        self.data["agreed_to"] = health_consent_version()
        return gettext("The words beside this box have changed. Read them, and tick it again")


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
        self.order_fields([*REACH, "problem", *WISHES])
        self.enquiry = enquiry
        self.offer((all_questions() | self._asked_before()).values())

    @cached_property
    def helper(self) -> FormHelper:
        return correction_helper(WISHES, REACH)

    def _asked_before(self) -> dict[str, Question]:
        """{id: Question} in the words that the patient saw; a page may have them no longer."""
        asked, page = self.enquiry.answers.get("questions", ()), gettext("You asked before")
        return {item["id"]: Question(item["id"], item["text"], page) for item in asked}

    def given(self) -> Given:
        """What this form does not ask stays as it is, and what was never asked stays unsaid."""
        given, answers, before = super().given(), self.enquiry.answers, self.enquiry.contact
        said = {name: value for name, value in given["contact"].items() if value or name in before}
        given["contact"] = said
        if isinstance(answers, Unreadable) and not any(given["answers"].values()):
            given["answers"] = answers  # the patient saw empty fields, not the answers
        elif not isinstance(answers, Unreadable):
            given["answers"] = answers | given["answers"]
        return given


def _initial(enquiry: Enquiry) -> dict[str, Any]:
    asked = [question["id"] for question in enquiry.answers.get("questions", ())]
    contact = enquiry.contact | {"phone": readable_phone(enquiry.contact.get("phone"))}
    given = {"problem": enquiry.problem, "topics": enquiry.topics, "questions": asked}
    return enquiry.answers | contact | given
