"""Finding: the search page, and the page of explained words."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from mesosite.pages import search as searching
from mesosite.pages.context import site
from mesosite.pages.glossary import all_words, first_uses
from mesosite.pages.sections import sections
from mesosite.pages.site import all_pages


@login_not_required
@gzip_page
@never_cache
@csrf_exempt  # it changes nothing, and sets no cookie to check against
@require_http_methods(["GET", "HEAD", "POST"])
def search(request):
    """The words come in the body of a POST: in an address they would stay in logs and histories."""
    query = request.POST.get("q", "").replace("\0", "")[: searching.MOST_LETTERS].strip()
    results, instead = searching.search(query)
    context = {"query": query, "results": results, "instead": instead}
    return render(request, "pages/search.html", context)


@login_not_required
@require_safe
def words(request):
    return HttpResponse(render_words())


def render_words():
    """The words from A to Z, each with the places of its first use on every page."""
    language = get_language()
    used = {word: [] for word in all_words(language)}
    for page in all_pages().values():
        for word, anchor in _first_places(page, language):
            used[word].append((page, anchor))
    words = [
        {"word": word, "home": _home(word), "places": [p for p in places if p[0] != _home(word)]}
        for word, places in sorted(used.items(), key=lambda item: item[0].term.casefold())
    ]
    return render_to_string("pages/glossary.html", site() | {"words": words})


def _home(word):
    """The page that explains a word."""
    return all_pages().get(word.explained.partition("#")[0].strip("/"))


def _first_places(page, language):
    """Where a page first uses each word: (Word, the anchor of the section)."""
    if page.language == language:
        parts = sections(page.html)
        texts = ["\n".join(piece.text for piece in part.pieces) for part in parts]
        for word, (number, _match) in first_uses(texts, language).items():
            yield word, parts[number].anchor
