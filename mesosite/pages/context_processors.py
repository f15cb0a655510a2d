"""The context of every template: the clinic, the pages in reading order, the site's address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mesosite.pages.catalogue import clinic, reading_order, small_print, treatments


def site_context(request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "clinic": clinic(),
        "pages": reading_order(),
        "small_print": small_print(),
        "treatments": treatments,
        "site_url": settings.SITE_URL,
    }
