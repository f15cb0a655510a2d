"""A publishing is there once it is whole, and only old ones with a time as their name go."""

import os
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command

from mesosite.pages import compression
from mesosite.pages import publish as publishing
from mesosite.pages.catalogue import all_pages
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.files import read_all
from mesosite.pages.publish import forget_old, publish, publish_no_page
from mesosite.pages.published_folders import (
    content_of,
    hold,
    last_with_content,
    new_name,
    published_folders,
    time_in,
)

TIMES = [f"20261126T10101{second}.500000Z" for second in range(5)]


@pytest.fixture
def parent(tmp_path, settings):
    """VAR_DIR/published of a test. It is not there yet."""
    settings.VAR_DIR = tmp_path
    return tmp_path / "published"


def complete(folder: Path) -> Path:
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "staticfiles.json").write_text("{}")
    return folder


def names(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


@pytest.fixture
def written(monkeypatch):
    """Publishes no page: a folder is written by one file that every complete one has."""
    monkeypatch.setattr(publishing, "_write", complete)


def test_a_folder_has_its_name_only_once_it_is_whole(parent, monkeypatch):
    seen = []

    def full_disk():
        seen.extend([names(parent), published_folders(parent)])
        yield "index.html", "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "published_files", full_disk)
    with pytest.raises(OSError, match="No space"):
        publish(parent / TIMES[0])

    assert seen == [[f".{TIMES[0]}"], []]
    assert names(parent) == []


def test_a_folder_has_its_name_only_once_its_files_are_on_the_disk(parent, written, monkeypatch):
    done, rename, fsync = [], Path.rename, os.fsync

    def note_sync(opened):
        done.append(Path(f"/proc/self/fd/{opened}").resolve())
        fsync(opened)

    def note_rename(path, target):
        done.append((path, target))
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    publish(parent / "v1")
    renamed = done.index((parent / ".v1", parent / "v1"))
    copy = content_of(parent / "v1")
    files = [
        Path(root, name) for root, folders, names in os.walk(copy) for name in (*folders, *names)
    ]
    hidden = [parent / ".v1" / name for name in ("", "static", "static/staticfiles.json")]

    assert {*hidden, *files, copy, copy.parent, parent.parent} <= set(done[:renamed])
    assert done[renamed + 1 :] == [parent]


def test_what_a_killed_publishing_left_never_counts_and_goes(parent, written):
    complete(parent / f".{TIMES[4]}")

    assert published_folders(parent) == []
    publish(parent / TIMES[0])
    assert names(parent) == [TIMES[0]]


def test_publishing_elsewhere_leaves_the_static_files_in_use_where_they_are(parent, published):
    publish(parent / "v1")

    assert published_folders(parent) == [parent / "v1"]
    assert staticfiles_storage.path("site.css") == str(published / "static" / "site.css")


def test_what_was_compressed_is_not_compressed_again_unless_it_is_damaged(parent, monkeypatch):
    texts, asked, compress = (
        {"a.html": "<p>a</p>" * 99, "b.html": "<p>b</p>" * 99},
        [],
        brotli.compress,
    )
    monkeypatch.setattr(compression, "_compressed", {})
    monkeypatch.setattr(publishing, "published_files", texts.items)
    publish(parent / TIMES[0])
    (parent / TIMES[0] / "b.html.br").write_bytes(b"damaged")
    compression._compressed.clear()
    monkeypatch.setattr(brotli, "compress", lambda data: asked.append(data) or compress(data))
    publish(parent / TIMES[1])

    assert asked == [texts["b.html"].encode()]
    for name, text in texts.items():
        data = (parent / TIMES[1] / f"{name}.br").read_bytes()
        assert brotli.decompress(data).decode() == text


def test_folders_are_in_the_order_of_their_time(parent):
    made = ["20261126T101010.5Z", "20261126T101010Z", "v1", "20991126T101010Z"]
    for name in made:
        complete(parent / name)
    os.utime(parent / "v1", (1_800_000_000, 1_800_000_000))  # in January 2027
    order = [folder.name for folder in published_folders(parent)]

    assert order == ["20261126T101010Z", "20261126T101010.5Z", "v1", "20991126T101010Z"]


def test_only_old_folders_with_a_time_as_their_name_go(parent, settings):
    kept = ["v1", "v2", "v3", "20261126", "20269999T101010Z"]
    for name in [*kept, *TIMES]:
        complete(parent / name)
    settings.PUBLISHED_DIR = parent / TIMES[4]
    forget_old()

    assert names(parent) == sorted([*kept, *TIMES[2:]])


def test_a_fresh_publishing_stays_beside_names_that_a_person_gave(parent):
    fresh = new_name()
    for name in ["v1", "v2", "v3", fresh]:
        complete(parent / name)
    forget_old()

    assert names(parent) == sorted(["v1", "v2", "v3", fresh])


def test_a_folder_in_use_stays_however_old_it_is(parent, settings):
    folders = [complete(parent / name) for name in TIMES]
    settings.PUBLISHED_DIR = folders[0]
    hold(folders[1])
    forget_old(keep=1)

    assert names(parent) == [TIMES[0], TIMES[1], TIMES[4]]


def test_publishing_twice_makes_two_folders_with_times(parent, written, monkeypatch):
    monkeypatch.delenv("PUBLISHED")
    call_command("publish")
    call_command("publish")
    first, second = published_folders(parent)

    assert names(parent) == [first.name, second.name]
    assert time_in(first.name) < time_in(second.name)


def test_a_name_that_is_taken_is_refused_in_words(parent, written, monkeypatch):
    monkeypatch.setenv("PUBLISHED", "v1")
    call_command("publish")

    with pytest.raises(CommandError, match="v1 is there already"):
        call_command("publish")
    assert names(parent) == ["v1"]


def test_a_publishing_keeps_the_content_that_it_was_made_of(parent, settings):
    publish(parent / "v1")
    kept = content_of(parent / "v1")

    assert read_all(kept) == read_all(settings.CONTENT_DIR)
    assert last_with_content(parent) == parent / "v1"
    assert not kept.is_relative_to(parent)
    assert not [p for p in (parent / "v1").rglob("*") if p.suffix in {".md", ".yaml"}]


def test_content_that_changes_while_it_is_published_is_not_published(parent, written, content):
    all_pages()
    (content.folder / "en" / "risks.md").write_text("half a pa")

    with pytest.raises(ContentError, match="changed while it was published"):
        publish(parent / "v1")
    assert names(parent) == []
    assert not content_of(parent / "v1").exists()


def test_a_copy_of_content_goes_with_its_folder(parent, written):
    for name in TIMES:
        publish(parent / name)
    forget_old()

    assert names(content_of(parent / "any").parent) == TIMES[2:]


def test_where_no_page_can_be_published_the_static_files_are(parent):
    publish_no_page(parent / "v1")

    assert [path.name for path in (parent / "v1").iterdir()] == ["static"]
    assert published_folders(parent) == [parent / "v1"]
    assert last_with_content(parent) is None


def test_a_folder_without_its_content_is_not_served_alone(parent, written):
    publish(parent / TIMES[0])
    complete(parent / TIMES[1])

    assert last_with_content(parent) == parent / TIMES[0]
