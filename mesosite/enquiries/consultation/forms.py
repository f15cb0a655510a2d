"""The consultation form: what is asked, why, and what counts as an answer."""

from collections.abc import Iterable
from typing import Any, TypedDict, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import Topic, YesNo
from mesosite.enquiries.consultation.consent import consent_words, privacy_link, statement
from mesosite.enquiries.consultation.contact_form import REACH, ContactForm
from mesosite.enquiries.consultation.form_fields import (
    ProblemField,
    SeveralKnown,
    Tick,
    TokenField,
    one_of,
    own_words,
    several,
)
from mesosite.enquiries.consultation.form_layout import form_helper
from mesosite.enquiries.consultation.submission import Submission, submit
from mesosite.enquiries.consultation.tokens import has_old_consent
from mesosite.pages.catalogue import all_questions
from mesosite.pages.page import Question

# The fields of the form's sections, in the order in which they are asked.
FIRST = ("adult", "problem")
WISHES = ("topics", "message", "questions")


class Given(TypedDict):
    """What a patient gives, as `Enquiry` keeps it.

    contact: the fields of REACH, the phone in E.164. answers: message, and questions as
    [{"id", "text"}] in the words that were shown.
    """

    problem: bool
    topics: list[str]
    contact: dict[str, Any]
    answers: dict[str, Any]


class ConsultationForm(ContactForm):
    """A request for a consultation, as the patient fills it in. `submit` stores it.

    Lengths are limited by validators: a maxlength cuts a paste silently.
    """

    data: MultiValueDict[str, str]

    adult = one_of(
        YesNo.choices,
        _("Say whether you are 18 or over"),
        label=_("Are you 18 or over?"),
        help_text=_("We can only take requests from adults, about themselves."),
    )
    problem = ProblemField()
    topics = several(
        Topic.choices,
        label=_("What would you like to talk about? (optional)"),
        help_text=_("So that the right person reads it. Choose all that fit."),
    )
    message = own_words(
        _("Shorten your message to 2,000 characters"),
        required=False,
        label=_("In your own words (optional)"),
        help_text=_("Whatever helps us to understand you. Up to 2,000 characters."),
    )
    questions = SeveralKnown(
        required=False,
        label=_("Which questions shall we answer? (optional)"),
        help_text=_("So that no question of yours is left out."),
    )
    consent = forms.BooleanField(
        widget=Tick,
        error_messages={"required": _("Tick the box if you agree: we cannot answer without it")},
    )
    website = forms.Field(required=False, label=_("Leave this empty"))
    token = TokenField()

    field_order = [*FIRST, *WISHES, *REACH, "consent", "website", "token"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.offer(all_questions().values())
        self.fields["consent"].label = statement()
        self.fields["consent"].help_text = privacy_link(
            _("We ask because what you say about your health is private.")
        )
        if has_old_consent(self.data.get("token", "")):
            self._ask_for_consent_again()

    @cached_property
    def helper(self) -> FormHelper:
        return form_helper(FIRST, WISHES, REACH)

    def offer(self, questions: Iterable[Question]) -> None:
        """Makes these questions the choices of the field `questions`."""
        self._questions = {question.id: question for question in questions}
        cast(SeveralKnown, self.fields["questions"]).choices = list(self._questions.items())

    def _ask_for_consent_again(self) -> None:
        """The consent changed since the form was shown: the tick does not count for the new one."""
        self.data = self.data.copy()
        self.data.pop("consent", None)
        self.fields["consent"].error_messages["required"] = _(
            "The words beside this box have changed. Read them, and tick it if you agree"
        )

    def clean_adult(self) -> str:
        if self.cleaned_data["adult"] != YesNo.YES:
            raise ValidationError(_("This form is for people of 18 or over"), code="under_18")
        return self.cleaned_data["adult"]

    @classmethod
    def filled_in(cls, given: QueryDict) -> "ConsultationForm":
        """The form, not sent yet, with what is given in its fields."""
        filled = cls(given)
        initial = {name: filled[name].value() for name in filled.fields if name in given}
        return cls(initial=initial)

    def typed(self) -> list[tuple[str, str]]:
        """[(name, value)] of all that was sent but for the answer about the age."""
        names = [name for name in self.fields if name != "adult"]
        return [(name, value) for name in names for value in self.data.getlist(name)]

    def says_under_18(self) -> bool:
        return self.data.get("adult") == YesNo.NO

    def ticked_questions(self) -> list[BoundWidget]:
        return [box for box in self["questions"].subwidgets if box.data["selected"]]

    def other_questions(self) -> list[BoundWidget]:
        return [box for box in self["questions"].subwidgets if not box.data["selected"]]

    def given(self) -> Given:
        """For a valid form."""
        data = self.cleaned_data
        asked = [{"id": id_, "text": self._questions[id_].text} for id_ in data["questions"]]
        return {
            "problem": data["problem"],
            "topics": data["topics"],
            "contact": self.contact(),
            "answers": {"message": data["message"], "questions": asked},
        }

    def submit(self, address: str) -> Submission:
        """Stores the request, once. address: the client's. Raises django.db.Error."""
        return submit(
            **self.given(),
            token=self.cleaned_data["token"],
            honeypot=bool(self.cleaned_data["website"]),
            address=address,
            consent=consent_words(),
        )
