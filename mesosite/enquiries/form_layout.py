"""How the consultation form is laid out: its parts, their order, their templates."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django.utils.translation import gettext_lazy as _


class Section(Fieldset):
    """A part of the form under its own heading: Section(heading, *fields)."""

    template = "%s/layout/section.html"


def laid_out():
    """The consultation form's helper, for `{% crispy form %}`."""
    helper = FormHelper()
    helper.form_action = "enquiries:form"
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    helper.disable_csrf = True  # guarded without a cookie, see `origin`
    helper.layout = _layout()
    return helper


def _layout():
    return Layout(
        Section(
            _("About your skin"),
            "topics",
            Field("scar_types", template="enquiries/scar_types.html"),
            Field("questions", template="enquiries/questions.html"),
            "health",
            "message",
        ),
        Section(
            _("How to reach you"),
            *("name", "email", "phone", "contact_by", "leave_message", "best_time", "language"),
        ),
        Section(_("Before you send"), "adult", "consent"),
        Field("website", template="enquiries/trap.html"),
        "token",
        HTML("{% include 'enquiries/send.html' %}"),
    )
