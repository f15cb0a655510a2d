"""The layout of the consultation form: sections, their order, their templates."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django.utils.translation import gettext_lazy as _

_OWN_TEMPLATE = ("scar_types", "questions")


class Section(Fieldset):
    """A part of the form under its own heading: Section(heading, *fields)."""

    template = "%s/layout/section.html"


def form_helper(about_skin: Iterable[str], reach: Iterable[str]) -> FormHelper:
    """The consultation form's helper, for `{% crispy form %}`. Both arguments: names of fields."""
    return _helper(
        *_asked(about_skin, reach),
        Section(_("Before you send"), "adult", "consent"),
        Field("website", template="enquiries/honeypot.html"),
        "token",
        HTML("{% include 'enquiries/send.html' %}"),
        action="enquiries:form",
    )


def correction_helper(about_skin: Iterable[str], reach: Iterable[str]) -> FormHelper:
    """The helper of the form that corrects the same answers. The form posts to its own page."""
    skin, contact = _asked(about_skin, reach)
    return _helper(contact, skin, HTML("{% include 'enquiries/patient/save.html' %}"))


def _helper(*parts: object, action: str = "") -> FormHelper:
    helper = FormHelper()
    helper.form_action = action
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    helper.disable_csrf = True  # guarded without a cookie, see `same_origin`
    helper.layout = Layout(*parts)
    return helper


def _asked(about_skin: Iterable[str], reach: Iterable[str]) -> tuple[Section, Section]:
    skin = [
        Field(name, template=f"enquiries/{name}.html") if name in _OWN_TEMPLATE else name
        for name in about_skin
    ]
    return Section(_("About your skin"), *skin), Section(_("How to reach you"), *reach)
