"""What is made from all pages: sources, words, quality, robots.txt, sitemap."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mesosite.pages.bibliography import bibliography
from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.checks.report import report
from mesosite.pages.checks.wording import MAX_GRADE, MAX_WORDS
from mesosite.pages.context_processors import site_context
from mesosite.pages.prose import sections


@login_not_required
@require_safe
def glossary(request):
    return HttpResponse(render_glossary())


def render_glossary():
    """The words from A to Z, each with the places of its first use on every page."""
    language = get_language()
    used = {word: [] for word in content().glossaries[language].words}
    for page in all_pages().values():
        for word, anchor in _first_places(page, language):
            used[word].append((page, anchor))
    words = [
        {"word": word, "home": _home(word), "places": [p for p in places if p[0] != _home(word)]}
        for word, places in sorted(used.items(), key=lambda item: item[0].term.casefold())
    ]
    return render_to_string("pages/words.html", site_context() | {"words": words})


def _home(word):
    """The page that explains a word."""
    return all_pages().get(word.explained.partition("#")[0].strip("/"))


def _first_places(page, language):
    """Where a page first uses each word: (Word, the anchor of the section)."""
    if page.language == language:
        parts = sections(page.html)
        texts = ["\n".join(piece.text for piece in part.pieces) for part in parts]
        for word, (number, _match) in content().glossaries[language].first_uses(texts).items():
            yield word, parts[number].anchor


@login_not_required
@require_safe
def quality(request):
    return HttpResponse(render_quality())


def render_quality():
    rows = report()
    counted = {
        "rows": rows,
        "average": sum(row.grade for row in rows) / len(rows),
        "changes": content().changes,
        "most_words": MAX_WORDS,
        "hardest": MAX_GRADE,
    }
    return render_to_string("pages/quality.html", site_context() | counted)


GENERATED = ("/references/", "/words/", "/leaflet/", "/about/quality/")
"""The addresses of what is published beside the content files."""


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


def render_references():
    return render_to_string("pages/references.html", site_context() | {"entries": bibliography()})


def render_robots():
    return render_to_string("robots.txt", site_context())


def render_sitemap():
    """Pages that are made from others are as new as the newest of those."""
    pages = all_pages().values()
    dated = {"all_pages": pages, "made": GENERATED, "newest": max(page.checked for page in pages)}
    return render_to_string("sitemap.xml", site_context() | dated)
