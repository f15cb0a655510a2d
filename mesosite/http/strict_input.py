"""What may come in: the site's forms as browsers send them, and nothing malformed."""

from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest, RequestDataTooBig

FORM = "application/x-www-form-urlencoded"


class StrictInputMiddleware:
    """Refuses input that Django would repair in silence.

    Django replaces bytes that are no UTF-8 and reads uploads that no form here asks for; both
    would store something else than what was sent. Answers 400; a body over
    DATA_UPLOAD_MAX_MEMORY_SIZE is refused with 413 by `mesosite.guard` before it is read.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        self._check_text(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        if request.method == "POST":
            if request.content_type != FORM:
                raise BadRequest("Not a form of this site.")
            try:
                self._check_text(request.body)
            except RequestDataTooBig as error:
                raise BadRequest("Too large.") from error

    def _check_text(self, raw):
        try:
            unquote_to_bytes(raw.replace(b"+", b" ")).decode()
        except UnicodeDecodeError as error:
            raise BadRequest("Not UTF-8.") from error
