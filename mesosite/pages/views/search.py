"""The search page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from mesosite import normal_form
from mesosite.pages import search as searching
from mesosite.pages.same_origin import found_by_back


@login_not_required
@gzip_page
@found_by_back
@csrf_exempt  # it changes nothing, and sets no cookie to check against
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The words come in the body of a POST: in an address they would stay in logs and histories."""
    query = normal_form.line(request.POST.get("q", ""))[: searching.MAX_LETTERS].strip()
    results, instead = searching.search(query)
    context = {"query": query, "results": results, "instead": instead}
    return render(request, "pages/search.html", context)
