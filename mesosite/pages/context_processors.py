"""The context of every template: the clinic, the pages in reading order, the site's address."""

from collections.abc import Hashable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from mesosite.pages.catalogue import (
    clinic,
    content,
    help_here,
    reading_order,
    small_print,
    treatments,
)


def site_key() -> tuple[Hashable, ...]:
    """What a page is made from beside its own words: it is the same while these are equal."""
    made_of = (content(), repr(clinic()), get_language(), settings.SITE_URL)
    # Under `make dev` a template may have changed: each key is another.
    return (*made_of, object()) if settings.DEBUG else made_of


def site_context(request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "clinic": clinic(),
        "help": help_here(),
        "pages": reading_order(),
        "small_print": small_print(),
        "treatments": treatments,
        "site_url": settings.SITE_URL,
    }
