"""Publishing: every page rendered once into a folder of files, compressed beside them.

The folder is served by `mesosite.wsgi`, and can be given to nginx or a CDN as it is.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from mesosite.pages import rendering
from mesosite.pages.catalogue import all_pages, content
from mesosite.pages.compression import OnceCompressor, take_over
from mesosite.pages.published_folders import content_of, published_folders, time_in
from mesosite.pages.views.generated import GENERATED


def publish(folder: Path) -> int:
    """Writes the whole public site into the new folder `folder`, and what it was made of beside it.

    A copy of the content stands in `content_of(folder)` then. Returns the number of pages. Raises
    as `_new` does, and ContentError where a content file is wrong or was changed meanwhile.
    """
    with _new(folder) as hidden:
        _write(hidden)
        content().copy_to(content_of(folder))
    return len(all_pages())


def publish_no_page(folder: Path) -> None:
    """Writes the static files alone: inbox and errors need them where no page can be published."""
    with _new(folder) as hidden:
        _write_static(hidden)


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """The hidden folder that is `folder` once all is written, and on the disk.

    Raises FileExistsError where the folder is there already: a file in use is never changed. Other
    errors leave nothing behind, and a killed process a hidden folder, which the next one removes.
    """
    with _alone(folder.parent):
        if folder.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
        _remove_leftovers(folder.parent)
        for last in published_folders(folder.parent)[-1:]:
            take_over(last)
        hidden = folder.with_name(f".{folder.name}")
        hidden.mkdir()
        try:
            yield hidden
            _sync_all(hidden, content_of(folder), folder.parents[1])
            hidden.rename(folder)
        except BaseException:
            shutil.rmtree(hidden, ignore_errors=True)
            shutil.rmtree(content_of(folder), ignore_errors=True)
            raise
        _sync(folder.parent)


def _sync_all(hidden: Path, copy: Path, var_dir: Path) -> None:
    """Puts what was written on the disk: without it a power loss can leave a name and no words."""
    there = [folder for folder in (hidden, copy) if folder.exists()]
    paths = [path for folder in there for path in (folder, *folder.rglob("*"))]
    paths += [copy.parent] if copy in there else []
    with ThreadPoolExecutor(16) as pool:  # a disk takes many at once
        list(pool.map(_sync, [*paths, var_dir]))


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _alone(parent: Path) -> AbstractContextManager[None]:
    """One process at a time makes or removes folders in `parent`; the others wait."""
    parent.mkdir(parents=True, exist_ok=True)
    return _locked(parent, fcntl.LOCK_EX)


@contextmanager
def _locked(folder: Path, operation: int) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, operation)
        yield
    finally:
        os.close(lock)


def _remove_leftovers(parent: Path) -> None:
    """Removes the folders and copies that a killed process was writing or removing."""
    for left in parent.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    for copy in content_of(parent / "any").parent.glob("*"):
        if not (parent / copy.name).exists():
            shutil.rmtree(copy, ignore_errors=True)


def _write_static(folder: Path) -> None:
    with _static_files_in(folder / "static"):
        call_command("collectstatic", interactive=False, verbosity=0)


def _write(folder: Path) -> None:
    _write_static(folder)
    compressor = OnceCompressor(quiet=True)
    with ThreadPoolExecutor() as pool:  # brotli lets go of Python's lock: the next page is made
        compressed = []
        for name, text in published_files():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            compressed.append(pool.submit(compressor.compress, str(path)))
        for done in compressed:
            done.result()


@contextmanager
def _static_files_in(folder: Path) -> Iterator[None]:
    """Django's storage of static files writes into `folder` instead of STATIC_ROOT."""
    storage = cast(FileSystemStorage, staticfiles_storage)
    kept = storage.location
    storage.location = str(folder)
    try:
        yield
    finally:
        storage.location = kept


def published_files() -> Iterator[tuple[str, str]]:
    """Each file of the public site but the static ones, as (path in the folder, text)."""
    for page in all_pages().values():
        yield f"{page.url.strip('/')}/index.html".lstrip("/"), rendering.render_page(page)
    for made in GENERATED:
        yield made.file, made.render()


def forget_old(keep: int = 3) -> None:
    """Removes the published folders with a time as their name, but the newest `keep`.

    A folder that a process holds stays, whatever its age.
    """
    parent = settings.VAR_DIR / "published"
    with _alone(parent):
        timed = [folder for folder in published_folders(parent) if time_in(folder.name)]
        for folder in timed[:-keep]:
            if folder != settings.PUBLISHED_DIR:
                _remove(folder)


def _remove(folder: Path) -> None:
    """Removes a folder that no process holds, under a hidden name, so that no half of it counts."""
    with suppress(OSError), _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
        shutil.rmtree(folder.rename(folder.with_name(f".{folder.name}")), ignore_errors=True)
        shutil.rmtree(content_of(folder), ignore_errors=True)
