"""The pages as Django answers them; `publish` writes the same into files."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.content.redirects import Redirect
from mesosite.pages.rendering import render_page


@login_not_required
@require_safe
def page(request: HttpRequest, address: str = "") -> HttpResponse:
    """A page; for an old address 301, or 410 where nothing took its place."""
    if found := all_pages().get(address):
        return HttpResponse(render_page(found))
    if old := content().redirects.get(address):
        return _of_old_address(request, old)
    raise Http404


@cache_control(public=True, max_age=60)  # as long as a page: what is old may be a page again
def _of_old_address(request: HttpRequest, old: Redirect) -> HttpResponse:
    if old.new:
        return redirect(old.new, permanent=True)
    return render(request, "410.html", status=HTTPStatus.GONE)


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The pages name their icon; a browser that shows another file asks for this address."""
    return redirect(static("img/favicon.svg"))
