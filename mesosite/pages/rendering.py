"""A page and its components as HTML: the one way for live and published pages."""

from copy import deepcopy
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from lxml.html import HtmlElement

from mesosite.pages.catalogue import Page, all_pairs, reading_order
from mesosite.pages.context_processors import site_context
from mesosite.pages.html_tree import parse
from mesosite.pages.markup.blocks import SHOWN
from mesosite.pages.structured_data import json_ld

Context = dict[str, Any]


def render_page(page: Page) -> str:
    with override(page.language):
        context = site_context() | {"page": page, "json_ld": json_ld(page)} | _neighbours(page)
        context["body"] = with_components(page.html, context)
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
    """Puts the components in that the body asks for with `/// show | name`."""
    html = SHOWN.sub(lambda match: _component(match[1], context), html)
    return mark_safe(html)  # noqa: S308  (the clinic's own files)


def tree_with_components(page: Page, context: Context) -> HtmlElement:
    """A copy of the page's tree with its components in it, for the leaflet to change."""
    tree = deepcopy(page.tree)
    for place in tree.find_class("show"):
        place.append(parse(_component(place.get("class").rpartition("--")[2], context)))
        place[-1].drop_tag()
    return tree


def _component(name: str, context: Context) -> str:
    return render_to_string(f"components/show_{name}.html", context | {"all_pairs": all_pairs})
