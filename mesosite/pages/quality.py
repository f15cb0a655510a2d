"""`/about/quality/`: what the publish gate counts of each page, and what changed, for everyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from mesosite.pages.changes import all_changes
from mesosite.pages.context import site
from mesosite.pages.report import report
from mesosite.pages.wording import HARDEST_GRADE, MOST_WORDS


@login_not_required
@require_safe
def quality(request):
    return HttpResponse(render_quality())


def render_quality():
    rows = report()
    counted = {
        "rows": rows,
        "average": sum(row.grade for row in rows) / len(rows),
        "changes": all_changes(),
        "most_words": MOST_WORDS,
        "hardest": HARDEST_GRADE,
    }
    return render_to_string("pages/quality.html", site() | counted)
