"""A page and its components as HTML: the one way for live and published pages."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from mesosite.pages.catalogue import all_pairs, content, reading_order
from mesosite.pages.content.references import Study
from mesosite.pages.context_processors import site_context
from mesosite.pages.markup.blocks import SHOWN
from mesosite.pages.markup.drawings import with_files
from mesosite.pages.page import Page
from mesosite.pages.structured_data import json_ld

Context = dict[str, Any]


def render_page(page: Page) -> str:
    with override(page.language):
        context = site_context() | {"page": page, "json_ld": json_ld(page)} | _neighbours(page)
        context["body"] = with_components(page.html, context)
        context["sources"] = [(r, content().studies.get(r.key, Study())) for r in page.references]
        return render_to_string(f"pages/{page.layout}.html", context)


def _neighbours(page: Page) -> Context:
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


def with_components(html: str, context: Context) -> SafeString:
    """Puts the components in that the body asks for with `/// show | name`, and our files."""
    context = context | {"all_pairs": all_pairs}
    html = SHOWN.sub(lambda m: render_to_string(f"components/show_{m[1]}.html", context), html)
    return mark_safe(with_files(html))  # noqa: S308  (the clinic's own files)
