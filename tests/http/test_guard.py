"""Every answer carries the security headers, and public ones no cookie."""

import io
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from mesosite.http.guard import guard
from mesosite.http.proxies import networks
from tests.requests import ask

pytestmark = pytest.mark.django_db


def hashed(name="site.css"):
    return staticfiles_storage.url(name)


ANSWERS = [
    ("/", {}, 200),
    ("/risks/", {}, 200),
    ("/consultation/", {}, 200),
    ("/healthz", {}, 200),
    ("/robots.txt", {}, 200),
    ("/nothing/", {}, 404),
    ("/risks", {}, 302),
    ("/staff/", {}, 302),
    ("/risks/", {"method": "POST"}, 405),
    ("/risks/", {"HTTP_RANGE": "bytes=9999999-"}, 416),
    ("/", {"HTTP_HOST": "evil.example"}, 400),
    ("/consultation/", {"method": "POST", "CONTENT_LENGTH": "1048577"}, 413),
    ("/consultation/", {"method": "POST", "CONTENT_TYPE": "text/plain"}, 400),
    ("/?q=%ff", {}, 200),
    ("/consultation/?q=%ff", {}, 400),
]


@pytest.mark.parametrize(("path", "asked", "status"), ANSWERS)
def test_every_answer_has_the_security_headers(path, asked, status):
    answer = ask(path, **asked)

    assert answer.status == status
    quiet = {"Referrer-Policy": "no-referrer"} if status in (400, 413) else {}
    for name, value in (settings.SECURITY_HEADERS | quiet).items():
        assert answer.headers[name.lower()] == value
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "cache"),
    [
        ({"HTTP_HOST": "evil.example"}, 400, "no-store"),
        ({"CONTENT_TYPE": "multipart/form-data"}, 400, "no-store"),
        ({"QUERY_STRING": "q=%ff"}, 400, "no-store"),
        ({"CONTENT_LENGTH": "1048577"}, 413, "no-cache, private"),
    ],
)
def test_what_is_refused_under_a_patients_link_is_named_and_kept_nowhere(asked, status, cache):
    answer = ask("/consultation/r/secret/message/", method="POST", **asked)

    assert answer.status == status
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert cache in answer.headers["cache-control"]


@pytest.mark.parametrize(("mebibytes", "left"), [(2, 0), (20, 20)])
def test_of_what_is_too_large_no_more_is_read_than_a_person_may_have_typed(mebibytes, left):
    body = io.BytesIO(b"x" * mebibytes * 2**20)

    answer = ask(
        "/consultation/",
        method="POST",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(mebibytes * 2**20)},
    )

    assert answer.status == 413
    assert len(body.read()) == left * 2**20


def test_an_unchanged_file_is_answered_304_with_the_headers():
    etag = ask("/risks/").headers["etag"]

    answer = ask("/risks/", HTTP_IF_NONE_MATCH=etag)

    assert (answer.status, answer.body) == (304, b"")
    assert "content-security-policy" in answer.headers


def test_hashed_static_files_are_immutable_and_compressed():
    answer = ask(hashed(), HTTP_ACCEPT_ENCODING="br")

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "br"
    assert "access-control-allow-origin" not in answer.headers


def test_http_is_sent_to_https_under_an_https_address(settings):
    settings.SECURE, settings.SITE_URL = True, "https://scars.example"
    settings.ALLOWED_HOSTS = ["scars.example"]

    answer = ask("/risks/?q=1", HTTP_HOST="scars.example")
    monitor = ask("/healthz", HTTP_HOST="scars.example", app=guard(_ok))

    assert answer.status == 301
    assert answer.headers["location"] == "https://scars.example/risks/?q=1"
    assert monitor.status == 200


def test_only_a_trusted_proxy_is_believed_about_https(settings):
    settings.SECURE, settings.TRUSTED_PROXIES = True, networks(["10.0.0.0/8"])
    app = guard(_ok)

    inside = ask("/", app=app, REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_PROTO="https")
    outside = ask("/", app=app, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_PROTO="https")

    assert (inside.status, outside.status) == (200, 301)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.7", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "8.8.8.8, 203.0.113.9, 10.0.0.8", "203.0.113.9"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("203.0.113.7", "8.8.8.8", "203.0.113.7"),
    ],
)
def test_only_a_trusted_proxy_is_believed_about_the_client(settings, peer, forwarded, client):
    settings.TRUSTED_PROXIES = networks(["10.0.0.0/8"])

    answer = ask("/", app=guard(_ok), REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert answer.body.decode() == client


def _ok(environ, start_response):
    start_response("200 OK", [])
    return [environ.get("REMOTE_ADDR", "").encode()]


def settings_under(**environment):
    code = (
        "from mesosite import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_SECURE,"
        " s.SECURITY_HEADERS.get('Strict-Transport-Security'))"
    )
    command = [sys.executable, "-c", code]
    env = {"VAR_DIR": str(settings.VAR_DIR), "SECRET_KEY": "x" * 50} | environment
    return subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True)


def test_https_brings_hsts_and_host_bound_cookies():
    under = settings_under(SITE_URL="https://scars.example")

    assert under.stdout.split() == ["__Host-session", "True", "max-age=31536000"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SITE_URL": "http://scars.example"}, "use https://"),
        ({"SITE_URL": "scars.example"}, "SITE_URL is the site's address"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
    ],
)
def test_a_wrong_setting_stops_the_start_in_words(environment, words):
    stopped = settings_under(**environment)

    assert stopped.returncode == 1
    assert words in stopped.stderr
