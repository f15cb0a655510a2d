"""What a patient agrees to: the statement beside the box, and the privacy page that it leads to."""

from functools import cache

from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mesosite.enquiries.models.consent import ConsentWords, version_of
from mesosite.pages.catalogue import all_pages, clinic
from mesosite.pages.context_processors import site_context
from mesosite.pages.rendering import with_components


def statement() -> str:
    """The consent statement, with the clinic's name."""
    return statement_of(clinic().name)


def statement_of(name: str = "") -> str:
    """The consent statement with this name of a clinic; without one, that of a demonstration."""
    return _(
        "I agree that %(clinic)s uses what I write here, including what it says about my "
        "health, to answer me. I can take this back at any time."
    ) % {"clinic": name or _("the clinic")}


def consent_words() -> ConsentWords:
    """The words as they are shown now."""
    language = get_language() or "en"
    return statement(), _privacy(language), language


def consent_version() -> str:
    """12 characters of a hash of the words as they are shown now."""
    shown, privacy, _language = consent_words()
    return version_of(shown, privacy)


@cache
def _privacy(language: str) -> str:
    pages = all_pages()
    page = pages.get(f"{language}/privacy") or pages["privacy"]
    return strip_tags(with_components(page.html, site_context()))
