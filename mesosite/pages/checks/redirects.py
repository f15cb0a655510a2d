"""Old addresses lead to a page, and no published address is lost without a word."""

from collections.abc import Iterator

from django.conf import settings

from mesosite.pages.catalogue import content
from mesosite.pages.checks.addresses import NEEDED, is_made, is_taken
from mesosite.pages.checks.checked_page import CheckedPage, Problem
from mesosite.pages.checks.structure import dead_end
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.redirects import Redirect
from mesosite.pages.published_folders import addresses_in, last_with_content

FILE = "redirects.yaml"


def wrong_redirects(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E038: an old address that is a page, or leads to none."""
    published = {checked.page.url for checked in checked_pages}
    for redirect in content().redirects.values():
        if message := _fault(redirect, published):
            path = settings.CONTENT_DIR / FILE
            hint = "An old address leads straight to a page, or is “gone”."
            yield Problem(38, ContentError(path, redirect.line, message, hint))


def _fault(redirect: Redirect, published: set[str]) -> str:
    old, new = redirect.old, redirect.new
    if old in published:
        return f"{old} is a page of the site, and stands among the old addresses."
    if is_taken(old.strip("/"), old):
        return f"The site makes {old} itself."
    if new.partition("#")[0].strip("/") in content().redirects:
        return f"{old} leads to {new}, which is an old address too."
    return dead_end(new) if new else ""


def lost_addresses(checked_pages: list[CheckedPage]) -> Iterator[Problem]:
    """E039: an address that is published, and in the files neither a page nor an old address."""
    last = last_with_content(settings.VAR_DIR / "published")
    there = {checked.page.url.strip("/") for checked in checked_pages}
    known = there | content().redirects.keys() | NEEDED.keys()
    for address in sorted(addresses_in(last) - known) if last else ():
        if not is_made(f"/{address}/"):
            message = f"/{address}/ is published, and here is no page with this address."
            hint = f"Write “/{address}/: /its-new-address/” or “/{address}/: gone” into this file."
            yield Problem(39, ContentError(settings.CONTENT_DIR / FILE, 0, message, hint))
