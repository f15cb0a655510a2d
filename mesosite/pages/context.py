"""What every template may use: the clinic, the pages in reading order, the site's address."""

from django.conf import settings

from mesosite.pages.clinic import clinic
from mesosite.pages.site import all_pages, reading_order


def site(request=None):
    return {
        "clinic": clinic(),
        "pages": reading_order(),
        "small_print": [page for page in all_pages().values() if page.group == "site"],
        "site_url": settings.SITE_URL,
    }
