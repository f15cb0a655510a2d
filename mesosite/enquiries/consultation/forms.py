"""The consultation form: what is asked, why, and what counts as an answer."""

from collections.abc import Iterable
from typing import Any, TypedDict, cast

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

from mesosite.enquiries.choices import BestTime, ContactBy, Health, Language, ScarType, Topic, YesNo
from mesosite.enquiries.consultation.consent import consent_words, statement
from mesosite.enquiries.consultation.form_fields import (
    EmailField,
    ErrorSummaryForm,
    NameField,
    Several,
    SeveralKnown,
    TextOverLines,
    Tick,
    TokenField,
    one_of,
    phone_field,
    several,
)
from mesosite.enquiries.consultation.form_layout import form_helper
from mesosite.enquiries.consultation.submission import Submission, submit
from mesosite.enquiries.consultation.tokens import has_old_consent
from mesosite.pages.catalogue import all_questions, clinic
from mesosite.pages.page import Question

# The fields of the form's two sections, in the order in which they are asked.
ABOUT_SKIN = ("topics", "scar_types", "questions", "health", "message")
REACH = ("name", "email", "phone", "contact_by", "leave_message", "best_time", "language")


class Given(TypedDict):
    """What a patient gives, as `Enquiry` keeps it.

    contact: name, email, phone (E.164), contact_by, leave_message, best_time, language. answers:
    scar_types, health, message, and questions as [{"id", "text"}] in the words that were shown.
    """

    topics: list[str]
    contact: dict[str, Any]
    answers: dict[str, Any]


class ConsultationForm(ErrorSummaryForm):
    """A request for a consultation, as the patient fills it in. `submit` stores it.

    Lengths are limited by validators: a maxlength cuts a paste silently.
    """

    data: MultiValueDict[str, str]

    topics = several(
        Topic.choices,
        label=_("What would you like to talk about? (optional)"),
        help_text=_("So that the right person reads it. Choose all that fit."),
    )
    scar_types = several(
        [(kind.value, kind) for kind in ScarType],
        label=_("Which marks do you have? (optional)"),
        help_text=_("It helps the clinic prepare. Choose all that look right."),
    )
    questions = SeveralKnown(
        required=False,
        label=_("Which questions shall we answer? (optional)"),
        help_text=_("So that no question of yours is left out."),
    )
    health = several(
        Health.choices,
        label=_("What should the clinician know before the visit? (optional)"),
        help_text=_("It can change what is safe for you. Choose all that are true."),
    )
    message = TextOverLines(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        validators=[MaxLengthValidator(2000, _("Shorten your message to 2,000 characters"))],
        label=_("Anything else? (optional)"),
        help_text=_("Whatever helps us to understand you. Up to 2,000 characters."),
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
        label=_("How should we answer?"),
        help_text=_("So that we reach you in the way that suits you."),
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
    adult = one_of(
        YesNo.choices,
        _("Say whether you are 18 or over"),
        label=_("Are you 18 or over?"),
        help_text=_("We can only take requests from adults, about themselves."),
    )
    consent = forms.BooleanField(
        widget=Tick,
        error_messages={"required": _("Tick the box if you agree: we cannot answer without it")},
    )
    website = forms.Field(required=False, label=_("Leave this empty"))
    token = TokenField()

    field_order = [*ABOUT_SKIN, *REACH, "adult", "consent", "website", "token"]

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
        self._label_consent()
        if has_old_consent(self.data.get("token", "")):
            self._ask_for_consent_again()

    @cached_property
    def helper(self) -> FormHelper:
        return form_helper(ABOUT_SKIN, REACH)

    def offer(self, questions: Iterable[Question]) -> None:
        """Makes these questions the choices of the field `questions`."""
        self._questions = {question.id: question for question in questions}
        cast(SeveralKnown, self.fields["questions"]).choices = list(self._questions.items())

    def _label_consent(self) -> None:
        consent = self.fields["consent"]
        consent.label = statement()
        consent.help_text = format_html(
            '{} <a href="/privacy/" target="_blank" rel="noopener">{}</a>',
            _("We ask because what you say about your health is private."),
            _("What we keep, and how long (opens in a new tab)"),
        )

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
        """One way to reach the patient, and a phone for those who want to be called."""
        data = self.cleaned_data
        if self.errors.keys() & {"email", "phone"} or data["phone"]:
            return data
        if data.get("contact_by") in (ContactBy.PHONE.value, ContactBy.TEXT.value):
            self.add_error("phone", _("Enter a phone number, so that we can call or text you"))
        elif not data["email"]:
            self.add_error("email", _("Enter an email address, or a phone number"))
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
        answers = {name: data[name] for name in ABOUT_SKIN if name != "topics"}
        return {
            "topics": data["topics"],
            "contact": {name: data[name] for name in REACH},
            "answers": answers | {"questions": asked},
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
