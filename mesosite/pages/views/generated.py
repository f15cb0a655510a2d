"""The pages that are made from all others: `GENERATED` is the only list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mesosite.pages.bibliography import bibliography
from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.checks import to_confirm
from mesosite.pages.checks.report import averages, report
from mesosite.pages.checks.rhythm import budgets
from mesosite.pages.checks.wording import MAX_GRADE, MAX_WORDS
from mesosite.pages.content.glossary import Word
from mesosite.pages.context_processors import site_context
from mesosite.pages.page import Page
from mesosite.pages.views.leaflet import render_book, render_sheet


@dataclass(frozen=True)
class GeneratedPage:
    """A page that is made from others.

    name: of its URL pattern; address: without the first slash; render: returns its text; link: its
    words in the footer, "" for a file that machines alone read.
    """

    name: str
    address: str
    render: Callable[[], str]
    link: str | Promise = ""
    content_type: str = "text/html"

    @property
    def file(self) -> str:
        """Its path in a published folder."""
        return f"{self.address}index.html" if self.address.endswith("/") else self.address


def view_of(page: GeneratedPage) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(page.render(), content_type=f"{page.content_type}; charset=utf-8")

    return view


def render_quality() -> str:
    rows = report()
    grade, mean = averages(rows)
    counted = {
        "rows": rows,
        "grade": grade,
        "mean": mean,
        "budgets": [budget for budget in budgets() if budget.pages[0].language == get_language()],
        "to_confirm": to_confirm.rows(),
        "changes": content().changes,
        "most_words": MAX_WORDS,
        "hardest": MAX_GRADE,
    }
    return render_to_string("pages/quality.html", site_context() | counted)


def render_references() -> str:
    return render_to_string("pages/references.html", site_context() | {"entries": bibliography()})


def render_glossary() -> str:
    """The words from A to Z, each with the places of its first use on every page."""
    language = get_language()
    explained = content().glossaries[language].words
    used: dict[Word, list[tuple[Page, str]]] = {word: [] for word in explained}
    for page in all_pages().values():
        for word, anchor in _first_places(page, language):
            used[word].append((page, anchor))
    words = [
        {
            "word": word,
            "letter": word.term[0].upper(),
            "home": _home(word),
            "places": [p for p in places if p[0] != _home(word)],
        }
        for word, places in sorted(used.items(), key=lambda item: item[0].term.casefold())
    ]
    return render_to_string("pages/glossary.html", site_context() | {"words": words})


def _home(word: Word) -> Page | None:
    """The page that explains a word."""
    return all_pages().get(word.explained.partition("#")[0].strip("/"))


def _first_places(page: Page, language: str) -> Iterator[tuple[Word, str]]:
    """Where a page first uses each word: (Word, the anchor of the section)."""
    if page.language == language:
        texts = ["\n".join(piece.text for piece in part.pieces) for part in page.sections]
        for word, (number, _match) in content().glossaries[language].first_uses(texts).items():
            yield word, page.sections[number].anchor


def render_robots() -> str:
    return render_to_string("robots.txt", site_context())


def render_sitemap() -> str:
    """Pages that are made from others are as new as the newest of those."""
    pages = all_pages().values()
    dated = {"all_pages": pages, "made": footer_pages(), "newest": max(p.checked for p in pages)}
    return render_to_string("sitemap.xml", site_context() | dated)


def render_redirects() -> str:
    """For hosts of files that read `_redirects`: Netlify, Cloudflare Pages, GitLab Pages."""
    moved = (old for old in content().redirects.values() if old.new)
    return "".join(f"{old.old} {old.new} 301\n" for old in moved)


GENERATED = (
    GeneratedPage("quality", "about/quality/", render_quality, _("How we check")),
    GeneratedPage("references", "references/", render_references, _("All sources")),
    GeneratedPage("words", "words/", render_glossary, _("Words explained")),
    GeneratedPage("leaflet", "leaflet/", render_sheet, _("Print as a leaflet")),
    GeneratedPage("book", "leaflet/book/", render_book),
    GeneratedPage("robots", "robots.txt", render_robots, content_type="text/plain"),
    GeneratedPage("sitemap", "sitemap.xml", render_sitemap, content_type="application/xml"),
    GeneratedPage("redirects", "_redirects", render_redirects, content_type="text/plain"),
)


def footer_pages() -> list[GeneratedPage]:
    """Those that people read."""
    return [page for page in GENERATED if page.link]
