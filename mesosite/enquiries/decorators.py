"""Decorators of views that show a page of one person."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def quiet_page(view: View) -> View:
    """A private page that is only read."""
    return private_page(require_http_methods(["HEAD", "GET"])(view))


def private_page(view: View) -> View:
    """A page without login that no index lists and no link names as referrer.

    No cache keeps it, unless the view says otherwise by `found_by_back`.
    """

    @wraps(view)
    def private(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return login_not_required(csrf_exempt(private))


def found_by_back(response: HttpResponse) -> HttpResponse:
    """An answer that Back shows again, with all that was typed. The reader's browser keeps it.

    For an empty form, and for the answer to a form that was not taken.
    """
    patch_cache_control(response, no_cache=True, private=True)
    return response
