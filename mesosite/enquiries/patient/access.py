"""Access to the patient's page: by its link, which nobody can guess (192 random bits), and digits.

The address is the secret. A page elsewhere cannot know it, so a POST here needs no token, cookie or
check of its origin, which browsers do not name after `no-referrer`. No answer is compressed: the
length of what is compressed together with a secret gives the secret away (BREACH).
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import db
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mesosite.enquiries import digits, rate_limits
from mesosite.enquiries.decorators import View, found_by_back, private_page
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.typed import posted, typed_words

ENDS_AFTER = timedelta(days=30)
"""After its closing the link of a request leads to no page any more."""
logger = logging.getLogger(__name__)


class PatientRequest(HttpRequest):
    """A request that `patient_page` has let through. is_open: the whole page, by its digits."""

    is_open: bool


def patient_page(*methods: str, link_alone: bool = False) -> Callable[[View], View]:
    """Makes view(request, enquiry, link, …) a page of the link, for these HTTP methods.

    link_alone: the page opens without the digits, which may be typed at any page of the link. What
    was typed beside them is not lost. Where the database fails, the answer is 503 with all that was
    typed.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: PatientRequest, link: str, **kwargs: object) -> HttpResponse:
            try:
                return _let_in(request, link, kwargs)
            except (BadRequest, SuspiciousOperation):
                return _refused(request, "400.html", 400)
            except Enquiry.DoesNotExist:  # erased since the page was reached
                return _refused(request, "enquiries/patient/not_found.html", 404)
            except db.Error as error:
                return _not_done(request, error)

        def _let_in(
            request: PatientRequest, address: str, kwargs: dict[str, object]
        ) -> HttpResponse:
            link, mark = digits.parted(address)
            rows = Enquiry.objects.select_related("consent", "health_consent")
            enquiry = rows.with_link(link)
            if enquiry is None:
                return wrong_link(request)
            if _has_ended(enquiry):
                return _refused(request, "enquiries/patient/ended.html", 410)
            request.is_open = digits.is_open(enquiry, mark)
            if not request.is_open and request.method == "POST" and "digits" in request.POST:
                try:
                    digits.check(enquiry, request.POST["digits"])
                except (digits.NoDigits, digits.WrongDigits) as error:
                    return _ask_for_digits(request, enquiry, link, error)
                address, request.is_open = digits.opened(enquiry), True
                if set(request.POST) == {"digits"}:
                    return _same_page(request, address)
            if not (request.is_open or link_alone):
                return _ask_for_digits(request, enquiry, link)
            return view(request, enquiry, address if request.is_open else link, **kwargs)

        return private_page(require_http_methods(["HEAD", *methods])(page))

    return decorate


def _has_ended(enquiry: Enquiry) -> bool:
    closed = enquiry.state == State.CLOSED
    return closed and enquiry.state_since < timezone.now() - ENDS_AFTER


def _same_page(request: HttpRequest, address: str) -> HttpResponse:
    """Leads to the page that was asked for, at the address that opens it."""
    match = request.resolver_match
    if match is None or not match.url_name:
        return redirect("enquiries:patient", address)
    return redirect(reverse(match.view_name, kwargs={"link": address}))


def _ask_for_digits(
    request: HttpRequest, enquiry: Enquiry, link: str, error: Exception | None = None
) -> HttpResponse:
    """The page that asks for the digits, with all that was typed; posted to the same address."""
    typed = posted(request, but="digits")
    is_locked = digits.is_locked(enquiry)
    context = {"link": link, "enquiry": enquiry, "typed": typed, "is_locked": is_locked}
    if is_locked:
        return _refused(request, "enquiries/patient/digits.html", 403, **context)
    context |= {"wrong": error is not None, "not_four": isinstance(error, digits.NoDigits)}
    context["left"] = digits.MAX_WRONG - enquiry.wrong_digits
    status = 422 if error else 200
    page = render(request, "enquiries/patient/digits.html", context, status=status)
    return found_by_back(page) if typed else page


def _refused(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """The page of a refusal, with the words that were typed, to be copied."""
    words = typed_words(request) if request.method == "POST" else []
    page = render(request, template, context | {"typed_words": words}, status=status)
    return found_by_back(page) if words else page


def wrong_link(request: HttpRequest) -> HttpResponse:
    """404; after 20 wrong links in 10 minutes from one network, 429. Correct links always work."""
    address = request.META.get("REMOTE_ADDR", "")
    if rate_limits.guesses_too_much(address):
        minutes = int(rate_limits.WRONG_LINKS[1].total_seconds() // 60)
        return _refused(request, "enquiries/patient/rate_limited.html", 429, minutes=minutes)
    rate_limits.count_guess(address)
    return _refused(request, "enquiries/patient/not_found.html", 404)


def _not_done(request: HttpRequest, error: db.Error) -> HttpResponse:
    # The error's message may hold the row that was refused, and so what a patient wrote.
    logger.error("A patient's page failed: %s", type(error).__name__)
    page = _refused(request, "enquiries/patient/unavailable.html", 503, typed=posted(request))
    return found_by_back(page)
