"""What a clinician has still to confirm, from content/to_confirm.yaml: each line, with its source.

- page: /risks/#help
  words: after a filler or injection, skin turns white
  sources: [fillers-table]
  read: second-hand
  ask: Is this sign right for every filler?
"""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.yaml_lines import line_of, read_yaml

_KEYS = {"page", "words", "read", "ask"}
_HINT = "Each entry has page, words, read and ask, and sources where there are any."


class Read(TextChoices):
    """How much of the sources was read."""

    ABSTRACT = "abstract", _("Only its abstract was read.")
    START = "start", _("Only its beginning was read.")
    SECOND_HAND = "second-hand", _("It was read in another text.")
    OWN_PAGE = "own page", _("It was read on its own page.")
    NONE = "none", _("No source was read.")


@dataclass(frozen=True)
class ToConfirm:
    """page: an address, with its place; words: as they stand there; line: of the file."""

    page: str
    words: str
    sources: tuple[str, ...]
    read: Read
    ask: str
    line: int


def read_to_confirm(path: Path, sources: Container[str]) -> tuple[ToConfirm, ...]:
    """The file's entries, in its order; none without the file. Raises ContentError."""
    if not path.exists():
        return ()
    values = read_yaml(path, read_text(path, "")) or []
    if not isinstance(values, list):
        raise ContentError(path, 1, "This is not a list.", _HINT)
    return tuple(_entry(path, value, sources) for value in values)


def _entry(path: Path, value: Any, known: Container[str]) -> ToConfirm:
    line = line_of(value, 1)

    def refuse(message: str, hint: str = _HINT) -> NoReturn:
        raise ContentError(path, line, message, hint)

    if not isinstance(value, dict) or set(value) - {"sources"} != _KEYS:
        refuse("This entry is not complete, or has a key that is not known.")
    if not all(isinstance(value[key], str) and value[key].strip() for key in _KEYS):
        refuse("page, words, read and ask must be words.")
    sources = value.get("sources") or []
    if not isinstance(sources, list) or not all(isinstance(key, str) for key in sources):
        refuse("sources is a list: [alam2014, chu2021].")
    if unknown := next((key for key in sources if key not in known), None):
        refuse(f"There is no source “{unknown}”.", "Add it to content/references.json.")
    if value["read"] not in Read.values:
        refuse(f"“read” is one of: {', '.join(Read.values)}.")
    if bool(sources) == (value["read"] == Read.NONE):
        refuse("“read: none” stands where there are no sources, and only there.")
    said = {key: str(value[key]) for key in ("page", "words", "ask")}
    return ToConfirm(**said, sources=tuple(sources), read=Read(value["read"]), line=line)
