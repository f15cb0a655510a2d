"""The consultation form: what is asked, why, and what counts as an answer."""

from collections.abc import Iterable
from typing import Any, TypedDict, cast

import phonenumbers
from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import BestTime, ContactBy, HelpNeeded, Language, Topic, YesNo
from mesosite.enquiries.consultation.consent import consent_words, privacy_link, statement
from mesosite.enquiries.consultation.form_fields import (
    EmailField,
    ErrorSummaryForm,
    NameField,
    ProblemField,
    Several,
    SeveralKnown,
    Tick,
    TokenField,
    is_landline,
    one_of,
    own_words,
    phone_field,
    several,
)
from mesosite.enquiries.consultation.form_layout import form_helper
from mesosite.enquiries.consultation.submission import Submission, submit
from mesosite.enquiries.consultation.tokens import has_old_consent
from mesosite.pages.catalogue import all_questions, clinic
from mesosite.pages.page import Question

# The fields of the form's sections, in the order in which they are asked.
FIRST = ("adult", "problem")
WISHES = ("topics", "message", "questions")
REACH = (
    *("name", "email", "phone", "contact_by", "leave_message", "best_time"),
    *("language", "help_needed"),
)


class Given(TypedDict):
    """What a patient gives, as `Enquiry` keeps it.

    contact: the fields of REACH, the phone in E.164. answers: message, and questions as
    [{"id", "text"}] in the words that were shown.
    """

    problem: bool
    topics: list[str]
    contact: dict[str, Any]
    answers: dict[str, Any]


class ConsultationForm(ErrorSummaryForm):
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
        help_text=_("If you gave an email address alone, we write to it."),
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
    consent = forms.BooleanField(
        widget=Tick,
        error_messages={"required": _("Tick the box if you agree: we cannot answer without it")},
    )
    website = forms.Field(required=False, label=_("Leave this empty"))
    token = TokenField()

    field_order = [*FIRST, *WISHES, *REACH, "consent", "website", "token"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = phone_field(
            clinic().country,
            required=False,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            label=_("Phone number"),
            help_text=_("For a call or a text message. Spaces are fine."),
        )
        self.order_fields(self.field_order)
        self.offer(all_questions().values())
        self.fields["language"].initial = (get_language() or "en").split("-")[0]
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
        if phone and by == "":
            self.add_error("contact_by", _("Choose how we should answer"))
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
            data["contact_by"] = ContactBy.EMAIL.value
        return data

    def refuse_repeats(self) -> None:
        """Raises BadRequest where a field of one value came twice: no browser sends that."""
        single = [name for name in self.fields if not isinstance(self.fields[name], Several)]
        if any(len(self.data.getlist(name)) > 1 for name in single):
            raise BadRequest("A field of one value came more than once.")

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
            "contact": {name: data[name] for name in REACH},
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
