"""The pages as Django answers them; `publish` writes the same into files."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from mesosite.pages.catalogue import all_pages
from mesosite.pages.rendering import render_page


@login_not_required
@require_safe
def page(request: HttpRequest, address: str = "") -> HttpResponse:
    if address not in all_pages():
        raise Http404
    return HttpResponse(render_page(all_pages()[address]))


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The pages name their icon; a browser that shows another file asks for this address."""
    return redirect(static("img/favicon.svg"))
