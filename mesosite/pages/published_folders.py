"""The folders VAR_DIR/published/<name>: their names and their order. Reads no settings.

A name is a time, or one that a person gives (PUBLISHED=v1). A hidden name is not a publishing:
the folder is being written or removed.
"""

import fcntl
import os
import re
from datetime import UTC, datetime
from pathlib import Path

EDITED = "MESOSITE_EDITED"
"""The variable by which a process reads the files that editors change, and no copy of them."""
NOT_PUBLISHED = "MESOSITE_NOT_PUBLISHED"
"""The variable by which `make run` says why the newest content is not published."""
_TIME = re.compile(r"\d{8}T\d{6}(\.\d{1,6})?Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def new_name() -> str:
    """The name of a publishing that is made now."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name))


def time_in(name: str) -> datetime | None:
    """The time that a name says, None for a name that a person gave."""
    try:
        return datetime.fromisoformat(name) if _TIME.fullmatch(name) else None
    except ValueError:
        return None


def time_of(folder: Path) -> datetime:
    """When a folder was published."""
    return time_in(folder.name) or datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def published_folders(parent: Path) -> list[Path]:
    """The complete publishings in `parent`, which may be missing, oldest first."""
    manifests = parent.glob("*/static/staticfiles.json")
    folders = [path.parents[1] for path in manifests if is_name(path.parents[1].name)]
    return sorted(folders, key=time_of)


def content_of(folder: Path) -> Path:
    """The copy of the content files that a publishing was made of. It is not served."""
    return folder.parents[1] / "published_content" / folder.name


def last_with_content(parent: Path) -> Path | None:
    """The newest publishing that can be served without the files that editors change."""
    folders = [folder for folder in published_folders(parent) if content_of(folder).is_dir()]
    return folders[-1] if folders else None


def addresses_in(folder: Path) -> set[str]:
    """The addresses of a publishing's pages, "" for the first one."""
    pages = (path.parent.relative_to(folder) for path in folder.rglob("index.html"))
    return {"" if page == Path() else page.as_posix() for page in pages}


def hold(folder: Path) -> None:
    """Keeps a published folder from being forgotten while this process or a fork of it lives."""
    fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_SH)
