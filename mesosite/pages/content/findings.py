"""What was found, by the label and number that it has on every page, from content/findings.yaml.

pain-of-needling:
  words: [needling, pain / hurt, numbing cream]
  number: 1 out of 10
  never: ["1.08"]
"""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from mesosite.pages.content.errors import ContentError, read_text
from mesosite.pages.content.labels import MARKDOWN_NAMES, Label
from mesosite.pages.content.yaml_lines import Text, read_mapping

_WORDS = ("source", "label", "number")
_LISTS = ("words", "never")
_HINT = "See the findings above and below."


@dataclass(frozen=True)
class Finding:
    """words: a text speaks of it that has one spelling of each; source: and rests on this, if any.

    label, number: what it has then; never: what stands on no page; line: of the file.
    """

    name: str
    words: tuple[tuple[str, ...], ...]
    source: str
    label: Label | None
    number: str
    never: tuple[str, ...]
    line: int


def read_findings(path: Path, sources: Container[str]) -> tuple[Finding, ...]:
    """The file's findings, in its order; none without the file. Raises ContentError."""
    if not path.exists():
        return ()
    values = read_mapping(path, read_text(path, ""))
    return tuple(_finding(path, name, said, sources) for name, said in values.items())


def _finding(path: Path, name: Text, said: Any, sources: Container[str]) -> Finding:
    def refuse(message: str, hint: str = _HINT) -> NoReturn:
        raise ContentError(path, name.line, f"“{name}”: {message}", hint)

    if not isinstance(said, dict) or set(said) - {*_WORDS, *_LISTS}:
        refuse("it has words, source, label, number and never.")
    for key in _LISTS:
        items = said.get(key, [])
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            refuse(f"“{key}” is a list: [needling, pain / hurt].")
    if not all(isinstance(said.get(key, ""), str) for key in _WORDS):
        refuse("source, label and number are words.")
    source, label, number = (str(said.get(key, "")) for key in _WORDS)
    if (label or number) and not said.get("words"):
        refuse("“words” tells which texts speak of it.")
    if not (label or number or said.get("never")):
        refuse("it has a label, a number or never.")
    if label and label not in MARKDOWN_NAMES:
        refuse(f"“label” is one of: {', '.join(MARKDOWN_NAMES)}.")
    if source and source not in sources:
        refuse(f"there is no source “{source}”.", "Add it to content/references.json.")
    spellings = (tuple(item.split(" / ")) for item in said.get("words", []))
    never, kind = tuple(map(str, said.get("never", []))), MARKDOWN_NAMES.get(label)
    return Finding(str(name), tuple(spellings), source, kind, number, never, name.line)
