"""How the consultation form is laid out: its parts, their order, their templates."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django.utils.translation import gettext_lazy as _


class Section(Fieldset):
    """A part of the form under its own heading: Section(heading, *fields)."""

    template = "%s/layout/section.html"


def laid_out():
    """The consultation form's helper, for `{% crispy form %}`."""
    return _helper(
        *_asked(),
        Section(_("Before you send"), "adult", "consent"),
        Field("website", template="enquiries/honeypot.html"),
        "token",
        HTML("{% include 'enquiries/send.html' %}"),
        action="enquiries:form",
    )


def laid_out_again():
    """The helper of the same questions, asked again to be corrected. It posts to its own page."""
    skin, reach = _asked()
    return _helper(reach, skin, HTML("{% include 'enquiries/patient/save.html' %}"))


def _helper(*parts, action=""):
    helper = FormHelper()
    helper.form_action = action
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    helper.disable_csrf = True  # guarded without a cookie, see `origin`
    helper.layout = Layout(*parts)
    return helper


def _asked():
    return (
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
    )
