import shutil

import pytest
from django.conf import settings as django_settings

from mesosite.pages import catalogue


class ContentCopy:
    """A copy of the site's words that a test may spoil."""

    def __init__(self, folder):
        self.folder = folder

    def change(self, name, old, new):
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        catalogue.content.cache_clear()

    def errors(self):
        """What `manage.py check` says of it: (id, message) of what stops the publishing."""
        from mesosite.pages.checks.gate import check_content

        return [(error.id, error.msg) for error in check_content(None) if error.is_serious()]


@pytest.fixture(scope="session")
def content_folder(tmp_path_factory):
    """Where each copy stands, so that a page that no test changed is the same and is read once."""
    return tmp_path_factory.mktemp("of_the_site") / "content"


@pytest.fixture
def content(content_folder, settings):
    shutil.rmtree(content_folder, ignore_errors=True)
    settings.CONTENT_DIR = shutil.copytree(django_settings.CONTENT_DIR, content_folder)
    catalogue.content.cache_clear()
    yield ContentCopy(settings.CONTENT_DIR)
    catalogue.content.cache_clear()
