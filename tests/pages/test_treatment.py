"""A second treatment in a folder of its own, as content/README.md teaches it."""

import pytest

from mesosite.pages import catalogue
from mesosite.pages.catalogue import all_pages, reading_order
from mesosite.pages.publish import published_files

HEAD = """---
title: {title}
nav: {title}
description: What is known about {title} for acne scars, in plain words, and what can go wrong.
order: {order}
audience: For people who were offered a laser.
summary: |
  A laser heats small spots of skin.
questions:
  - id: laser-{order}
    text: Which laser do you use?
checked: 2026-11-22
review_by: 2027-05-22
---
"""
OVERVIEW = """
## Does it help?

It may help. What can go wrong stands under [risks](/treatments/laser/risks/).
[We are not very sure: @cachafeiro2016]

/// care | emergency
- You have trouble breathing.
///

/// care | week
- A new lump appears.
///

/// unknown
- How long a gain lasts.
///
"""
RISKS = """
## Redness

Redness lasted longer than after needling.
[Counted in a study: @cachafeiro2016]

/// care | emergency
- You have trouble breathing.
///

/// care | today
- Blisters spread.
///

/// care | week
- A new lump appears.
///

/// care | talk
- Your skin stops you from going out.
///

/// unknown
- How often it leaves scars.
///
"""


@pytest.fixture
def own_order(content):
    """The addresses of the site's own pages, before a treatment is added."""
    return [page.address for page in reading_order()]


@pytest.fixture
def laser(content, own_order):
    folder = content.folder / "en/treatments/laser"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(HEAD.format(title="Laser", order=1) + OVERVIEW, "utf-8")
    (folder / "risks.md").write_text(HEAD.format(title="Laser risks", order=2) + RISKS, "utf-8")
    catalogue.content.cache_clear()
    return content


def test_it_passes_the_gate(laser):
    assert laser.errors() == []


def test_its_addresses_follow_its_folders(laser, client):
    assert {"treatments/laser", "treatments/laser/risks"} <= set(all_pages())
    assert client.get("/treatments/laser/risks/").status_code == 200


def test_the_order_of_the_sites_own_pages_stays(own_order, laser):
    assert [page.address for page in reading_order()] == own_order
    assert [page.nav for page in reading_order(folder="treatments/laser")] == [
        "Laser",
        "Laser risks",
    ]


def test_its_pages_lead_to_each_other(laser, client):
    html = client.get("/treatments/laser/").content.decode()

    assert "Page 1 of 2" in html
    assert '<li><a href="/treatments/laser/risks/">Laser risks</a></li>' in html
    assert 'class="next__after" href="/treatments/laser/risks/"' in html


def test_the_first_page_lists_it(laser, client):
    html = client.get("/").content.decode()

    assert "<h3>Other treatments</h3>" in html
    assert '<a href="/treatments/laser/">Laser</a>' in html


def test_its_first_page_leads_whatever_its_number_is(laser, client):
    laser.change("en/treatments/laser/index.md", "order: 1", "order: 9")

    assert reading_order(folder="treatments/laser")[0].nav == "Laser"
    assert '<a href="/treatments/laser/">Laser</a>' in client.get("/").content.decode()


def test_it_is_published_and_in_the_sitemap(laser):
    files = dict(published_files())

    assert "treatments/laser/risks/index.html" in files
    assert "/treatments/laser/risks/</loc>" in files["sitemap.xml"]


def test_without_one_the_first_page_names_none(client):
    assert "<h3>Other treatments</h3>" not in client.get("/").content.decode()
