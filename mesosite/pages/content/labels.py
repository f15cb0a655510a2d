"""The labels of a claim: each says how sure we are, by one name and one line everywhere."""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mesosite.pages.content.errors import WrongValue


class Label(TextChoices):
    """For a claim that something helps the first four; for a harm the next three.

    The value is the name of the line that is drawn for it (solid, dashed, dotted, gap). The last
    has none: it says what clinics do, and no study stands behind it.
    """

    FAIRLY_SURE = "fairly-sure", _("We are fairly sure")
    NOT_VERY_SURE = "not-very-sure", _("We are not very sure")
    VERY_UNSURE = "very-unsure", _("We are very unsure")
    NO_STUDY = "no-study", _("No study found")
    COUNTED = "counted", _("Counted in a study")
    REPORTED = "reported", _("Reported, not counted")
    NO_REPORT = "no-report", _("No report found")
    USUAL = "usual", _("Usual practice, not counted")


MARKDOWN_NAMES = {
    "We are fairly sure": Label.FAIRLY_SURE,
    "We are not very sure": Label.NOT_VERY_SURE,
    "We are very unsure": Label.VERY_UNSURE,
    "No study found": Label.NO_STUDY,
    "Counted in a study": Label.COUNTED,
    "Reported, not counted": Label.REPORTED,
    "No report found": Label.NO_REPORT,
    "Usual practice, not counted": Label.USUAL,
}
"""As an editor writes them, in any language of the site."""

_AT_THE_END = re.compile(r"\s*\[([^\]]*)\]$")


def split_label(line: str) -> tuple[str, Label | None]:
    """A line of a summary and the label that it ends with. Raises WrongValue for another word."""
    match = _AT_THE_END.search(line)
    if not match:
        return line, None
    if match[1] not in MARKDOWN_NAMES:
        hint = f"A label in a summary has no sources. Known: {', '.join(MARKDOWN_NAMES)}."
        raise WrongValue(f"“{match[1]}” is not a label.", hint)
    return line[: match.start()], MARKDOWN_NAMES[match[1]]


HELP = (Label.FAIRLY_SURE, Label.NOT_VERY_SURE, Label.VERY_UNSURE)
"""A claim that something helps; "no study found" claims nothing."""

HARM = (Label.COUNTED, Label.REPORTED, Label.NO_REPORT)
