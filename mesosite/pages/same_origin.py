"""Guards forms that work without a cookie: only pages of this site may POST."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]
# Only the reader's own browser keeps the answer, and shows it again for Back alone. With `no-store`
# Firefox empties the fields of a form on Back, and no browser shows the answer to a POST again.
found_by_back = cache_control(no_cache=True, private=True)


def public_form(view: View) -> View:
    """A form that is open to everyone: only this site's pages POST to it, and Back finds it.

    403 for a POST whose Origin, or else Sec-Fetch-Site, names another site. A request with neither
    passes: a view that stores asks for its signed token too. A GET of the same address must show
    the form, or lead there.
    """

    @login_not_required
    @gzip_page
    @found_by_back
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not _is_same_origin(request):
            return render(request, "pages/cross_origin.html", {"path": request.path}, status=403)
        return view(request, *args, **kwargs)

    return guarded


def comes_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    says = request.headers.get("Origin") or request.headers.get("Sec-Fetch-Site", "none") != "none"
    return bool(says) and _is_same_origin(request)


def _is_same_origin(request: HttpRequest) -> bool:
    if origin := request.headers.get("Origin"):
        own = urlsplit(settings.SITE_URL)
        here = f"{request.scheme}://{request.get_host()}"
        return origin in (f"{own.scheme}://{own.netloc}", here)
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
