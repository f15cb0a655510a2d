"""The pages for requests that fail."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def _error_view(status: int) -> Callable[..., HttpResponse]:
    @login_not_required
    def view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return _named_nowhere(render(request, f"{status}.html", status=status))

    return view


bad_request, forbidden = _error_view(400), _error_view(403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """No context processor and no database: this page must render when they do not."""
    return _named_nowhere(render(None, "500.html", status=500))


def _named_nowhere(response: HttpResponse) -> HttpResponse:
    """The address may be a patient's link, which no cache and no other page may learn.

    A 404 never is: a wrong link has a page of its own.
    """
    add_never_cache_headers(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
