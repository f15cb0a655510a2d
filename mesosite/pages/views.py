"""The pages as Django answers them: in development, and as `publish` writes them into files."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override
from django.views.decorators.http import require_safe

from mesosite.pages.blocks import SHOWN
from mesosite.pages.context import site
from mesosite.pages.site import all_pages, all_pairs, all_references, reading_order


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
        context = site() | {"page": page} | _neighbours(page)
        context["body"] = _with_components(page.html, context)
        return render_to_string(f"pages/{page.layout}.html", context)


def render_references():
    """All sources in alphabetical order, each with the pages that cite it."""
    cited = [
        (reference, [page for page in all_pages().values() if reference in page.references])
        for reference in all_references().values()
    ]
    cited.sort(key=lambda item: (item[0].authors or item[0].title).casefold())
    return render_to_string("pages/references.html", site() | {"cited": cited})


def render_robots():
    return render_to_string("robots.txt", site())


def render_sitemap():
    return render_to_string("sitemap.xml", site() | {"all_pages": all_pages().values()})


def _neighbours(page):
    """The page before and after this one, and its place, where it is in the reading order."""
    order = reading_order(page.language)
    if page not in order:
        return {"reading_time": sum(page.minutes for page in order)}
    place = order.index(page)
    return {
        "place": place + 1,
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }


def _with_components(html, context):
    """Puts the components in that the body asks for with `/// show | name`."""

    def component(match: re.Match):
        return render_to_string(
            f"components/show_{match[1]}.html", context | {"all_pairs": all_pairs}
        )

    return mark_safe(SHOWN.sub(component, html))  # noqa: S308  (the clinic's own files)
