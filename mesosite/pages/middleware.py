"""`make dev` shows the problems of the content to its editor, in the browser."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from mesosite.pages.checks.gate import check_content
from mesosite.pages.content.errors import ContentError

ROWS_AROUND = 3


class ContentProblemsMiddleware:
    """Answers with a page of all content problems instead of the site. For DEBUG only.

    The server starts anew when a content file changes, so that one look at it is enough.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/__reload__/"):
            return self.get_response(request)
        problems = content_problems()
        return problems_page(problems) if problems else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return problems_page([exception]) if isinstance(exception, ContentError) else None


@cache
def content_problems() -> list[ContentError]:
    """The errors that stop publishing, in the order of their files."""
    found = [problem for problem in check_content(None) if problem.is_serious()]
    return sorted((problem.error for problem in found), key=lambda e: (str(e.path), e.line))


def problems_page(problems: list[ContentError]) -> HttpResponse:
    shown = [{"error": error, "rows": excerpt(error)} for error in problems]
    return HttpResponse(render_to_string("pages/problems.html", {"problems": shown}), status=500)


def excerpt(error: ContentError) -> list[dict[str, int | str | bool]]:
    """The lines around the place of an error, which is marked; none without a place in a file."""
    if not error.line or not error.path.is_file():
        return []
    try:
        rows = error.path.read_text("utf-8", errors="replace").split("\n")
    except OSError:  # the error says so
        return []
    around = range(max(1, error.line - ROWS_AROUND), error.line + ROWS_AROUND + 1)
    shown = zip(around, rows[around[0] - 1 :], strict=False)
    return [{"number": n, "text": row, "marked": n == error.line} for n, row in shown]
