"""Which form of a published file is answered: as it is, gzip or Brotli; whole, or 304 (RFC 9110).

WhiteNoise serves the files. Both it and Django's gzip look for names alone in Accept-Encoding, and
WhiteNoise has one ETag for all forms of a file, which it compares letter by letter.
"""

import re
from http import HTTPStatus
from typing import Any

from django.utils.http import parse_etags
from whitenoise import WhiteNoise
from whitenoise.responders import Response, StaticFile

Environ = dict[str, Any]
CODINGS = ("br", "gzip", "identity")
"""The codings of the site's answers, the smallest first."""
_ITEM = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.ASCII | re.IGNORECASE)
_LEAST = 0.0001
"""Below each weight that can be written: `identity` is accepted where it is not named."""


def settle_codings(environ: Environ) -> None:
    """Leaves in Accept-Encoding the names alone that the client accepts, the best one first."""
    if (given := environ.get("HTTP_ACCEPT_ENCODING")) is not None:
        environ["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted(given))


def accepted(header: str) -> list[str]:
    """Those of CODINGS that an Accept-Encoding accepts, by their weights (section 12.5.3)."""
    items = filter(None, map(_ITEM.fullmatch, header.split(",")))
    named = {item[1].lower(): float(item[2] or 1) for item in items}
    others = named.get("*", 0)
    weights = {coding: named.get(coding, others) for coding in CODINGS}
    if not named.keys() & {"identity", "*"}:
        weights["identity"] = _LEAST
    return sorted(filter(weights.get, CODINGS), key=lambda coding: -weights[coding])


def is_match(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match names the ETag, or any: the weak comparison (section 13.1.2)."""
    tags = [tag.removeprefix("W/") for tag in parse_etags(if_none_match)]
    return tags == ["*"] or etag in tags


class PublishedFiles(WhiteNoise):
    """WhiteNoise, with the forms of each file apart."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> "FileForms":
        return FileForms(super().get_static_file(path, url, stat_cache), stat_cache)


class FileForms:
    """A file in its codings: each form has an ETag of its own, since its bytes are others."""

    def __init__(self, file: StaticFile, stat_cache: Any) -> None:
        self._forms: dict[str, StaticFile] = {}
        for _pattern, path, given in file.alternatives:
            headers = dict(given)
            coding = headers.get("Content-Encoding", "identity")
            if coding != "identity":
                headers["ETag"] = f'{file.etag[:-1]}-{coding}"'
            self._forms[coding] = StaticFile(path, list(headers.items()), stat_cache=stat_cache)

    def get_response(self, method: str, environ: Environ) -> Response:
        """environ: with the Accept-Encoding that `settle_codings` leaves."""
        codings = environ.get("HTTP_ACCEPT_ENCODING", "identity").split(", ")
        coding = next((coding for coding in codings if coding in self._forms), None)
        if coding is None:
            return Response(HTTPStatus.NOT_ACCEPTABLE, [("Vary", "Accept-Encoding")], None)
        form = self._forms[coding]
        if is_match(environ.get("HTTP_IF_NONE_MATCH", ""), form.etag):
            environ = environ | {"HTTP_IF_NONE_MATCH": form.etag}
        return form.get_response(method, environ)
