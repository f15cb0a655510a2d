"""Addresses that are a page no more, from content/redirects.yaml: `/old/: /new/`, `/old/: gone`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.page_files import ADDRESS
from mesosite.pages.content.yaml_lines import Text, line_of, read_mapping

GONE = "gone"
_OLD = re.compile(f"/{ADDRESS}/")
_NEW = re.compile(rf"/(?:{ADDRESS}/)?(?:#\S+)?")
_HINT = "Such as /laser/: /treatments/laser/, or /laser/: gone."


@dataclass(frozen=True)
class Redirect:
    """old: such as "/laser/"; new: where it leads, such as "/faqs/#cost", "" where it is gone;
    line: of the file."""

    old: str
    new: str
    line: int


def read_redirects(path: Path) -> dict[str, Redirect]:
    """{old address without its outer slashes: Redirect}. Raises ContentError with the line."""
    text = read_text(path, "") if path.exists() or path.is_symlink() else ""
    without_notes = re.sub(r"^#.*", "", text, flags=re.MULTILINE)
    given = read_mapping(path, text) if without_notes.strip() else {}
    found = [_redirect(path, old, new) for old, new in given.items()]
    return {redirect.old.strip("/"): redirect for redirect in found}


def _redirect(path: Path, old: Text, new: Any) -> Redirect:
    if not _OLD.fullmatch(old):
        raise ContentError(path, old.line, f"“{old}” is no address that a page had.", _HINT)
    if new != GONE and not (isinstance(new, str) and _NEW.fullmatch(new)):
        said = f"“{new}”" if isinstance(new, str) else "A list"
        line = line_of(new, old.line)
        raise ContentError(path, line, f"{said} is no address of this site, and not “gone”.", _HINT)
    return Redirect(str(old), "" if new == GONE else str(new), old.line)
