"""Everything is closed unless it was opened on purpose: this is the whole public surface."""

from django.urls import URLPattern, get_resolver

PUBLIC = {
    "",
    "<address:address>/",
    "favicon.ico",
    "_redirects",
    "references/",
    "search/",
    "words/",
    "leaflet/",
    "leaflet/book/",
    "leaflet/print/",
    "leaflet/check/",
    "about/quality/",
    "robots.txt",
    "sitemap.xml",
    "healthz",
    "readyz",
    "consultation/",
    "consultation/questions/",
    "consultation/sent/",
    "consultation/erased/",
    "consultation/address/<str:token>/",
    "consultation/r/<str:link>",
    "consultation/r/<str:link>/",
    "consultation/r/<str:link>/<path:rest>",
    "consultation/r/<str:link>/message/",
    "consultation/r/<str:link>/prepare/",
    "consultation/r/<str:link>/correct/",
    "consultation/r/<str:link>/download/json",
    "consultation/r/<str:link>/download/html",
    "consultation/r/<str:link>/visit/file",
    "consultation/r/<str:link>/visit/cancel/",
    "consultation/r/<str:link>/visit/reminder/",
    "consultation/r/<str:link>/withdraw/",
    "staff/login/",
    "staff/login/passkey/",
    "staff/login/second/",
    "staff/logout/",
    "staff/^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
}


def all_patterns(patterns, prefix=""):
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from all_patterns(entry.url_patterns, route)


def test_only_the_listed_addresses_are_open():
    routes = dict(all_patterns(get_resolver().url_patterns))
    opened = {r for r, view in routes.items() if not getattr(view, "login_required", True)}

    assert opened - PUBLIC == set()
    assert PUBLIC - opened == set()
