"""Input that the site accepts: its forms as browsers send them, and nothing malformed."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse

FORM = "application/x-www-form-urlencoded"


class StrictInputMiddleware:
    """Refuses, with 400, input that Django would repair silently.

    Django replaces bytes that are not UTF-8 and reads uploads that the site's forms do not have;
    both would store something else than what was sent. `guard` refuses, with 413, a body over
    DATA_UPLOAD_MAX_MEMORY_SIZE before it is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> None:
        self._check_text(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        if request.method == "POST":
            if request.content_type != FORM:
                raise BadRequest("Not a form of this site.")
            try:
                self._check_text(request.body)
            except RequestDataTooBig as error:
                raise BadRequest("Too large.") from error

    def _check_text(self, raw: bytes) -> None:
        try:
            unquote_to_bytes(raw.replace(b"+", b" ")).decode()
        except UnicodeDecodeError as error:
            raise BadRequest("Not UTF-8.") from error
