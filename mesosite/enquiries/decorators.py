"""Decorators of views that show a page of one person."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

QUIET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def quiet_page(view):
    """Makes a view one that nobody keeps, lists, or names to another site."""
    return private_page(require_http_methods(["HEAD", "GET"])(view))


def private_page(view):
    @wraps(view)
    def quiet(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        for name, value in QUIET.items():
            response.headers[name] = value
        return response

    return login_not_required(never_cache(csrf_exempt(quiet)))
