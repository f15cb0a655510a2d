"""Who may POST without a cookie: pages of this site, and nobody else's."""

from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods


def own_pages_only(view):
    """Refuse (403) a POST that a browser says comes from another site's page.

    Browsers send Origin with every POST, or at least Sec-Fetch-Site. What sends neither is no
    browser with somebody's page open in it, and a view that stores asks for its signed token still.
    A GET of the same address must show the form that it belongs to, or lead there.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method == "POST" and not _from_own_page(request):
            return render(request, "pages/cross_origin.html", {"path": request.path}, status=403)
        return view(request, *args, **kwargs)

    return guarded


def _from_own_page(request):
    if origin := request.headers.get("Origin"):
        own = urlsplit(settings.SITE_URL)
        return origin in (
            f"{own.scheme}://{own.netloc}",
            f"{request.scheme}://{request.get_host()}",
        )
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def public_form(view):
    """A form that is open to everyone, kept by nobody's cache, and guarded without a cookie."""
    guarded = own_pages_only(require_http_methods(["GET", "HEAD", "POST"])(view))
    return login_not_required(gzip_page(never_cache(csrf_exempt(guarded))))
