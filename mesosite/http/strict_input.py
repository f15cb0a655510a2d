"""Input that the site accepts: its forms as browsers send them, and nothing malformed."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

FORM = "application/x-www-form-urlencoded"


class StrictInputMiddleware:
    """Refuses, with 400, bytes that are not UTF-8 and uploads.

    Django would replace or drop them, and store something else than what was sent. `guard` refuses
    a body over DATA_UPLOAD_MAX_MEMORY_SIZE, with 413, before this class reads it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> None:
        _check_text(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        if request.method == "POST":
            if request.content_type != FORM:
                raise BadRequest("Not a form of this site.")
            _check_text(request.body)


def _check_text(raw: bytes) -> None:
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError as error:
        raise BadRequest("Not UTF-8.") from error
