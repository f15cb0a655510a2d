"""The layout of the consultation form: sections, their order, their templates."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django.utils.translation import gettext_lazy as _

# Asked only of those who want a call or a text: one fieldset, at the place of the first of them.
_IF_WE_CALL = ("leave_message", "best_time")
_OWN_TEMPLATES = {
    "problem": "enquiries/problem_question.html",
    "questions": "enquiries/questions.html",
    "scar_types": "enquiries/scar_types.html",
}


class Section(Fieldset):
    """A part of the form under its own heading: Section(heading, *fields)."""

    template = "%s/layout/section.html"


class IfWeCall(Fieldset):
    """Fields that stand there only while a call or a text is chosen: IfWeCall(legend, *fields)."""

    template = "%s/layout/if_we_call.html"


def form_helper(first: Iterable[str], wishes: Iterable[str], reach: Iterable[str]) -> FormHelper:
    """The consultation form's helper, for `{% crispy form %}`. The arguments: names of fields."""
    return _helper(
        Section(_("First"), *_fields(first)),
        _wishes(wishes),
        _reach(reach),
        Section(_("Before you send"), "consent"),
        Field("website", template="enquiries/honeypot.html"),
        "token",
        HTML("{% include 'enquiries/send.html' %}"),
        action="enquiries:form",
    )


def phone_helper(first: Iterable[str], wishes: Iterable[str], reach: Iterable[str]) -> FormHelper:
    """The helper of the same form at the desk, which posts to its own page with Django's token."""
    problem, *ticks = _fields(first)
    aloud = HTML("{% include 'inbox/read_aloud.html' %}")
    helper = _helper(
        Section(_("First"), problem, aloud, *ticks),
        _wishes(wishes),
        _reach(reach),
        "token",
        HTML("{% include 'inbox/store_phone_request.html' %}"),
    )
    helper.disable_csrf, helper.form_id = False, "by-phone"
    return helper


def correction_helper(wishes: Iterable[str], reach: Iterable[str]) -> FormHelper:
    """The helper of the form that corrects the same answers. The form posts to its own page."""
    save = HTML("{% include 'enquiries/patient/save.html' %}")
    return _helper(_reach(reach), _wishes(["problem", *wishes]), save)


def prepare_helper(health: Iterable[str]) -> FormHelper:
    """The helper of the form that asks what helps to prepare a visit, on its own page."""
    save = HTML("{% include 'enquiries/patient/save_answers.html' %}")
    return _helper(*_fields(health), "consent", "agreed_to", save)


def _helper(*parts: object, action: str = "") -> FormHelper:
    helper = FormHelper()
    helper.form_action = action
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    helper.disable_csrf = True  # guarded without a cookie, see `same_origin`
    helper.layout = Layout(*parts)
    return helper


def _wishes(names: Iterable[str]) -> Section:
    return Section(_("What can we do for you?"), *_fields(names))


def _reach(names: Iterable[str]) -> Section:
    fields = [name for name in names if name not in _IF_WE_CALL]
    place = fields.index("contact_by") + 1
    calls = IfWeCall(_("If we call"), *_IF_WE_CALL)
    return Section(_("How do we reach you?"), *fields[:place], calls, *fields[place:])


def _fields(names: Iterable[str]) -> list[object]:
    templates = _OWN_TEMPLATES
    return [Field(name, template=templates[name]) if name in templates else name for name in names]
