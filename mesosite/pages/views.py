"""The pages as Django answers them: in development, and as `publish` writes them into files."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override
from django.views.decorators.http import require_safe

from mesosite.pages.bibliography import bibliography
from mesosite.pages.blocks import SHOWN
from mesosite.pages.context import site
from mesosite.pages.metadata import json_ld
from mesosite.pages.site import all_pages, all_pairs, reading_order

MADE = ("/references/", "/words/", "/leaflet/", "/about/quality/")
"""The addresses of what is published beside the content files."""


@login_not_required
@require_safe
def page(request, address=""):
    if address not in all_pages():
        raise Http404
    return HttpResponse(render_page(all_pages()[address]))


@login_not_required
@require_safe
def references(request):
    return HttpResponse(render_references())


@login_not_required
@require_safe
def robots(request):
    return HttpResponse(render_robots(), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap(request):
    return HttpResponse(render_sitemap(), content_type="application/xml; charset=utf-8")


def render_page(page):
    """A page's whole html: the one way in which pages are made, live and published."""
    with override(page.language):
        context = site() | {"page": page, "json_ld": json_ld(page)} | _neighbours(page)
        context["body"] = with_components(page.html, context)
        return render_to_string(f"pages/{page.layout}.html", context)


def render_references():
    return render_to_string("pages/references.html", site() | {"entries": bibliography()})


def render_robots():
    return render_to_string("robots.txt", site())


def render_sitemap():
    """Pages that are made from others are as new as the newest of those."""
    pages = all_pages().values()
    dated = {"all_pages": pages, "made": MADE, "newest": max(page.checked for page in pages)}
    return render_to_string("sitemap.xml", site() | dated)


def _neighbours(page):
    """The page before and after this one, and its place, where it is in the reading order."""
    order = reading_order(page.language, page.folder)
    place = next((n for n, other in enumerate(order) if other is page), None)
    if place is None:
        return {"reading_time": sum(page.minutes for page in order)}
    return {
        "chapters": order,
        "place": place + 1,
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }


def with_components(html, context):
    """Puts the components in that the body asks for with `/// show | name`."""

    def component(match: re.Match):
        return render_to_string(
            f"components/show_{match[1]}.html", context | {"all_pairs": all_pairs}
        )

    return mark_safe(SHOWN.sub(component, html))  # noqa: S308  (the clinic's own files)
