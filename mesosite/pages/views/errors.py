"""The pages for requests that fail."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _error_view(status: int) -> Callable[..., HttpResponse]:
    @login_not_required
    def view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return render(request, f"{status}.html", status=status)

    return view


bad_request, forbidden, not_found = _error_view(400), _error_view(403), _error_view(404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """No context processor and no database: this page must render when they do not."""
    return render(None, "500.html", status=500)
