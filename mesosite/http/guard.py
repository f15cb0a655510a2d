"""The guard: the one place that every answer passes, static files and errors included.

It settles the client's address and the codings that the client accepts, checks Host, redirects http
to https, refuses large bodies, adds the security headers and lets no exception through.
"""

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.template.loader import render_to_string

from mesosite.http.codings import settle_codings
from mesosite.http.proxies import settle_client
from mesosite.pages.context_processors import site_context

logger = logging.getLogger(__name__)
Environ = dict[str, Any]
OPEN_TO_MONITORS = ("/healthz", "/readyz")
READ_OF_TOO_LARGE = 8 * 1024 * 1024
"""Bytes of a body that are read before it is refused: more than a person types into a form."""
_CHUNK = 64 * 1024


def guard(app: WSGIApplication) -> WSGIApplication:
    headers = tuple(settings.SECURITY_HEADERS.items())

    def guarded(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, answered: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            sent = {name.lower() for name, _value in answered}
            added = [item for item in headers if item[0].lower() not in sent]
            return start_response(status, answered + added, exc_info)

        try:
            settle_client(environ, settings.TRUSTED_PROXIES)
            settle_codings(environ)
            return (_refusal(environ) or app)(environ, start)
        except Exception:
            logger.exception("An answer failed outside of Django.")
            return _failed(environ, lambda *said: start(said[0], said[1], sys.exc_info()))

    return guarded


def _refusal(environ: Environ) -> WSGIApplication | None:
    """A WSGI application that refuses or redirects the request, or None to let it in."""
    monitor = environ.get("PATH_INFO") in OPEN_TO_MONITORS
    host = environ.get("HTTP_HOST", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return _answer("400 Bad Request", "400.html")
    if settings.SECURE and environ["wsgi.url_scheme"] != "https" and not monitor:
        return _to_https
    if _length(environ) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return _too_large
    return None


def _length(environ: Environ) -> int:
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _answer(
    status: str,
    template: str,
    context: Callable[[], dict[str, Any]] = site_context,
    cache: str = "no-store",
) -> WSGIApplication:
    """The address may be a patient's link, so no page that is left from here learns it.

    cache: the answer's Cache-Control. Back shows no answer to a POST that has `no-store`.
    """

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = render_to_string(template, context()).encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", cache),
            ("Referrer-Policy", "no-referrer"),
        ]
        start_response(status, headers)
        return [body]

    return app


def _too_large(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answers 413. What a person may have typed is read first, for a browser still sends it.

    It would find the connection closed, and show an error of its own in place of the answer.
    Something larger is refused unread, as RFC 9110, section 15.5.14, allows.
    """
    left = _length(environ)
    while 0 < left <= READ_OF_TOO_LARGE:
        read = len(environ["wsgi.input"].read(min(left, _CHUNK)))
        left = left - read if read else 0
    return _TOO_LARGE(environ, start_response)


_TOO_LARGE = _answer("413 Content Too Large", "413.html", cache="no-cache, private")
# Without clinic and pages: it must render when they do not.
_failed = _answer("500 Internal Server Error", "500.html", context=dict)


def _to_https(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    path = environ.get("PATH_INFO", "/").encode("latin-1", "replace")
    location = settings.SITE_URL + quote(path) + query
    start_response("301 Moved Permanently", [("Location", location), ("Content-Length", "0")])
    return [b""]
