"""The consultation form: what is asked, why, and what counts as an answer."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import BestTime, ContactBy, Health, Language, ScarType, Topic, YesNo
from mesosite.enquiries.consultation.consent import consent_words, statement
from mesosite.enquiries.consultation.form_fields import (
    NamesProblems,
    Several,
    SeveralKnown,
    TextOverLines,
    Tick,
    TokenField,
    at_most,
    one_line,
    one_of,
    phone_field,
    several,
)
from mesosite.enquiries.consultation.form_layout import form_helper
from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.consultation.tokens import has_other_words
from mesosite.enquiries.workflow import reopen
from mesosite.pages.catalogue import all_questions, clinic

REACH = ("name", "email", "phone", "contact_by", "leave_message", "best_time", "language")


class ConsultationForm(NamesProblems, forms.Form):
    """A request for a consultation, as the patient fills it in. `receive` stores it."""

    use_required_attribute = False

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
        validators=[at_most(2000, _("Shorten your message to 2,000 characters"))],
        label=_("Anything else? (optional)"),
        help_text=_("Whatever helps us to understand you. Up to 2,000 characters."),
    )
    name = forms.CharField(
        widget=forms.TextInput(
            attrs={"autocomplete": "name", "dir": "auto", "spellcheck": "false"}
        ),
        validators=[at_most(200, _("Shorten the name to 200 characters")), one_line],
        error_messages={"required": _("Enter your name")},
        label=_("Your name"),
        help_text=_("So that we know what to call you."),
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[one_line],
        error_messages={
            "invalid": _("Enter an email address such as name@example.com"),
            "max_length": _("Shorten the email address to 254 characters"),
        },
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

    field_order = [
        *("topics", "scar_types", "questions", "health", "message", "name", "email", "phone"),
        *("contact_by", "leave_message", "best_time", "language", "adult", "consent"),
        *("website", "token"),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"] = phone_field(
            clinic().country,
            required=False,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            label=_("Phone number"),
            help_text=_("For a call or a text message. Spaces are fine."),
        )
        self.order_fields(self.field_order)
        self.fields["email"].widget.attrs.pop("maxlength")  # it cuts a paste without a word
        self.fields["questions"].choices = [(q.id, q) for q in all_questions().values()]
        self.fields["language"].initial = (get_language() or "en").split("-")[0]
        self._fill_agreement(self.fields["consent"])
        if has_other_words(self.data.get("token", "")):
            self._ask_for_consent_again()

    @cached_property
    def helper(self):
        return form_helper()

    @staticmethod
    def _fill_agreement(consent):
        consent.label = statement()
        consent.help_text = format_html(
            '{} <a href="/privacy/">{}</a>',
            _("We ask because what you say about your health is private."),
            _("What we keep, and how long"),
        )

    def _ask_for_consent_again(self):
        """The words changed since the form was shown: what was ticked was not these."""
        self.data = self.data.copy()
        self.data.pop("consent", None)
        self.fields["consent"].error_messages["required"] = _(
            "The words beside this box have changed. Read them, and tick it if you agree"
        )

    def clean_adult(self):
        if self.cleaned_data["adult"] != YesNo.YES:
            raise ValidationError(_("This form is for people of 18 or over"), code="under_18")
        return self.cleaned_data["adult"]

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and phone.extension:
            raise ValidationError(
                _("Leave the extension out, and write it in your message"), code="extension"
            )
        return phone.as_e164 if phone else ""

    def clean(self):
        """One way to reach the patient, and a phone for those who want to be called."""
        data = super().clean()
        if self.errors.keys() & {"email", "phone"} or data["phone"]:
            return data
        if data.get("contact_by") in (ContactBy.PHONE, ContactBy.TEXT):
            self.add_error("phone", _("Enter a phone number, so that we can call or text you"))
        elif not data["email"]:
            self.add_error("email", _("Enter an email address, or a phone number"))
        return data

    def has_repeats(self):
        """Whether a field of one value was sent twice. No browser does that with this form."""
        single = [name for name in self.fields if not isinstance(self.fields[name], Several)]
        return any(len(self.data.getlist(name)) > 1 for name in single)

    def says_under_18(self):
        return self.data.get("adult") == YesNo.NO

    def ticked_questions(self):
        return [box for box in self["questions"].subwidgets if box.data["selected"]]

    def other_questions(self):
        return [box for box in self["questions"].subwidgets if not box.data["selected"]]

    def given(self):
        """{"topics", "contact", "answers"} as `Enquiry` keeps them. For a valid form."""
        data = self.cleaned_data
        answers = ("scar_types", "health", "message")
        offered = dict(self.fields["questions"].choices)
        asked = [{"id": id_, "text": offered[id_].text} for id_ in data["questions"]]
        return {
            "topics": data["topics"],
            "contact": {name: data[name] for name in REACH},
            "answers": {name: data[name] for name in answers} | {"questions": asked},
        }

    def receive(self, address):
        """Store what was asked, once. address: the client's. Raises django.db.Error."""
        enquiry = submit(
            **self.given(),
            token=self.cleaned_data["token"],
            honeypot=bool(self.cleaned_data["website"]),
            address=address,
            consent=consent_words(),
        )
        if enquiry.was_known:
            reopen(enquiry)
        return enquiry
