"""Which files are pages, and where they stand: `<language>/treatments/laser.md`.

Names that begin with a dot, ~ or #, or end with ~, are an editor's own and are passed over. Each
other name is a page's or is refused: a file that is not read is not passed over in silence.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from mesosite.pages.content.errors import ContentError

NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""A part of an address."""
ADDRESS = f"{NAME}(?:/{NAME})*"
INDEX = "index.md"
"""The first page of a language, or of a folder, which has the folder's address."""
_NAME = re.compile(NAME)
_OWN = re.compile(r"[.~#].*|.*~|Thumbs\.db|desktop\.ini")
_OTHER_FILES = ("words.yaml",)
"""What a language's folder holds beside its pages."""


def is_own(name: str) -> bool:
    """Whether a name is an editor's or the system's own: `.#risks.md`, `risks.md~`."""
    return bool(_OWN.fullmatch(name))


def page_files(folder: Path) -> tuple[list[tuple[str, Path]], list[ContentError]]:
    """The pages of a language's folder as (address, path), by their paths, and what is refused."""
    errors: list[ContentError] = []
    found = []
    for path in _files(folder, errors):
        place = path.relative_to(folder)
        if place.as_posix() in _OTHER_FILES:
            continue
        try:
            _refuse_wrong_name(path)
        except ContentError as error:
            errors.append(error)
            continue
        parts = place.with_suffix("").parts
        found.append(("/".join(parts[:-1] if parts[-1] == "index" else parts), path))
    return sorted(found, key=lambda file: file[1]), errors


def _files(folder: Path, errors: list[ContentError]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        message = f"The folder cannot be read: {error.strerror}."
        errors.append(ContentError(error.filename, 0, message, "The site must be able to read it."))

    if not folder.exists():
        return
    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not is_own(name)]
        for name in folders:
            path = Path(parent, name)
            if path.is_symlink():
                message, hint = "This folder is a link, and is not read.", "Put the folder here."
                errors.append(ContentError(path, 0, message, hint))
            elif not _NAME.fullmatch(name):
                message, hint = _wrong_name(name), f"Rename it: {_suggested(name)}."
                errors.append(ContentError(path, 0, message, hint))
        yield from (Path(parent, name) for name in names if not is_own(name))


def _refuse_wrong_name(path: Path) -> None:
    if path.suffix.lower() not in (".md", ".markdown", ".mdown", ".mkd"):
        message, hint = "The site does not read this file.", "A page's name ends with .md."
        raise ContentError(path, 0, message, hint)
    if path.suffix != ".md":
        message = f"A page's name ends with .md, and not with {path.suffix}."
        raise ContentError(path, 0, message, f"Rename it: {_suggested(path.stem)}.md.")
    if not _NAME.fullmatch(path.stem):
        hint = f"Rename it: {_suggested(path.stem)}.md. A copy that is no page goes elsewhere."
        raise ContentError(path, 0, _wrong_name(path.name), hint)


def _wrong_name(name: str) -> str:
    return f"The name “{name}” has other signs than a–z, 0–9 and hyphens."


def _suggested(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "page"
