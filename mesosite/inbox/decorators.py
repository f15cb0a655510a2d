"""How the views of the inbox are asked: to read, to read and change, to change alone."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def only_posted(page: str, *keys: str) -> Callable[[View], View]:
    """A view that changes something. A GET, such as the login's return, is redirected.

    page: the URL name to which a GET leads; keys: the arguments of this view that it takes.
    """

    def decorator(view: View) -> View:
        @reads_and_posts
        @wraps(view)
        def answer(request: HttpRequest, **given: str) -> HttpResponse:
            if request.method == "POST":
                return view(request, **given)
            return redirect(reverse(page, kwargs={key: given[key] for key in keys}))

        return answer

    return decorator
