"""A page cut at its headings: what search finds, and what the questions page answers."""

from dataclasses import dataclass, field

from mesosite.pages.prose import Piece, ProseReader, sentences

_HEADINGS = ("h2", "h3")


@dataclass
class Section:
    """The prose under one h2 or h3 of a page; anchor "" is what stands before the first."""

    anchor: str
    words: list = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def heading(self):
        return " ".join("".join(self.words).split())

    @property
    def sentences(self):
        """Each as (text, whether clinics say it and not we)."""
        return [(text, piece.said) for piece in self.pieces for text in sentences(piece.text)]


class _SectionReader(ProseReader):
    def __init__(self, html):
        self.sections = [Section("")]
        super().__init__(html)

    def handle_starttag(self, tag, attrs):
        before = len(self.pieces)
        super().handle_starttag(tag, attrs)
        if tag in _HEADINGS:
            self.sections.append(Section(dict(attrs).get("id") or ""))
        self.sections[-1].pieces += self.pieces[before:]

    def handle_data(self, data):
        super().handle_data(data)
        if any(tag in _HEADINGS for tag, _css, _id in self._stack):
            self.sections[-1].words.append(data)


def sections(html):
    """The sections of a page's html, in its order; the first has no heading."""
    return _SectionReader(html).sections
