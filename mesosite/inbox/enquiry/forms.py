"""The one form on the page of an enquiry: words, and the step that goes with them."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import YesNo
from mesosite.enquiries.consultation.form_fields import NameField, TextOverLines
from mesosite.enquiries.models import Enquiry, Note
from mesosite.enquiries.models.states import OFFERED_REASONS, CloseReason, State
from mesosite.enquiries.steps import ASK_AGAIN, Press, Step
from mesosite.enquiries.visits import objections
from mesosite.inbox.enquiry import days, saved_replies
from mesosite.inbox.fields import (
    MAX_AHEAD,
    NextDayField,
    SavedReplyField,
    StaffField,
    VisitField,
)

# Staff may enter a visit of today after it; an older one would soon be erased.
MAX_PAST = datetime.timedelta(days=1)
MAX_TEXT = Note._meta.get_field("text").max_length or 0


FOR_PATIENT, FOR_COLLEAGUES, CALLED = "answer", "note", "call"
WORDS = {
    FOR_PATIENT: _("Answer the patient"),
    FOR_COLLEAGUES: _("Note for colleagues"),
    CALLED: _("I called"),
}
"""What the words in the box are. Of a call they are for colleagues too."""
CHOSEN_DAY = {Step.NO_ANSWER: "try_on", Step.NEXT_DAY: "call_on"}
UNFOLDS = {
    "calls": ("try_on",),
    "book": ("visit_at",),
    "more": ("question", "wait_until", "call_on", "reason", "same_code"),
}
_NEED_DAY = (Step.NO_ANSWER, Step.NEXT_DAY, Step.LEFT_MESSAGE)
NEEDS = {
    Step.ANSWER: "text",
    Step.NOTE: "text",
    Step.BOOK: "visit_at",
    Step.MOVE_VISIT: "visit_at",
    Step.CLOSE: "reason",
}
"""The field that a step cannot do without."""
CHOSEN = "chosen"
BOOKS = (Step.BOOK, Step.MOVE_VISIT)
LENGTHS = (15, 30, 45, 60, 90, 120)
"""Minutes that a visit may take."""


class WorkForm(forms.Form):
    """Words for the patient or for colleagues, and one step: the button that was pressed.

    step: such as "take" or "no_answer.tomorrow". A field of another step is not asked for.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label=_("What you write is"),
        choices=list(WORDS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    text = TextOverLines(
        label=_("Your words"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    reply = SavedReplyField(label=_("Saved reply"), empty_label=_("Choose"))
    question = NameField(label=_("What do you ask?"), max_length=300, required=False)
    wait_until = NextDayField(label=_("Wait until"))
    try_on = NextDayField(label=_("On another day"))
    call_on = NextDayField(label=_("On another day"))
    visit_at = VisitField(
        label=_("Day and time of the visit"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "invalid": _("Give a day and a time, such as 24.11.2026 14:30."),
            "no_time": _("Give the time too, such as 24.11.2026 14:30."),
        },
    )
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        choices=[(n, _("%d minutes") % n) for n in LENGTHS],
        coerce=int,
        empty_value=None,
        required=False,
        initial=30,
    )
    person = StaffField(label=_("With whom"), required=False, empty_label=_("Nobody named"))
    all_the_same = forms.BooleanField(label=_("Book all the same"), required=False)
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Choose")), *((reason, reason.label) for reason in OFFERED_REASONS)],
        required=False,
        error_messages={"invalid_choice": _("Choose why it is closed.")},
    )

    same_code = forms.CharField(
        label=_("Code of the other request, if it is the same"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, enquiry: Enquiry, data: QueryDict | None = None, **kwargs: Any) -> None:
        self.objections: list[str] = []
        self.same_as: Enquiry | None = None
        self.enquiry, given = enquiry, kwargs.pop("initial", None) or {}
        first = CALLED if enquiry.contact.get("phone") else FOR_COLLEAGUES
        until = timezone.localdate() + ASK_AGAIN
        initial = {"version": enquiry.version, "to": first, "wait_until": until} | given
        super().__init__(data, initial=initial, **kwargs)
        value = str(data.get("step", "")) if data else ""
        pressed, _dot, self.day_name = value.partition(".")
        self.step = Step(pressed) if pressed in Step.values else None
        self.days = days.offered(enquiry, timezone.now())

    def offer(self, people: Iterable[User]) -> bool:
        """Offers these people and the saved replies. Returns whether there are any replies."""
        staff = cast(StaffField, self.fields["person"])
        here = [person for person in people if person.is_staff and person.is_active]
        named = [(person.pk, staff.label_from_instance(person)) for person in here]
        staff.choices = [("", staff.empty_label), *named]
        replies = cast(SavedReplyField, self.fields["reply"])
        choices = [choice for choice in replies.iterator(replies)]  # noqa: C416 (list() counts first)
        replies.choices = choices
        return len(choices) > 1

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        self._forgive_other_steps()
        if self.step is None:
            raise ValidationError(_("Press one of the buttons."))
        missing = NEEDS.get(self.step) or self._chosen_day
        if self.step == Step.LEFT_MESSAGE and self.enquiry.contact.get("leave_message") == YesNo.NO:
            raise ValidationError(_("This patient asked that no message is left."))
        if self.step in _NEED_DAY and not (self._chosen_day or self._day()):
            raise ValidationError(_("Press one of the buttons."))
        if missing and missing not in self.errors and not given.get(missing):
            self.add_error(missing, _missing(self.step, missing))
        self._find_the_other()
        self._object_to_visit()
        self._object_to_blanks()
        return given

    def _find_the_other(self) -> None:
        """The older request of the same person, for which this one is closed: `same_as`."""
        given = self.cleaned_data
        by_reason = self.step == Step.CLOSE and given.get("reason") == CloseReason.DUPLICATE
        if self.step != Step.SAME and not by_reason:
            return
        code = self.day_name if self.step == Step.SAME else given.get("same_code") or ""
        other = Enquiry.objects.with_code(code).exclude(state=State.ERASED).first()
        place = None if self.step == Step.SAME else "same_code"
        if other is None or other.pk == self.enquiry.pk:
            words = gettext("Give the code of the other request, such as 7KQ2M-4XNTB.")
            self.add_error(place, words)
        elif other.pk > self.enquiry.pk:
            self.add_error(place, gettext("The other one is newer: close that one for this one."))
        elif self.enquiry.has_visit_to_come:
            words = gettext("It has a visit to come, which would be lost: close the other one.")
            self.add_error(place, words)
        self.same_as = other
        self.step = Step.SAME

    def _object_to_blanks(self) -> None:
        """A place of a saved reply that nobody has filled in never reaches a patient."""
        blanks = saved_replies.blanks(self.cleaned_data.get("text") or "")
        if blanks and self.cleaned_data.get("to") == FOR_PATIENT:
            words = _("Fill in %s first: the patient would read it as it stands.")
            self.add_error("text", words % ", ".join(blanks))

    def _object_to_visit(self) -> None:
        """What speaks against the time; whoever ticks `all_the_same` books it."""
        given = self.cleaned_data
        if self.step in BOOKS and given.get("visit_at") and not given.get("all_the_same"):
            planned = given["visit_at"], given.get("minutes"), given.get("person")
            self.objections = objections(self.enquiry, *planned)
            for words in self.objections:
                self.add_error("visit_at", words)

    def _forgive_other_steps(self) -> None:
        """What is typed for a step that was not pressed stays typed, and is not looked at."""
        of_steps: dict[str, tuple[Step, ...]] = {
            "wait_until": (Step.WAIT,),
            "reason": (Step.CLOSE,),
        }
        of_steps |= dict.fromkeys(("visit_at", "minutes", "person"), BOOKS)
        others = {name for name, steps in of_steps.items() if self.step not in steps}
        others |= {*CHOSEN_DAY.values()} - {self._chosen_day}
        for name in others:
            self.errors.pop(name, None)
            self.cleaned_data[name] = None

    def clean_visit_at(self) -> datetime.datetime | None:
        visit_at: datetime.datetime | None = self.cleaned_data["visit_at"]
        if not visit_at or self.step not in BOOKS:
            return visit_at
        away = visit_at - timezone.now()
        if away < -MAX_PAST:
            raise ValidationError(_("This is in the past. Check the day."))
        if away > MAX_AHEAD:
            raise ValidationError(_("Check the year: this is more than two years away."))
        return visit_at

    @property
    def pressed_words(self) -> str:
        """What was pressed, with what was chosen for it. For a valid form."""
        if not self.step or not self.is_valid():
            return ""
        visit_at, reason = self.cleaned_data["visit_at"], self.cleaned_data["reason"]
        visit = visit_at and formats.date_format(timezone.localtime(visit_at), "D j M Y, H:i")
        why = CloseReason(reason).label if reason else ""
        return ", ".join(str(word) for word in (self.step.label, visit, why) if word)

    def opens(self) -> dict[str, bool]:
        """{the name of what unfolds: whether something in it was typed or refused}."""
        return {name: any(map(self._holds, fields)) for name, fields in UNFOLDS.items()}

    def _holds(self, field: str) -> bool:
        always_there = field == "wait_until"
        typed = self.data.get(field) if self.is_bound else self.initial.get(field)
        return field in self.errors or bool(typed and not always_there)

    def press(self, by: User) -> Press:
        """The step with what was given. For a valid form."""
        given, day = self.cleaned_data, self._day()
        for_patient = given["to"] == FOR_PATIENT and bool(given["text"])
        words, asks = given["text"], self.step == Step.HAND_OVER
        notes = (given["question"] if asks else "", "" if for_patient else words)
        if self.step is None:
            raise ValueError("The form is not valid.")
        return Press(
            self.step,
            by,
            answer=words if for_patient else self._standard_words(),
            note="\n".join(filter(None, notes)),
            day=day.day if day else given["wait_until"],
            part=day.part if day else "",
            visit_at=given["visit_at"],
            minutes=given["minutes"],
            person=given["person"],
            reason=given["reason"] or "",
            same_as=self.same_as,
        )

    def _standard_words(self) -> str:
        """What closes a request that nobody could be reached about, in the patient's language."""
        if self.step != Step.WRITE_AND_CLOSE:
            return ""
        with override(self.enquiry.contact.get("language") or get_language()):
            return gettext(
                "We called you several times and could not reach you, so we have closed your "
                "request. Write to us here whenever you like, and we go on from there."
            )

    @property
    def _chosen_day(self) -> str:
        """The field of the day that was chosen by hand, or ""."""
        return CHOSEN_DAY.get(self.step, "") if self.step and self.day_name == CHOSEN else ""

    def _day(self) -> days.Day | None:
        """When it comes back, for the steps that give a day."""
        if self._chosen_day:
            return days.Day(CHOSEN, self.cleaned_data[self._chosen_day], self.days[-1].part)
        return next((day for day in self.days if day.name == self.day_name), None)


def _missing(step: Step, name: str) -> str:
    if step == Step.ANSWER:
        return gettext("Write the answer first.")
    words = {
        "text": gettext("Write the note first."),
        "visit_at": gettext("Give the day and time of the visit."),
        "reason": gettext("Choose why it is closed."),
    }
    return words.get(name) or gettext("Give a day, such as 24.11.2026.")
