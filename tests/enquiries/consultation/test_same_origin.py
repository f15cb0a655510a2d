"""The guard without a cookie: who may send, and what is left in the browser."""

import pytest
from django.test import Client

from tests.enquiries.filled_in import FORM, answers, nothing_stored, post, said, stored

pytestmark = pytest.mark.django_db

FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:8000.evil.example"},
    {"origin": "https://127.0.0.1:8000"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
]
OWN = [
    {},
    {"origin": "http://127.0.0.1:8000"},
    {"origin": "http://testserver", "sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", [FORM, FORM + "questions/"])
def test_another_sites_page_is_refused_with_a_way_on(path, headers):
    response = post(path, answers(), **headers)

    assert response.status_code == 403
    assert f'href="{FORM}"' in said(response)
    assert nothing_stored()


@pytest.mark.parametrize("headers", OWN)
def test_the_sites_own_page_is_taken(headers):
    assert post(FORM, answers(), **headers).status_code == 302
    assert stored()


def pages():
    yield Client().get(FORM)
    yield Client().get(FORM + "sent/")
    yield Client().get(FORM + "questions/")
    yield post(FORM + "questions/", {"questions": "x"})
    yield post(FORM, {"name": ""})
    yield post(FORM, {"adult": "no"})
    yield post(FORM, answers(), origin="https://evil.example")
    yield (sent := post(FORM, answers()))
    yield Client().get(sent.headers["Location"])


def test_no_cookie_is_set_and_no_cache_but_the_readers_own_keeps_an_answer():
    """Back finds what was typed; the page after sending is kept nowhere."""
    for response in pages():
        after_sending = response.request["PATH_INFO"] == FORM + "sent/"
        kept = "max-age=0, no-cache, no-store, must-revalidate, private"
        wanted = kept if after_sending else "no-cache, private"
        assert response.headers["Cache-Control"] == wanted
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in said(response)
