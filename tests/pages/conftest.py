import shutil

import pytest
from django.conf import settings as django_settings

from mesosite.pages import changes, charts, clinic, glossary, search, site, studies

CACHED = (
    *(site.read_pages, site.all_pages, site._chapters, site.small_print, site.all_references),
    *(clinic.clinic, glossary.all_words, glossary.pattern, search.index, studies.all_studies),
    *(charts.all_charts, changes.all_changes, site._surroundings),
)


class Content:
    """A copy of the site's words that a test may spoil."""

    def __init__(self, folder):
        self.folder = folder

    def change(self, name, old, new):
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def errors(self):
        """What `manage.py check` says of it: (id, message) of what stops the publishing."""
        from mesosite.pages.checks import check_content

        return [(error.id, error.msg) for error in check_content(None) if error.is_serious()]


@pytest.fixture
def content(tmp_path, settings):
    shutil.copytree(django_settings.CONTENT_DIR, tmp_path / "content")
    settings.CONTENT_DIR = tmp_path / "content"
    for cached in CACHED:
        cached.cache_clear()
    yield Content(settings.CONTENT_DIR)
    for cached in CACHED:
        cached.cache_clear()
