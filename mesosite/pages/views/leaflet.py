"""The leaflet's addresses: all pages (published), those chosen, and the check of a code."""

from collections.abc import Hashable, Sequence
from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from lxml.html import HtmlElement

from mesosite.pages import leaflet
from mesosite.pages.catalogue import (
    all_pages,
    all_questions,
    clinic,
    content,
    help_here,
    reading_order,
)
from mesosite.pages.content.references import Study
from mesosite.pages.context_processors import site_context, site_key
from mesosite.pages.html_tree import parse
from mesosite.pages.page import Page, Question
from mesosite.pages.rendering import with_components
from mesosite.pages.same_origin import public_form

LARGE = "large"
SIZES = ("a4", LARGE)


@public_form
def chosen(request: HttpRequest) -> HttpResponse:
    """The leaflet of the pages, questions and size chosen. POST, so that no address tells them."""
    if request.method != "POST":
        return redirect("pages:leaflet")
    pages, questions = request.POST.getlist("pages"), request.POST.getlist("questions")
    size = request.POST.get("size", SIZES[0])
    if not _all_known(pages, questions, size):
        return render(request, "pages/leaflet_unknown.html", status=422)
    order = reading_order()
    picked = [page for page in order if leaflet.anchor(page) in pages]
    asked = [question for key, question in all_questions().items() if key in questions]
    return HttpResponse(_chosen(site_key(), tuple(picked or order), tuple(asked), size))


@lru_cache(maxsize=32)
def _chosen(
    key: Hashable, pages: tuple[Page, ...], questions: tuple[Question, ...], size: str
) -> str:
    """The html of a chosen leaflet, made once for all who choose the same.

    The choice is of nobody in particular, and is kept in memory alone, until the process ends.
    """
    return render_leaflet(pages, list(questions), size, chosen=True)


@login_not_required
@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Says whether the code of a printed leaflet is that of the pages as they are now."""
    typed = request.GET.get("code", "").replace("\0", "").strip()
    found = leaflet.check_code(typed, reading_order(), _cover(), _words) if typed else None
    return render(request, "pages/leaflet_check.html", {"found": found, "typed": typed[:30]})


def render_leaflet(
    pages: Sequence[Page] = (),
    questions: list[Question] | None = None,
    size: str = SIZES[0],
    chosen: bool = False,
) -> str:
    """The html of a leaflet: of all pages with all their questions, or of what was chosen."""
    order = reading_order()
    pages = pages or order
    if questions is None:
        questions = [question for page in pages for question in page.questions]
    context = site_context() | {
        "home": all_pages()[""],
        "chapters": [
            (page, leaflet.anchor(page), _chapter(site_key(), page, tuple(pages))) for page in pages
        ],
        "choices": [(page, leaflet.anchor(page)) for page in order],
        "questions": questions,
        "sources": [(s, content().studies.get(s.key, Study())) for s in leaflet.sources_of(pages)],
        "oldest": min(pages, key=lambda page: page.checked),
        "code": leaflet.version_code(order, pages, _cover(), _words),
        "large": size == LARGE,
        "chosen": chosen,
    }
    return render_to_string("pages/leaflet.html", context)


def _all_known(pages: list[str], questions: list[str], size: str) -> bool:
    anchors = {leaflet.anchor(page) for page in reading_order()}
    return set(pages) <= anchors and set(questions) <= set(all_questions()) and size in SIZES


def _body(page: Page) -> HtmlElement:
    """A tree of the page with its components, which the leaflet may change."""
    return parse(with_components(page.html, site_context() | {"page": page}))


@lru_cache(maxsize=256)
def _chapter(key: Hashable, page: Page, pages: tuple[Page, ...]) -> SafeString:
    return leaflet.chapter_html(_body(page), page, pages)


def _words(page: Page) -> str:
    return _words_of(site_key(), page)


@lru_cache(maxsize=256)
def _words_of(key: Hashable, page: Page) -> str:
    return leaflet.reader_text(page, _body(page))


def _cover() -> str:
    """The words around the pages: publisher, telephone numbers, the chief finding."""
    said = clinic()
    lines = map(str, help_here().helplines)
    names = (said.name, said.publisher, said.phone, *lines, said.emergency_number)
    return "\n".join((*names, *all_pages()[""].summary))
