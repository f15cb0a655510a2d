"""What pages tell machines is true and stands on the page."""

import html as entities
import json
import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from mesosite.pages.catalogue import all_pages
from mesosite.pages.checks.wording import DESCRIPTION
from mesosite.pages.rendering import render_page
from mesosite.pages.views.generated import footer_pages

ADDRESSES = [*all_pages()]
SHORT, LONG = DESCRIPTION
REVIEW = "{by: Dr Example, on: 2026-11-24, words: none}"


def data(page):
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', render_page(page))[1]
    found = json.loads(text)
    return found if isinstance(found, list) else [found]


def shown(page):
    """The words of a page as a reader sees them, without the numbers of sources."""
    html = re.search(r"<body.*</body>", render_page(page), re.DOTALL)[0]
    html = re.sub(r"<(script|sup|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", "", html)).split())


def strings(value):
    if isinstance(value, dict):
        return [s for key, item in value.items() if key[0] != "@" for s in strings(item)]
    if isinstance(value, list):
        return [s for item in value for s in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_says_to_machines_only_what_it_shows(address):
    page = all_pages()[address]
    text, html = shown(page), entities.unescape(render_page(page))

    for said in strings(data(page)):
        assert said in (html if said.startswith("http") else text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_nobody_reviewed_names_no_review(address):
    said = json.dumps(data(all_pages()[address]))

    assert not re.search(r'"[^"]*[rR]eview[^"]*":', said)
    assert "dateModified" not in said
    assert "MedicalClinic" not in said


def test_a_reviewed_page_says_so(content):
    content.change("en/risks.md", "checked:", f"reviewed: {REVIEW}\nchecked:")

    page = all_pages()["risks"]
    said = data(page)[0]

    assert (said["dateModified"], said["lastReviewed"]) == (f"{page.checked}", "2026-11-24")
    assert said["reviewedBy"] == {"@type": "Person", "name": "Dr Example"}


def test_every_question_is_answered_by_us_and_not_by_clinics():
    asked = {
        q["name"]: q["acceptedAnswer"]["text"] for q in data(all_pages()["faqs"])[0]["mainEntity"]
    }

    assert len(asked) >= 12
    assert asked["How long does recovery take?"].startswith("For needling, plan for")
    assert all(question.endswith("?") for question in asked)


def test_a_page_is_found_under_those_above_it():
    steps = data(all_pages()["risks"])[0]["breadcrumb"]["itemListElement"]

    assert [step["item"].removeprefix("http://127.0.0.1:8000") for step in steps] == [
        "/",
        "/risks/",
    ]
    assert "breadcrumb" not in data(all_pages()[""])[0]


def test_only_what_the_clinic_has_set_is_told(content):
    content.change("clinic.yaml", "name: ", 'name: "Skin </script> & Co" #')
    content.change("clinic.yaml", "phone:", "phone: +30 210 000 0000 #")

    assert data(all_pages()["about"])[1] == {
        "@context": "https://schema.org",
        "@type": "MedicalClinic",
        "name": "Skin </script> & Co",
        "telephone": "+30 210 000 0000",
    }
    assert len(data(all_pages()["risks"])) == 1


def described(client, url):
    html = client.get(url).content.decode()
    return entities.unescape(re.search(r'<meta name="description" content="([^"]*)"', html)[1])


def test_descriptions_fit_and_differ(client):
    urls = [*(page.url for page in all_pages().values()), "/references/", "/words/", "/search/"]
    descriptions = [described(client, url) for url in urls]

    assert all(SHORT <= len(text) <= LONG for text in descriptions), descriptions
    assert len(set(descriptions)) == len(urls)


@pytest.mark.parametrize("url", ["/", "/risks/", "/words/", "/references/"])
def test_a_shared_link_has_its_words_and_picture(client, url):
    html = client.get(url).content.decode()
    found = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', html))

    assert set(found) == {"title", "description", "url", "type", "image", "locale"}
    assert found["url"] == f"http://127.0.0.1:8000{url}"
    assert f'<link rel="canonical" href="{found["url"]}">' in html
    assert found["image"].endswith(staticfiles_storage.url("img/og.png"))


def test_the_picture_has_its_size():
    picture = staticfiles_storage.open("img/og.png").read()

    assert picture[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)
    assert len(picture) <= 60_000


def test_robots_and_sitemap_lead_to_what_is_public(client):
    robots = client.get("/robots.txt").content.decode()

    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
    assert all(f"Disallow: /{page.address}" not in robots for page in footer_pages())
