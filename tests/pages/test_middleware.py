"""`make dev`: an editor sees in the browser what is wrong."""

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

from mesosite.pages.middleware import content_problems
from tests.pages.conftest import added

MIDDLEWARE = "mesosite.pages.middleware.ContentProblemsMiddleware"


@pytest.fixture
def developing(content, settings):
    settings.DEBUG = True
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    content_problems.cache_clear()
    yield content
    content_problems.cache_clear()


def test_the_place_is_marked_with_message_and_hint(developing, client):
    developing.change("en/risks.md", "nav: Risks", "nvb: Risks")

    answer = client.get("/")
    html = answer.content.decode()

    assert answer.status_code == 500
    assert "One thing to mend" in html
    assert "content/en/risks.md:3" in html
    assert "<mark><b>→ 3</b>nvb: Risks</mark>" in html
    assert "“nvb” is not a key that a page knows." in html
    assert "Known: title, nav," in html
    assert "Traceback" not in html


def test_all_problems_are_shown_wherever_one_looks(developing, client):
    developing.change("en/risks.md", "nav: Risks", "nvb: Risks")
    developing.change("clinic.yaml", "country:", "country: Greece #")
    (developing.folder / "en/faqs.md").write_bytes(b"---\ncaf\xe9\n---\n")

    for url in ("/", "/consultation/", "/staff/", "/nothing/"):
        html = client.get(url).content.decode()
        assert "3 things to mend" in html
        assert "content/clinic.yaml:6" in html
        assert "content/en/faqs.md" in html


def test_a_rule_that_is_broken_is_shown_too(developing, client):
    developing.change("en/risks.md", *added("It is painless."))

    html = client.get("/").content.decode()

    assert "“painless” promises too much" in html
    assert "</b>It is painless.</mark>" in html


def test_a_file_cannot_smuggle_markup_into_the_page(developing, client):
    developing.change("en/risks.md", "nav: Risks", "nav: [<script>alert(1)</script>")

    assert "<script>alert" not in client.get("/").content.decode()


def test_a_good_site_is_shown(developing, client):
    assert "One word for five things" in client.get("/overview/").content.decode()


def test_in_development_nothing_stops_the_start(developing):
    developing.change("en/risks.md", "nav: Risks", "nvb: Risks")

    assert not any(problem.is_serious() for problem in run_checks())
    assert content_problems()


def test_no_visitor_can_see_the_page():
    assert MIDDLEWARE not in django_settings.MIDDLEWARE
