"""Decorators of views that show a page of one person."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def quiet_page(view: View) -> View:
    """A private page that is only read."""
    return private_page(require_http_methods(["HEAD", "GET"])(view))


def private_page(view: View) -> View:
    """A page without login that no cache keeps, no index lists, and no link names as referrer."""

    @wraps(view)
    def private(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(never_cache(csrf_exempt(private)))
