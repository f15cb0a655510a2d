"""Where nothing could be published yet, no page is shown; inbox and patients' pages work on."""

import pytest
from django.conf import settings as django_settings

from mesosite.enquiries.consultation import consent
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.pages import catalogue
from tests.enquiries.filled_in import post
from tests.enquiries.patient.requests import asked, correct, page
from tests.inbox.asking import Browser, press
from tests.pages.conftest import ContentCopy, content, content_folder  # noqa: F401  (fixtures)

MIDDLEWARE = "mesosite.pages.unpublished.NoPagesMiddleware"
PAGES = ["/", "/risks/", "/privacy/", "/nothing/", "/words/", "/leaflet/", "/search/"]
PAGES += ["/sitemap.xml", "/robots.txt", "/consultation/", "/leaflet/check/"]


@pytest.fixture
def enquiry(db):
    """A request of the days in which there were pages."""
    return asked()


@pytest.fixture
def bad(enquiry, content, settings):  # noqa: F811
    """Content with a page that cannot be read, on a site that published nothing yet."""
    content.change("clinic.yaml", "\nname:", "\nname: Clinic of Athens")
    content.change("clinic.yaml", "\nphone:", "\nphone: +30 210 0000000")
    content.change("en/risks.md", "nav: Risks", "nvb: Risks")
    settings.NOT_PUBLISHED, settings.NO_PAGES = "content", True
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    catalogue.content.cache_clear()
    consent._privacy.cache_clear()
    yield content
    consent._privacy.cache_clear()


def is_closed(answer):
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert answer["Cache-Control"] == "no-store"
    assert "These pages are not ready" in text
    assert "Traceback" not in text
    assert "nvb" not in text
    return text


@pytest.mark.parametrize("url", PAGES)
def test_public_pages_say_that_they_are_not_ready(bad, client, url):
    text = is_closed(client.get(url))
    assert "+30 210 0000000" in text
    assert "The link in your mail still works." in text


def test_no_request_is_taken_without_the_words_that_are_agreed_to(bad):
    for url in ("/consultation/", "/consultation/questions/"):
        is_closed(post(url, {"name": "Ana", "adult": "yes"}))

    assert Enquiry.objects.count() == 1


def test_staff_work_on_and_read_why_there_are_no_pages(bad, enquiry, desk):
    listed = " ".join(desk.get("/staff/").content.decode().split())
    assert "The site shows no pages and takes no requests: a file of the content has a" in listed
    assert f"/staff/e/{enquiry.code}/" in listed

    shown = desk.get(f"/staff/e/{enquiry.code}/")
    assert shown.status_code == 200
    assert "Does it hurt?" in shown.content.decode()
    press(desk, enquiry, "take")
    assert Enquiry.objects.get().state == State.IN_PROGRESS


def test_patients_see_correct_and_withdraw_what_they_sent(bad, enquiry, client):
    assert "Since I was 17." in client.get(page(enquiry)).content.decode()
    assert "Does it hurt?" in client.get(page(enquiry, "correct/")).content.decode()
    assert correct(enquiry, message="Since I was 18.").status_code == 302
    assert Enquiry.objects.get().answers["message"] == "Since I was 18."
    assert client.get(page(enquiry, "withdraw/")).status_code == 200


def test_a_stranger_is_led_to_the_login(bad):
    assert Browser().get("/staff/", follow=True).status_code == 200


def test_without_the_clinics_own_data_the_inbox_says_so_too(bad, desk):
    """It could show no time of day rightly."""
    bad.change("clinic.yaml", "time_zone:", "time_zone: Nowhere/Town #")
    desk.raise_request_exception = False

    to_staff, to_patients = is_closed(desk.get("/staff/")), is_closed(desk.get("/risks/"))
    assert "clinic.yaml cannot be read: “manage.py check” names the place." in to_staff
    assert "clinic.yaml" not in to_patients
    assert "link in your mail" not in to_patients


def test_a_published_site_has_no_part_of_this():
    assert MIDDLEWARE not in django_settings.MIDDLEWARE
