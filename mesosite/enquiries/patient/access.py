"""Access to the patient's page: by its link, which nobody can guess (192 random bits).

The address is the secret. A page elsewhere cannot know it, so a POST here needs no token, cookie or
check of its origin, which browsers do not name after `no-referrer`. No answer is compressed: the
length of what is compressed together with a secret gives the secret away (BREACH).
"""

import logging
from collections.abc import Callable
from functools import wraps

from django import db
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from mesosite.enquiries import rate_limits
from mesosite.enquiries.decorators import View, found_by_back, private_page
from mesosite.enquiries.models import Enquiry

logger = logging.getLogger(__name__)


def patient_page(*methods: str) -> Callable[[View], View]:
    """Makes view(request, enquiry, link, …) a page of the link, for these HTTP methods.

    Where the database fails, the answer is 503 with all that was typed.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, link: str, **kwargs: object) -> HttpResponse:
            try:
                rows = Enquiry.objects.select_related("consent", "health_consent")
                enquiry = rows.with_link(link)
                return view(request, enquiry, link, **kwargs) if enquiry else _wrong(request)
            except (BadRequest, SuspiciousOperation):
                return render(request, "400.html", status=400)
            except Enquiry.DoesNotExist:  # erased since the page was reached
                return render(request, "enquiries/patient/not_found.html", status=404)
            except db.Error as error:
                return _not_done(request, error)

        return private_page(require_http_methods(["HEAD", *methods])(page))

    return decorate


def _wrong(request: HttpRequest) -> HttpResponse:
    """404; after 20 wrong links in 10 minutes from one network, 429. Correct links always work."""
    address = request.META.get("REMOTE_ADDR", "")
    if rate_limits.guesses_too_much(address):
        minutes = int(rate_limits.WRONG_LINKS[1].total_seconds() // 60)
        context = {"minutes": minutes}
        return render(request, "enquiries/patient/rate_limited.html", context, status=429)
    rate_limits.count_guess(address)
    return render(request, "enquiries/patient/not_found.html", status=404)


def _not_done(request: HttpRequest, error: db.Error) -> HttpResponse:
    # The error's message may hold the row that was refused, and so what a patient wrote.
    logger.error("A patient's page failed: %s", type(error).__name__)
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"typed": typed}
    page = render(request, "enquiries/patient/unavailable.html", context, status=503)
    return found_by_back(page)
