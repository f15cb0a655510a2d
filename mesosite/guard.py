"""The guard: the one place that every answer passes, static files and errors included.

It checks Host, sends http to https, refuses large bodies and adds the security headers.
"""

from ipaddress import ip_address, ip_network
from urllib.parse import quote

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.template.loader import render_to_string

from mesosite.pages.context import site

OPEN_TO_MONITORS = ("/healthz", "/readyz")


def guard(app):
    proxies = [ip_network(proxy) for proxy in settings.TRUSTED_PROXIES]
    headers = tuple(settings.SECURITY_HEADERS.items())

    def guarded(environ, start_response):
        def start(status, answered, exc_info=None):
            sent = {name.lower() for name, _value in answered}
            added = [item for item in headers if item[0].lower() not in sent]
            return start_response(status, answered + added, exc_info)

        _settle_client(environ, proxies)
        return (_refusal(environ) or app)(environ, start)

    return guarded


def _settle_client(environ, proxies):
    """Scheme and address of the client, as trusted proxies say; what others say is dropped.

    The address is the last one in X-Forwarded-For that no trusted proxy has: everything before
    it was written by the client itself.
    """
    scheme = environ.pop("HTTP_X_FORWARDED_PROTO", "")
    hops = environ.pop("HTTP_X_FORWARDED_FOR", "").split(",")
    if not _is_trusted(environ.get("REMOTE_ADDR", ""), proxies):
        return
    if scheme == "https":
        environ["wsgi.url_scheme"] = "https"
    said = [hop.strip() for hop in hops if hop.strip()]
    outside = [hop for hop in said if not _is_trusted(hop, proxies)]
    if outside:
        environ["REMOTE_ADDR"] = outside[-1]


def _is_trusted(address, proxies):
    try:
        return any(ip_address(address) in proxy for proxy in proxies)
    except ValueError:
        return False


def _refusal(environ):
    """A WSGI application that refuses or redirects the request, or None to let it in."""
    monitor = environ.get("PATH_INFO") in OPEN_TO_MONITORS
    host = environ.get("HTTP_HOST", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return _answer("400 Bad Request", "400.html")
    if settings.SECURE and environ["wsgi.url_scheme"] != "https" and not monitor:
        return _to_https
    if _length(environ) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return _answer("413 Content Too Large", "413.html")
    return None


def _length(environ):
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _answer(status, template):
    def app(environ, start_response):
        body = render_to_string(template, site()).encode()
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return app


def _to_https(environ, start_response):
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    path = environ.get("PATH_INFO", "/").encode("latin-1", "replace")
    location = settings.SITE_URL + quote(path) + query
    start_response("301 Moved Permanently", [("Location", location), ("Content-Length", "0")])
    return [b""]
