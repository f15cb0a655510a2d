import re
import shutil

import pytest
from django.conf import settings as django_settings

from mesosite.pages import catalogue

END = "/// unknown"
"""What stands at the end of each page that claims something."""

CHECKED, REVIEW_BY = re.compile(r"checked: .*"), re.compile(r"review_by: .*")
LINK = re.compile(r"\]\(/[^)]*\)")
SOURCE = re.compile(r"@[\w-]+")


def added(text):
    """What `change` replaces, and by what, so that a text stands at the end of a page."""
    return END, f"{text}\n\n{END}"


class ContentCopy:
    """A copy of the site's words that a test may spoil."""

    def __init__(self, folder):
        self.folder = folder

    def change(self, name, old, new):
        """Replaces the first `old`: a text, or a pattern where the words are an editor's."""
        path = self.folder / name
        pattern = old if isinstance(old, re.Pattern) else re.compile(re.escape(old))
        text, found = pattern.subn(lambda _match: new, path.read_text("utf-8"), count=1)
        assert found, f"{name} has no {old}"
        path.write_text(text, "utf-8")
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
