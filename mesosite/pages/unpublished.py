"""What the site answers where the newest content could not be published.

`settings.NOT_PUBLISHED` is the reason: "content", a mistake in a file, or "publishing", anything
else. The last publishing is served then, or, where there is none, no page: `settings.NO_PAGES`.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from mesosite.pages.catalogue import clinic
from mesosite.pages.content.errors import ContentError
from mesosite.pages.published_folders import time_of

RETRY_AFTER = 600
"""Seconds."""
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def pages_since() -> datetime | None:
    """When the pages that are served were published, where newer ones could not be; else None."""
    older = settings.NOT_PUBLISHED and not settings.NO_PAGES
    return time_of(settings.PUBLISHED_DIR) if older else None


def needs_pages(view: View) -> View:
    """A view outside of `pages` that shows words of the content's pages."""
    view.needs_pages = True  # type: ignore[attr-defined]
    return view


class NoPagesMiddleware:
    """Answers 503 for the pages and for what needs them; all else, such as the inbox, works."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        is_page = request.resolver_match and request.resolver_match.namespace == "pages"
        return no_pages() if is_page or hasattr(view, "needs_pages") else None


def no_pages(staff: bool = False) -> HttpResponse:
    """503 in words, with the clinic's phone where clinic.yaml can be read.

    staff: they read that it cannot.
    """
    context: dict[str, Any] = {"staff": staff}
    with suppress(ContentError):
        context["clinic"] = clinic()
    answer = HttpResponse(render_to_string("no_pages.html", context), status=503)
    answer["Retry-After"], answer["Cache-Control"] = str(RETRY_AFTER), "no-store"
    return answer
