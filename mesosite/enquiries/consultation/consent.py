"""What a patient agrees to: the statement beside the box, and the privacy page that it leads to."""

from functools import cache
from typing import TYPE_CHECKING

from django.utils.html import format_html, strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mesosite.enquiries.models.consent import ConsentWords, version_of
from mesosite.pages.catalogue import all_pages, clinic
from mesosite.pages.context_processors import site_context
from mesosite.pages.rendering import with_components

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def statement() -> str:
    """The consent statement of the form, with the clinic's name."""
    return statement_of(clinic().name)


def statement_of(name: str = "") -> str:
    """The consent statement with this name of a clinic; without one, that of a demonstration."""
    return _(
        "I agree that %(clinic)s uses what I send here to answer me. My own words, my topics, the "
        "help I need and a problem after a treatment can say something about my health. Only "
        "the clinic’s staff read them. I can take this back at any time."
    ) % {"clinic": name or _("the clinic")}


def statements_of_demonstrations() -> tuple[str, str]:
    """What is agreed to in a demonstration, and what was while the form asked about health."""
    before = (
        "I agree that the clinic uses what I write here, including what it says about my "
        "health, to answer me. I can take this back at any time."
    )
    return statement_of(), before


def health_statement() -> str:
    """The statement beside the answers that help to prepare a visit, which are asked for later."""
    return _(
        "I agree that %(clinic)s keeps these answers about my skin and my health to prepare my "
        "visit. Only the clinic’s staff read them. I can take this back at any time, and my "
        "request stays."
    ) % {"clinic": clinic().name or _("the clinic")}


def spoken_statement() -> str:
    """What is read aloud to somebody who calls, and is agreed to."""
    return _(
        "You agree that %(clinic)s uses what you tell us now to answer you. Your own words, your "
        "topics, the help you need and a problem after a treatment can say something about your "
        "health. Only the clinic’s staff read them. You can take this back at any time."
    ) % {"clinic": clinic().name or _("the clinic")}


def spoken_consent_words() -> ConsentWords:
    return _words(spoken_statement())


def consent_words() -> ConsentWords:
    """The words of the form as they are shown now."""
    return _words(statement())


def health_consent_words() -> ConsentWords:
    """The words beside the answers about health as they are shown now."""
    return _words(health_statement())


def consent_version() -> str:
    """12 characters of a hash of the form's words as they are shown now."""
    return version_of(*consent_words()[:2])


def health_consent_version() -> str:
    """12 characters of a hash of the words beside the answers about health."""
    return version_of(*health_consent_words()[:2])


def privacy_link(why: "_StrOrPromise") -> str:
    """A sentence, and the link to the privacy page. Beside the form, so that Back loses nothing."""
    return format_html(
        '{} <a href="/privacy/" target="_blank" rel="noopener">{}</a>',
        why,
        _("What we keep, and how long (opens in a new tab)"),
    )


def _words(shown: str) -> ConsentWords:
    language = get_language() or "en"
    return shown, _privacy(language), language


@cache
def _privacy(language: str) -> str:
    pages = all_pages()
    page = pages.get(f"{language}/privacy") or pages["privacy"]
    return strip_tags(with_components(page.html, site_context()))
