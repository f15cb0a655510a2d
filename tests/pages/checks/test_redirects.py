"""An address that was published leads on or says that it is gone, and never just breaks."""

import pytest

from mesosite.pages import catalogue
from mesosite.pages.publish import publish, published_files
from tests.pages.checks.test_editing import filled
from tests.requests import ask


@pytest.fixture
def redirects(content):
    """Writes redirects.yaml."""

    def write(text):
        (content.folder / "redirects.yaml").write_text(text, "utf-8")
        catalogue.content.cache_clear()
        return content.errors()

    return write


GOOD = "/old-risks/: /risks/\n/a/b/: /faqs/#sources\n/offer/: gone  # since 2027\n"


def test_an_old_address_leads_on_or_says_that_it_is_gone(redirects, client):
    assert redirects(GOOD) == []

    for old, new in {"/old-risks/": "/risks/", "/a/b/": "/faqs/#sources"}.items():
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
        assert answer["Cache-Control"] == "public, max-age=60"
    gone = client.get("/offer/")
    assert gone.status_code == 410
    assert "This page is no longer here" in gone.content.decode()
    assert client.get("/nothing/").status_code == 404


@pytest.mark.django_db
def test_the_whole_site_leads_on_past_its_published_files(redirects):
    redirects(GOOD)

    assert ask("/old-risks/").headers["location"] == "/risks/"
    assert ask("/old-risks").headers["location"] == "/old-risks/"
    assert ask("/offer/").status == 410


def test_the_published_folder_tells_a_host_of_files_where_they_lead(redirects):
    redirects(GOOD)
    files = dict(published_files())

    assert files["_redirects"] == "/old-risks/ /risks/ 301\n/a/b/ /faqs/#sources 301\n"
    assert not [name for name, text in files.items() if "old-risks" in text and name[0] != "_"]


def test_without_the_file_no_address_is_old(content):
    (content.folder / "redirects.yaml").unlink()
    catalogue.content.cache_clear()

    assert content.errors() == []
    assert catalogue.content().redirects == {}


REFUSED = [
    ("/risks/: /faqs/", "E038", ":1: /risks/ is a page of the site"),
    ("\n/a/: /b/\n/b/: /faqs/", "E038", ":2: /a/ leads to /b/, which is an old address too."),
    ("/a/: /a/", "E038", "/a/ leads to /a/, which is an old address too."),
    ("/a/: /b/#c\n/b/: gone", "E038", "/a/ leads to /b/#c, which is an old address too."),
    ("/a/: /faqs/\n/a/: /risks/", "E001", ":2: “/a/” stands twice"),
    ("/search/: /faqs/", "E038", "The site makes /search/ itself."),
    ("/staff/: /faqs/", "E038", "The site makes /staff/ itself."),
    ("/healthz/: /faqs/", "E038", "The site makes /healthz/ itself."),
    ("/consultation/news/: /faqs/", "E038", "The site makes /consultation/news/ itself."),
    ("/static/old/: /faqs/", "E038", "The site makes /static/old/ itself."),
    ("/a/: /nowhere/", "E038", "The link /nowhere/ leads nowhere."),
    ("/a/: /faqs/#nowhere", "E038", "/faqs/ has no place called #nowhere."),
    ("a: /faqs/", "E001", "“a” is no address that a page had."),
    ("/A.html: /faqs/", "E001", "“/A.html” is no address that a page had."),
    ("/a/: faqs", "E001", "“faqs” is no address of this site, and not “gone”."),
    ("/a/: https://elsewhere.example/", "E001", "“https://elsewhere.example/” is no address"),
    ("/a/:", "E001", "“” is no address of this site"),
    ("/a/: [/faqs/]", "E001", "A list is no address of this site"),
    ("- /a/", "E001", "This is not a list of “key: value” lines."),
]


@pytest.mark.parametrize(("text", "number", "words"), REFUSED)
def test_a_wrong_old_address_is_refused_in_words(redirects, text, number, words):
    (error,) = redirects(text)

    assert error[0] == f"content.{number}"
    assert error[1].startswith("content/redirects.yaml:")
    assert words in error[1]


def test_an_old_address_may_lead_to_a_page_that_the_site_makes(redirects):
    assert redirects("/all-words/: /words/\n/home/: /") == []


@pytest.fixture
def once(content, settings, tmp_path):
    """Content that is published with one page more, /at-home/."""
    settings.VAR_DIR = tmp_path
    skeleton = filled((content.folder / "skeleton.md").read_text("utf-8"))
    (content.folder / "en/at-home.md").write_text(skeleton, "utf-8")
    catalogue.content.cache_clear()
    assert content.errors() == []
    publish(tmp_path / "published" / "v1")
    assert content.errors() == []
    return content


LOST = "content/redirects.yaml: /at-home/ is published, and here is no page with this address."


def test_an_address_that_was_published_is_not_lost_in_silence(once, redirects):
    (once.folder / "en/at-home.md").rename(once.folder / "en/home-rollers.md")
    catalogue.content.cache_clear()

    assert once.errors() == [("content.E039", LOST)]
    assert redirects("/at-home/: /home-rollers/\n") == []


def test_a_page_is_retired_by_one_line(once, redirects):
    (once.folder / "en/at-home.md").unlink()
    catalogue.content.cache_clear()

    assert once.errors() == [("content.E039", LOST)]
    assert redirects("/at-home/: gone\n") == []


def test_a_published_page_that_becomes_a_draft_is_lost_too(once, redirects):
    once.change("en/at-home.md", "checked:", "draft: true\nchecked:")

    assert once.errors() == [("content.E039", LOST)]
    assert redirects("/at-home/: gone\n") == []


def test_what_was_never_published_goes_without_a_word(once):
    text = (once.folder / "en/about.md").read_text("utf-8")
    (once.folder / "en/brief.md").write_text(text.replace("description: ", "description: 2 "))
    catalogue.content.cache_clear()
    assert "brief" in catalogue.all_pages()

    (once.folder / "en/brief.md").unlink()
    catalogue.content.cache_clear()
    assert once.errors() == []
