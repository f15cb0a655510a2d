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
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def public_form(view: View) -> View:
    """A form that is open to everyone: no cache keeps it, and only this site's pages POST to it.

    403 for a POST whose Origin, or else Sec-Fetch-Site, names another site. A request with neither
    passes: a view that stores asks for its signed token too. A GET of the same address must show
    the form, or lead there.
    """

    @login_not_required
    @gzip_page
    @never_cache
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not _is_same_origin(request):
            return render(request, "pages/cross_origin.html", {"path": request.path}, status=403)
        return view(request, *args, **kwargs)

    return guarded


def _is_same_origin(request: HttpRequest) -> bool:
    if origin := request.headers.get("Origin"):
        own = urlsplit(settings.SITE_URL)
        here = f"{request.scheme}://{request.get_host()}"
        return origin in (f"{own.scheme}://{own.netloc}", here)
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
