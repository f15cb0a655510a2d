"""The text of a page as HTML, with what a page has of it: contents, sources, wrong tags."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import markdown
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from lxml.html import HtmlElement
from markdown.extensions.toc import TocExtension, slugify_unicode
from pymdownx.betterem import BetterEmExtension

from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.files import ContentFiles
from mesosite.pages.content.references import Reference
from mesosite.pages.html_tree import parse
from mesosite.pages.markup.extension import MesositeExtension
from mesosite.pages.markup.tables import Tables

MAX_DEPTH = 40
"""How many elements of a page may stand in each other: a parser of HTML gives up at 256."""


@dataclass(frozen=True)
class Body:
    """contents: ((id, text), …) of its h2 headings; references: in the order of their numbers;
    other_html: the tags in its text that may not stand there."""

    html: SafeString
    contents: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    other_html: tuple[str, ...]


class _Taken:
    """The content files as one page reads them. values: {name: value} of what it took."""

    def __init__(self, files: ContentFiles) -> None:
        self._files = files
        self.values: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return self.values.setdefault(name, getattr(self._files, name))


_parsed: dict[tuple[str, str], list[tuple[Body, dict[str, Any]]]] = {}


def read_body(files: ContentFiles, language: str, path: Path, line: int, text: str) -> Body:
    """A page's text, which begins at `line` of the file `path`. Raises ContentError.

    A process parses a text once, as long as what it takes from the other files stays the same.
    """
    known = _parsed.setdefault((language, text), [])
    for body, values in known:
        if all(getattr(files, name) == value for name, value in values.items()):
            return body
    taken = _Taken(files)
    with override(language):
        body = _parse(cast(ContentFiles, taken), language, path, line, text)
    known.append((body, taken.values))
    return body


def _parse(files: ContentFiles, language: str, path: Path, line: int, text: str) -> Body:
    ours = MesositeExtension(files, language)
    md = _markdown(ours)
    html = _convert(md, path, line, text)
    if unknown := next(iter(ours.citations.unknown), ""):
        at = next((n for n, row in enumerate(text.split("\n"), line) if f"@{unknown}" in row), line)
        hint = "Add it to content/references.json."
        raise ContentError(path, at, f"There is no source “{unknown}”.", hint)
    tokens = md.toc_tokens  # type: ignore[attr-defined]  # TocExtension sets it
    return Body(
        html=html,
        contents=tuple((token["id"], token["name"]) for token in tokens),
        references=tuple(files.references[cited] for cited in ours.citations.keys),
        other_html=tuple(ours.other_html.found),
    )


def _markdown(ours: MesositeExtension) -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            *("abbr", "attr_list", "def_list", "sane_lists", "smarty"),
            Tables(use_align_attribute=False),
            TocExtension(toc_depth=2, slugify=slugify_unicode),
            BetterEmExtension(smart_enable="all"),
            ours,
        ]
    )


def _convert(md: markdown.Markdown, path: Path, line: int, text: str) -> SafeString:
    try:
        html = mark_safe(md.convert(text))  # noqa: S308  (the clinic's own files)
        depth = _depth(parse(html))
    except RecursionError:
        depth = MAX_DEPTH + 1
    if depth > MAX_DEPTH:
        rows = [len(row) - len(row.lstrip(" \t>")) for row in text.split("\n")]
        message = "Lists or quotes stand too deep in each other here."
        hint = "Begin them further left."
        raise ContentError(path, line + rows.index(max(rows)), message, hint)
    return html


def _depth(tree: HtmlElement) -> int:
    """How many elements stand in each other at most."""
    level, depth = [tree], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
    return depth
