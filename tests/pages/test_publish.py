"""Published files are the live pages, byte for byte, and small."""

import re

import brotli
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from mesosite.pages.catalogue import all_pages
from mesosite.pages.publish import publish, published_files
from mesosite.pages.views.generated import GENERATED, footer_pages
from tests.requests import ask

BUDGET, SCRIPTS = 14_600, 2_000
KEPT = ("skin-section", "scar-shapes")  # drawings that the browser keeps
MADE = [f"/{page.address}" for page in footer_pages()]
PUBLISHED = [*(page.url for page in all_pages().values()), *MADE]
NOT_PUBLISHED = ["/consultation/", "/search/"]


@pytest.mark.parametrize("url", PUBLISHED)
def test_published_and_live_are_the_same_bytes(client, published, url):
    live = client.get(url)

    assert live.status_code == 200
    assert live.content == (published / url.strip("/") / "index.html").read_bytes()
    assert ask(url).body == live.content


def test_every_published_file_has_its_compressed_forms(published):
    for name, text in published_files():
        if len(text) > 300:
            assert brotli.decompress((published / f"{name}.br").read_bytes()).decode() == text
            assert (published / f"{name}.gz").exists()


def test_every_generated_page_is_published_and_live(client, published):
    for page in GENERATED:
        live = client.get(f"/{page.address}")
        assert live.content == (published / page.file).read_bytes()
        assert live["Content-Type"] == f"{page.content_type}; charset=utf-8"


def test_the_footer_of_every_page_leads_to_the_generated_ones(client):
    footer = client.get("/risks/").content.decode().partition("<footer")[2]

    assert [url for url in MADE if f'href="{url}"' not in footer] == []


def test_a_folder_in_use_is_never_published_over(published):
    with pytest.raises(FileExistsError):
        publish(published)


@pytest.mark.parametrize("url", sorted({*PUBLISHED, *NOT_PUBLISHED} - {"/references/"}))
def test_the_first_view_fits_the_budget(db, client, url):
    """HTML and CSS, Brotli, as sent. A drawing in a file counts as a picture.

    The references hold all sources: they are no first view.
    """
    html = client.get(url).content.decode()
    css = staticfiles_storage.open(re.search(r"[\w.]+\.css", html)[0]).read()

    assert len(brotli.compress(html.encode())) + len(brotli.compress(css)) <= BUDGET
    assert all(
        'type="application/ld+json"' in script or ' src="/static/' in script
        for script in re.findall(r"<script[^>]*", html)
    )
    assert "style=" not in html
    files = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    drawn = {staticfiles_storage.url(f"img/{name}.svg")[8:] for name in KEPT}
    assert len(files - drawn) <= 3
    scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', html)
    assert sum(len(staticfiles_storage.open(name).read()) for name in scripts) <= SCRIPTS


def test_all_pages_are_in_the_sitemap(client):
    text = client.get("/sitemap.xml").content.decode()

    for page in all_pages().values():
        place = f"<loc>http://127.0.0.1:8000{page.url}</loc>"
        assert f"{place}<lastmod>{page.checked:%Y-%m-%d}</lastmod>" in text
    for url in MADE:
        assert f"<loc>http://127.0.0.1:8000{url}</loc><lastmod>20" in text
