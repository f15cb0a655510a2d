"""The leaflet's addresses: all pages (published), those chosen, and the check of a code."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any

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

SHEET, LARGE = "sheet", "large"
SIZES = (SHEET, "a4", LARGE)
MOST_ASKED, ROOMY = 12, 8
"""How many questions a sheet holds, and up to how many it has room to write under each."""


@public_form
def chosen(request: HttpRequest) -> HttpResponse:
    """The leaflet of the pages, questions and size chosen. POST, so that no address tells them."""
    if request.method != "POST":
        return redirect("pages:leaflet")
    pages, questions = request.POST.getlist("pages"), request.POST.getlist("questions")
    size = request.POST.get("size", SHEET)
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
    if size == SHEET:
        return render_sheet(questions, chosen=True)
    return render_book(pages, list(questions), size, chosen=True)


@login_not_required
@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Says whether the code of a printed leaflet is that of the pages as they are now."""
    typed = request.GET.get("code", "").replace("\0", "").strip()
    found = leaflet.check_code(typed, reading_order(), _cover(), _words) if typed else None
    return render(request, "pages/leaflet_check.html", {"found": found, "typed": typed[:30]})


def render_sheet(questions: Sequence[Question] = (), chosen: bool = False) -> str:
    """The html of one sheet, two sides: the first page's answer, and what to have at hand.

    Without questions it has those of the first page.
    """
    order = reading_order()
    offered = list(all_questions().values())
    asked = questions or all_pages()[""].questions
    context = _context(order) | {
        "questions": asked[:MOST_ASKED],
        "more": len(asked[MOST_ASKED:]),
        "room": ROOMY,
        "offered": offered,
        "choices": [(page, leaflet.anchor(page)) for page in order],
        "chosen": chosen,
    }
    return render_to_string("pages/leaflet_sheet.html", context)


def render_book(
    pages: Sequence[Page] = (),
    questions: list[Question] | None = None,
    size: str = SIZES[1],
    chosen: bool = False,
) -> str:
    """The html of a leaflet of pages: of all with all their questions, or of what was chosen."""
    pages = pages or reading_order()
    if questions is None:
        questions = [question for page in pages for question in page.questions]
    context = _context(pages) | {
        "chapters": [
            (page, leaflet.anchor(page), _chapter(site_key(), page, tuple(pages))) for page in pages
        ],
        "questions": questions,
        "sources": [(s, content().studies.get(s.key, Study())) for s in leaflet.sources_of(pages)],
        "large": size == LARGE,
        "chosen": chosen,
    }
    return render_to_string("pages/leaflet.html", context)


def _context(pages: Sequence[Page]) -> dict[str, Any]:
    """What every leaflet prints: its title, the date of its oldest page, and its code.

    A sheet says in short what all pages say, so that its code is that of all of them.
    """
    return site_context() | {
        "home": all_pages()[""],
        "oldest": min(pages, key=lambda page: page.checked),
        "code": leaflet.version_code(reading_order(), pages, _cover(), _words),
    }


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
    """The words around the pages: publisher, telephone numbers, the first page at a glance."""
    said = clinic()
    lines = map(str, help_here().helplines)
    names = (said.name, said.publisher, said.phone, *lines, said.emergency_number)
    home = all_pages()[""]
    facts = [words for fact in home.facts for words in fact.values()]
    return "\n".join((*names, *home.summary, *facts, *(asked.text for asked in home.questions)))
