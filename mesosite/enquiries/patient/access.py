"""Access to the patient's own page: by its link, which nobody can guess (192 random bits).

The address is the secret. A page elsewhere cannot know it, so nothing that is posted here needs a
token, a cookie or a check of its origin; browsers that are told `no-referrer` name none anyway. For
the same reason no answer is compressed: what is compressed together with a secret gives it away by
its length (BREACH).
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
    """Makes view(request, enquiry, link, …) a page of the link, for these HTTP methods."""

    def decorate(view: View) -> View:
        reached = _answered(_of_link(view))
        return private_page(require_http_methods(["HEAD", *methods])(reached))

    return decorate


def _of_link(view: View) -> View:
    @wraps(view)
    def found(request: HttpRequest, link: str, **kwargs: object) -> HttpResponse:
        enquiry = Enquiry.objects.with_link(link).select_related("consent").first()
        return view(request, enquiry, link, **kwargs) if enquiry else _wrong(request)

    return found


def _wrong(request: HttpRequest) -> HttpResponse:
    """404; after 20 wrong links in 10 minutes from one network, 429. Correct links always work."""
    address = request.META.get("REMOTE_ADDR", "")
    if rate_limits.guesses_too_much(address):
        minutes = int(rate_limits.WRONG_LINKS[1].total_seconds() // 60)
        context = {"minutes": minutes}
        return render(request, "enquiries/patient/rate_limited.html", context, status=429)
    rate_limits.count_guess(address)
    return render(request, "enquiries/patient/not_found.html", status=404)


def _answered(view: View) -> View:
    """Answers 503 where the database fails, with all that was typed."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (BadRequest, SuspiciousOperation):
            return render(request, "400.html", status=400)
        except Enquiry.DoesNotExist:  # erased since the page was reached
            return render(request, "enquiries/patient/not_found.html", status=404)
        except db.Error as error:
            # Its message may hold the row that was refused, and so what a patient wrote.
            logger.error("A patient's page failed: %s", type(error).__name__)
            typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
            context = {"typed": typed}
            page = render(request, "enquiries/patient/unavailable.html", context, status=503)
            return found_by_back(page)

    return answered
