"""Who reaches the patient's own page: whoever has its link, and nobody by guessing.

The address is the secret. A page elsewhere cannot know it, so nothing that is posted here needs a
token, a cookie or a check of its origin; browsers that are told `no-referrer` name none anyway. For
the same reason no answer is compressed: what is compressed together with a secret gives it away by
its length (BREACH).
"""

import logging
from functools import wraps

from django import db
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mesosite.enquiries import spam
from mesosite.enquiries.models import Enquiry

logger = logging.getLogger(__name__)

QUIET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def own_page(*methods):
    """Makes view(request, enquiry, link, …) a page of the link, for these HTTP methods."""

    def decorate(view):
        reached = _answered(_of_link(view))
        return _public(require_http_methods(["HEAD", *methods])(reached))

    return decorate


def quiet_page(view):
    """Makes a view one that nobody keeps, lists, or names to another site."""
    return _public(require_http_methods(["HEAD", "GET"])(view))


def _public(view):
    @wraps(view)
    def quiet(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        for name, value in QUIET.items():
            response.headers[name] = value
        return response

    return login_not_required(never_cache(csrf_exempt(quiet)))


def _of_link(view):
    @wraps(view)
    def found(request, link, **kwargs):
        enquiry = Enquiry.objects.with_link(link).select_related("consent").first()
        return view(request, enquiry, link, **kwargs) if enquiry else _wrong(request)

    return found


def _wrong(request):
    """No such link. Many of them are answered with less; who has a right one never waits."""
    address = request.META.get("REMOTE_ADDR", "")
    if spam.guesses_too_much(address):
        minutes = int(spam.WRONG_LINKS[1].total_seconds() // 60)
        return render(
            request, "enquiries/patient/rate_limited.html", {"minutes": minutes}, status=429
        )
    spam.count_guess(address)
    return render(request, "enquiries/patient/not_found.html", status=404)


def _answered(view):
    """Whatever the database cannot do now is said in words, with all that was typed."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except (BadRequest, SuspiciousOperation):
            return render(request, "400.html", status=400)
        except Enquiry.DoesNotExist:  # erased since the page was reached
            return render(request, "enquiries/patient/not_found.html", status=404)
        except db.Error as error:
            # Its words may hold the row that was refused, and so what a patient wrote.
            logger.error("A patient's page failed: %s", type(error).__name__)
            typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
            return render(
                request, "enquiries/patient/unavailable.html", {"typed": typed}, status=503
            )

    return answered
