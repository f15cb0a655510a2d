"""What a patient agrees to: the statement beside the box, and the privacy page that it leads to."""

from functools import cache

from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mesosite.enquiries.models.consent import version_of
from mesosite.pages.catalogue import all_pages, clinic
from mesosite.pages.context_processors import site_context
from mesosite.pages.rendering import with_components


def statement():
    """The words beside the box, with the clinic's name."""
    return _(
        "I agree that %(clinic)s uses what I write here, including what it says about my "
        "health, to answer me. I can take this back at any time."
    ) % {"clinic": clinic().name or _("the clinic")}


def consent_words():
    """(statement, text of the privacy page, language) as they are shown now."""
    language = get_language() or "en"
    return statement(), _privacy(language), language


def consent_version():
    """12 characters made from the words as they are shown now: another word, another version."""
    shown, privacy, _language = consent_words()
    return version_of(shown, privacy)


@cache
def _privacy(language):
    pages = all_pages()
    page = pages.get(f"{language}/privacy") or pages["privacy"]
    return strip_tags(with_components(page.html, site_context()))
