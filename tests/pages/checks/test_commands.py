"""Wrong words stop publishing, and no other command: each of them works on a real database."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from tests.pages.conftest import ContentCopy

BAD = {
    "a forbidden word": ("A good name is not enough.", "It is painless."),
    "an unreadable page": ("nav: Risks", "nvb: Risks"),
}
WORKING = {
    "migrate": "Applying enquiries.0001_squashed",
    "staff --email eleni@clinic.example": "/staff/password/",
    "purge": "0 erased",
    "sample_enquiries 3": "3 made-up enquiries added.",
    "rotate_keys": "Everything is encrypted with key",
    "backup copy": "The database is copied",
    "restore copy --yes": "Restored from copy",
}
"""Each command, and what it prints once its work is done."""
RUN = """
import sys
from django.core.management import execute_from_command_line
for line in sys.argv[1:]:
    execute_from_command_line(["manage.py", *line.split()])
"""


@pytest.fixture(params=BAD.values(), ids=BAD)
def bad_content(request: pytest.FixtureRequest, content: ContentCopy) -> ContentCopy:
    content.change("en/risks.md", *request.param)
    return content


def test_every_other_command_does_its_work(bad_content, tmp_path):
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    paths = {"CONTENT_DIR": bad_content.folder, "VAR_DIR": tmp_path / "var"}
    places = {"PYTHONPATH": django_settings.BASE_DIR, **paths}
    env = kept | {name: str(path) for name, path in places.items()}
    command = [sys.executable, "-c", RUN, *WORKING]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert [said for said in WORKING.values() if said not in done.stdout] == []


@pytest.mark.parametrize("command", ["check", "publish"])
def test_check_and_publish_refuse_in_words(bad_content, settings, tmp_path, command):
    settings.PUBLISHED_DIR = tmp_path / "published"

    with pytest.raises(SystemCheckError, match=r"content/en/risks\.md:\d+: "):
        call_command(command)

    assert not settings.PUBLISHED_DIR.exists()


def test_the_words_are_checked_by_no_command_after_a_check(bad_content):
    with pytest.raises(SystemCheckError):
        call_command("check", tags=["content"])

    assert not any(problem.is_serious() for problem in run_checks())
