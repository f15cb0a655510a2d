"""The layout of the consultation form: sections, their order, their templates."""

from collections.abc import Callable, Iterable, Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django.utils.translation import gettext_lazy as _

# Asked only of those who want a call or a text: one fieldset, at the place of the first of them.
_IF_WE_CALL = ("leave_message", "best_time")
_FIELD = "forms/field.html"
_OWN_TEMPLATES = {
    "problem": "enquiries/problem_question.html",
    "questions": "enquiries/questions.html",
    "scar_types": "enquiries/scar_types.html",
}


class Section(Fieldset):
    """A part of the form under its own heading: Section(heading, *fields)."""

    template = "%s/layout/section.html"


class Gap:
    """The place of what may be one visitor's own, by its name: `form_page` fills it in.

    MARK, a control character, is in no page.
    """

    MARK = "\0"

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, *_args: object, **_kwargs: object) -> str:
        return f"{self.MARK}{self.name}{self.MARK}"


class IfWeCall(Fieldset):
    """Fields that stand there only while a call or a text is chosen: IfWeCall(legend, *fields)."""

    template = "%s/layout/if_we_call.html"


def form_helper(first: Iterable[str], wishes: Iterable[str], reach: Sequence[str]) -> FormHelper:
    """The consultation form's helper, for `{% crispy form %}`. The arguments: names of fields.

    Each field is a Gap. What is urgent stands after the last of `first`, the problem.
    """
    urgent = HTML("{% include 'enquiries/urgent_help.html' %}")
    return _helper(
        Section(_("First"), *map(Gap, first), urgent),
        _wishes(map(Gap, wishes)),
        _reach(reach, Gap),
        Section(_("Before you send"), Gap("consent")),
        Gap("website"),
        Gap("token"),
        HTML("{% include 'enquiries/send.html' %}"),
        action="enquiries:form",
    )


def template_in_a_gap(name: str) -> str:
    """The template of a field of the consultation form."""
    own = {**_OWN_TEMPLATES, "problem": _FIELD, "website": "enquiries/honeypot.html"}
    return own.get(name, _FIELD)


def phone_helper(first: Iterable[str], wishes: Iterable[str], reach: Sequence[str]) -> FormHelper:
    """The helper of the same form at the desk, which posts to its own page with Django's token."""
    problem, *ticks = _fields(first)
    aloud = HTML("{% include 'inbox/read_aloud.html' %}")
    helper = _helper(
        Section(_("First"), problem, aloud, *ticks),
        _wishes(_fields(wishes)),
        _reach(reach),
        "token",
        HTML("{% include 'inbox/store_phone_request.html' %}"),
    )
    helper.disable_csrf, helper.form_id = False, "by-phone"
    return helper


def correction_helper(wishes: Iterable[str], reach: Sequence[str]) -> FormHelper:
    """The helper of the form that corrects the same answers. The form posts to its own page."""
    save = HTML("{% include 'enquiries/patient/save.html' %}")
    return _helper(_reach(reach), _wishes(_fields(["problem", *wishes])), save)


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


def _wishes(fields: Iterable[object]) -> Section:
    return Section(_("What can we do for you?"), *fields)


def _reach(names: Sequence[str], of: Callable[[str], object] = str) -> Section:
    """of: makes a part of the layout from the name of a field."""
    fields = [name for name in names if name not in _IF_WE_CALL]
    place = fields.index("contact_by") + 1
    calls = IfWeCall(_("If we call"), *map(of, _IF_WE_CALL))
    heading = _("How do we reach you?")
    return Section(heading, *map(of, fields[:place]), calls, *map(of, fields[place:]))


def _fields(names: Iterable[str]) -> list[object]:
    templates = _OWN_TEMPLATES
    return [Field(name, template=templates[name]) if name in templates else name for name in names]
