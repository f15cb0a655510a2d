"""What was published is served, whatever stands in the files that editors change."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from django.conf import settings

from mesosite import serve
from mesosite.pages.content.errors import ContentError
from mesosite.pages.published_folders import NOT_PUBLISHED, content_of, time_in
from tests.log_records import logged
from tests.pages.test_published_folders import complete
from tests.serving.wire import WatchedSite
from tests.site import soon


class EditedSite(WatchedSite):
    """With content of its own, which a test edits."""

    HAS_RUN = False

    def __init__(self, folder):
        self.content = shutil.copytree(settings.CONTENT_DIR, folder / "content")
        super().__init__(folder, CONTENT_DIR=str(self.content), WEB_WORKERS="1")

    def edit(self, name, old, new):
        text = (self.content / name).read_text("utf-8")
        assert old in text
        (self.content / name).write_text(text.replace(old, new, 1), "utf-8")

    def main(self):
        return self.process.pid

    def wait_for_a_new_worker(self, killed):
        soon(lambda: self.oldest_worker() not in killed)
        self._wait_until_healthy()

    def get(self, path):
        return self.ask(f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close")

    def content_of_sender(self):
        """The folder whose files it reads, such as the periods after which it erases."""
        given = Path(f"/proc/{self.sender()}/environ").read_bytes().decode().split("\0")
        name = dict(line.split("=", 1) for line in given if line)["PUBLISHED"]
        return content_of(self.var / "published" / name)

    def mails(self):
        return [path.read_text("utf-8") for path in (self.var / "mail").glob("*.log")]

    def confirmation(self, patient):
        """The mail that answers a request of `patient`, once it is sent."""
        assert self.send(name=patient, email=f"{patient}@example.com").startswith("HTTP/1.1 302")
        to = f"To: {patient}@example.com"
        return soon(lambda: next((mail for mail in self.mails() if to in mail), None))


@pytest.fixture
def edited(tmp_path):
    site = EditedSite(tmp_path)
    yield site
    site.kill()


def test_a_site_that_runs_and_one_that_starts_keep_to_what_was_published(edited):
    """Its first start finds names that a person gave; its workers, sender and next start a page
    half written and another name of the clinic, and the next start a record without a trigger."""
    for name in ("v1", "v2", "v3"):
        complete(edited.var / "published" / name)
    edited.edit("clinic.yaml", "\nname:", "\nname: Published Clinic")
    edited.start()
    assert "Published Clinic" in edited.get("/risks/")
    assert ".css" in edited.get("/risks/")

    edited.edit("clinic.yaml", "Published", "Edited")
    edited.edit("en/risks.md", "nav: Risks", "nvb: Risks")
    killed = [edited.oldest_worker(), edited.sender()]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    edited.wait_for_a_new_worker(killed)
    assert "Published Clinic" in edited.get("/consultation/")
    assert "Published Clinic" in edited.confirmation("ana")
    assert "Published Clinic" in (edited.content_of_sender() / "clinic.yaml").read_text("utf-8")

    edited.stop()
    edited.sql("DROP TRIGGER audit_no_update")
    edited.start()
    assert "unprotected: The record of staff was found without its triggers" in edited.said()
    assert edited.sql("SELECT what FROM enquiries_auditevent") == [("unprotected",)]
    assert edited.sql("SELECT 1 FROM sqlite_master WHERE name = 'audit_no_update'") == [(1,)]
    lines = [line for line in edited.said().splitlines() if "Nothing is published" in line]
    assert len(lines) == 1
    assert "content/en/risks.md:3: “nvb” is not a key".encode().decode("latin-1") in lines[0]
    for path in ("/risks/", "/consultation/", "/search/?q=risks"):
        assert "Published Clinic" in edited.get(path)
    assert "ok\nwarning: content\nThe pages are those of 20" in edited.get("/readyz")
    assert "Published Clinic" in edited.confirmation("eve")
    assert edited.stop() == []


def test_a_first_start_with_a_mistake_in_a_file_serves_the_inbox_and_says_why(edited):
    edited.edit("en/risks.md", "nav: Risks", "nvb: Risks")
    edited.start()
    said = edited.said()

    assert "without pages, and no mail leaves. content/en/risks.md:3: " in said
    assert said.count("Nothing is published.") == 1
    assert "Traceback" not in said
    assert edited.get("/readyz").startswith("HTTP/1.1 503")
    for path in ("/risks/", "/consultation/"):
        assert "These pages are not ready" in edited.get(path)
    assert ".css" in edited.get("/staff/login/")
    assert edited.stop() == []


@pytest.fixture
def again(monkeypatch):
    """What the process would begin again with: the variables, once it does."""
    begun = []
    monkeypatch.setattr(os, "execv", lambda *_command: begun.append(dict(os.environ)))
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return begun


@pytest.fixture
def parent(tmp_path):
    """VAR_DIR/published with a publishing, v1, and the content that it was made of."""
    folder = complete(tmp_path / "published" / "v1")
    shutil.copytree(settings.CONTENT_DIR, content_of(folder))
    return folder.parent


FULL = OSError(28, "No space left on device")
WRONG = ContentError("risks.md", 3, "A mistake.")
ERRORS = [
    (FULL, "publishing", "No space left on device"),
    (KeyError("a word"), "publishing", "KeyError at mesosite/serve"),
    (WRONG, "content", "risks.md:3: A mistake."),
]


@pytest.mark.parametrize(("error", "reason", "words"), ERRORS)
def test_an_error_while_publishing_brings_the_last_publishing_back(
    parent, again, error, reason, words
):
    with logged() as printed, serve.or_what_was_published(parent):
        raise error

    (begun,) = again
    assert (begun["PUBLISHED"], begun[NOT_PUBLISHED]) == ("v1", reason)
    assert "The site is served as it was published in v1." in printed()
    assert words in printed()
    assert "a word" not in printed()
    assert printed().count("\n") == 1


def test_an_error_where_nothing_was_published_leaves_the_site_without_pages(parent, again):
    shutil.rmtree(content_of(parent / "v1"))  # of a version that kept no content beside it
    with logged() as printed, serve.or_what_was_published(parent):
        raise FULL

    (begun,) = again
    assert time_in(begun["PUBLISHED"])
    assert "The site is served without pages, and no mail leaves." in printed()


def test_a_last_publishing_that_this_version_cannot_read_is_not_served(parent, again):
    (content_of(parent / "v1") / "clinic.yaml").write_text("of: before\n")
    with logged() as printed, serve.or_what_was_published(parent):
        raise WRONG

    (begun,) = again
    assert time_in(begun["PUBLISHED"])
    assert "The last publishing is of another version: " in printed()
    assert "“of” is " in printed()
