"""What stands behind each source, in plain words: `content/studies.yaml`."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from mesosite.pages.errors import ContentError
from mesosite.pages.front_matter import load_yaml

FIELDS = ("design", "people", "compared", "weakness")


@dataclass(frozen=True)
class Study:
    """A source as a reader of 13 understands it. What is empty is not known.

    line: where its entry stands in the file, 0 for a source without one.
    """

    design: str = ""
    people: str = ""
    compared: str = ""
    weakness: str = ""
    line: int = 0

    @property
    def text(self):
        """`Trial …. 20 people. Compared … with …. Weak point: few people.`, as far as known."""
        said = (
            self.design and _("%s.") % self.design,
            self.people and _("%s.") % (self.people[0].upper() + self.people[1:]),
            self.compared and _("Compared %s.") % self.compared,
            self.weakness and _("Weak point: %s.") % self.weakness,
        )
        return " ".join(filter(None, said))


@cache
def all_studies():
    """Every entry as {key of the source: Study}. Raises ContentError."""
    return read_studies(settings.CONTENT_DIR / "studies.yaml")


def read_studies(path):
    """The file's entries as {key: Study}. Raises ContentError with the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ContentError(path, 0, "The list of studies is not there.") from error
    except UnicodeDecodeError as error:
        raise ContentError(path, 0, "The file is not saved as UTF-8.") from error
    values, lines = load_yaml(path, text)
    return {key: _study(path, text, lines[key], value) for key, value in values.items()}


def _study(path, text, line, value):
    if not isinstance(value, dict):
        raise ContentError(path, line, "This entry has no fields.", _fields())
    for field, said in value.items():
        if field not in FIELDS:
            place = _line_of(text, line, field)
            raise ContentError(path, place, f"“{field}” is not a field of a study.", _fields())
        if not isinstance(said, str | None):
            place = _line_of(text, line, field)
            raise ContentError(path, place, f"“{field}” must be words.", "Such as: 20 people.")
    return Study(**{field: value.get(field) or "" for field in FIELDS}, line=line)


def _line_of(text, line, field):
    """The line of a field in the entry that begins at `line`."""
    rows = enumerate(text.split("\n")[line:], line + 1)
    return next((n for n, row in rows if row.strip().startswith(f"{field}:")), line)


def _fields():
    return f"Known: {', '.join(FIELDS)}. What is not known stays empty."
