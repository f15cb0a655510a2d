"""What every template may use: the clinic, the pages in reading order, the site's address."""

from django.conf import settings

from mesosite.pages.catalogue import reading_order, small_print, treatments
from mesosite.pages.content.clinic import clinic


def site_context(request=None):
    return {
        "clinic": clinic(),
        "pages": reading_order(),
        "small_print": small_print(),
        "treatments": treatments,
        "site_url": settings.SITE_URL,
    }
