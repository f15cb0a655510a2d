"""Wrong words stop publishing, and no other command: each of them works on a real database."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from mesosite.pages.published_folders import content_of
from tests.pages.conftest import ContentCopy, added
from tests.pages.test_published_folders import complete

BAD = {
    "a forbidden word": added("It is painless."),
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


def run(content: ContentCopy, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Python in `folder`, where the site has VAR_DIR, with files that editors have spoilt."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PUBLISHED")}
    paths = {"CONTENT_DIR": content.folder, "VAR_DIR": folder / "var"}
    places = {"PYTHONPATH": django_settings.BASE_DIR, **paths}
    env = kept | {name: str(path) for name, path in places.items()}
    command = (sys.executable, *command)
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True)


def test_every_other_command_does_its_work_where_nothing_was_published(content, tmp_path):
    content.change("en/risks.md", *BAD["an unreadable page"])
    done = run(content, tmp_path, "-c", RUN, *WORKING)

    assert done.returncode == 0, done.stderr
    assert [said for said in WORKING.values() if said not in done.stdout] == []


@pytest.fixture
def spoilt(content: ContentCopy, tmp_path: Path) -> ContentCopy:
    """Content that was published, and of which no file can be read any more."""
    folder = complete(tmp_path / "var" / "published" / "v1")
    shutil.copytree(content.folder, content_of(folder))
    for path in content.folder.rglob("*.*"):
        path.write_text("half a fi", "utf-8")
    return content


def test_commands_read_what_was_published_and_not_the_files_that_are_edited(spoilt, tmp_path):
    done = run(spoilt, tmp_path, "-c", RUN, *WORKING, "send_mail --once")

    assert done.returncode == 0, done.stderr
    assert [said for said in WORKING.values() if said not in done.stdout] == []
    assert "half a fi" not in done.stderr


@pytest.mark.parametrize("command", ["check", "publish", "content_report"])
def test_an_editing_command_reads_the_files_themselves(spoilt, tmp_path, command):
    done = run(spoilt, tmp_path, str(django_settings.BASE_DIR / "manage.py"), command)

    assert done.returncode == 1
    assert "content/clinic.yaml" in done.stderr or "content/en/about.md" in done.stderr
    assert "published_content" not in done.stderr


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
