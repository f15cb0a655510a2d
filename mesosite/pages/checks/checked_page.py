"""A page as the rules read it, and a broken rule as Django's checks and `make dev` show it."""

import datetime
import re
from functools import cached_property
from pathlib import Path

from django.core.checks import ERROR, WARNING, CheckMessage
from django.utils import timezone
from lxml.html import HtmlElement

from mesosite.pages.catalogue import content
from mesosite.pages.checks.claims import Claim, claims_of
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.labels import HARM, HELP
from mesosite.pages.html_tree import labels_in
from mesosite.pages.markup.raw_html import COMMENT
from mesosite.pages.page import Page
from mesosite.pages.prose import Piece, grade, is_prose, sentences, words


class Problem(CheckMessage):
    """A content file breaks the rule `number` of the publish gate; a warning stops nothing."""

    def __init__(self, number: int, error: ContentError, warning: bool = False) -> None:
        level = WARNING if warning else ERROR
        name = f"content.{'W' if warning else 'E'}{number:03}"
        super().__init__(level, str(error), hint=error.hint or None, id=name)
        self.error = error

    def __str__(self) -> str:
        hint = f"\n\tHINT: {self.hint}" if self.hint else ""
        return f"{self.msg} [{self.id}]{hint}"


_FIRST_TO_SEE_A_DAY = datetime.timezone(datetime.timedelta(hours=14))
_TARGETS = re.compile(r"\]\([^)]*\)|\s*\[@[^\]]*\]")


class CheckedPage:
    """A page and what the rules of the publish gate read of it, each computed once."""

    def __init__(self, page: Page) -> None:
        self.page, self.tree = page, page.tree

    @cached_property
    def pieces(self) -> list[Piece]:
        return [piece for piece in self.page.pieces if is_prose(piece)]

    @cached_property
    def prose(self) -> list[str]:
        """The audience, the summary and the body's prose."""
        return [self.page.audience, *self.page.summary, *(piece.text for piece in self.pieces)]

    @cached_property
    def sentences(self) -> list[str]:
        return [sentence for text in self.prose for sentence in sentences(text)]

    @cached_property
    def words(self) -> int:
        """How many words a reader meets who opens no fold, but for captions and charts."""
        facts = (text for fact in self.page.facts for text in fact.values())
        pieces = (piece for piece in self.pieces if not piece.folded and not piece.drawn)
        said = (self.page.audience, *self.page.summary, *facts, *(piece.text for piece in pieces))
        return sum(len(words(text)) for text in said)

    @cached_property
    def folded_words(self) -> int:
        return sum(len(words(piece.text)) for piece in self.pieces if piece.folded)

    def grade_of(self, texts: list[str]) -> float:
        """The grade of some texts of the page, in whose language the words are explained."""
        return grade(texts, content().glossaries[self.page.language].terms_in)

    @cached_property
    def grade(self) -> float:
        return self.grade_of(self.prose)

    @cached_property
    def labels(self) -> list[str]:
        """The value of each label of the page, in order."""
        return labels_in(self.tree)

    @cached_property
    def claims(self) -> list[Claim]:
        return list(claims_of(self.page))

    @cached_property
    def makes_claims(self) -> bool:
        return bool(self.page.points or self.labels)

    @cached_property
    def sections(self) -> list[list[HtmlElement]]:
        """The top-level elements of each section, from one h2 to the next."""
        found: list[list[HtmlElement]] = [[]]
        for child in self.tree:
            if child.tag == "h2":
                found.append([])
            found[-1].append(child)
        return found

    @cached_property
    def rows(self) -> list[str]:
        return self.page.path.read_text("utf-8").split("\n")

    @cached_property
    def body_rows(self) -> list[str]:
        """The lines of the body, those of a comment empty."""
        body = "\n".join(self.rows[self.page.line - 1 :])
        return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), body).split("\n")

    def raw_line(self, text: str) -> int:
        """The line of the file that holds `text` to the letter, 0 where none does."""
        return first_line(self.rows, text)

    def last_raw_line(self, text: str) -> int:
        """The last line of the file that holds `text` to the letter, 0 where none does."""
        return max((n for n, row in enumerate(self.rows, 1) if text in row), default=0)

    def problem(
        self, number: int, place: int | str, message: str, hint: str = "", warning: bool = False
    ) -> Problem:
        """place: a line of the page's file, or a text of the page, to be looked for."""
        path, line = self._find(place) if isinstance(place, str) else (self.page.path, place)
        return Problem(number, ContentError(path, line, message, hint), warning)

    def _find(self, text: str) -> tuple[Path, int]:
        """The place of a text, in the page's file or in one that the page takes it from."""
        first = text.split("\n")[0]
        paths = (self.page.path, *content().data_paths)
        rows = {path: path.read_text("utf-8").split("\n") for path in paths}
        for find in (first_line, _line):
            for path in paths:
                if line := find(rows[path], first):
                    return path, line
        return self.page.path, self.page.line


def _line(rows: list[str], text: str) -> int:
    """The line on which a text of the finished page begins, 0 where it is not to be found."""
    sought = _plain(text).split()
    plain = [_plain(row) for row in rows]
    for most in (8, 5, 3, 2):
        if sought and (found := first_line(plain, f" {' '.join(sought[:most])} ")):
            return found
    return 0


def first_line(rows: list[str], text: str) -> int:
    """The number, from 1, of the first row that holds `text`; 0 where none does."""
    return next((n for n, row in enumerate(rows, 1) if text in row), 0)


def _plain(text: str) -> str:
    """The words alone: markdown's signs and typographic quotes would hide a text."""
    return f" {' '.join(words(_TARGETS.sub(' ', text).replace('’', chr(39))))} "


def newest_day() -> datetime.date:
    """The day that has begun somewhere on earth: a later one is still to come everywhere."""
    return timezone.now().astimezone(_FIRST_TO_SEE_A_DAY).date()


def balance(labels: list[str]) -> tuple[int, int]:
    """How many labels say that something helps, and how many speak of a harm."""
    return sum(label in HELP for label in labels), sum(label in HARM for label in labels)
