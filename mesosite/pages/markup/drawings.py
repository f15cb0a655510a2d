"""Our own drawings: SVG files in static/img, put into the page so that they take its colours."""

from functools import cache

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mesosite.pages.content.scar_types import ScarType

FIGURES = ("skin-section", "scar-shapes", "timeline")
PARTS = {"scar-shapes": tuple(s.drawing for s in ScarType if s != ScarType.NOT_SURE)}
"""Figures made of several drawings: the first belongs to the first item of the list in it, …"""


@cache
def _source(name: str) -> str:
    path = settings.BASE_DIR / "static" / "img" / f"{name}.svg"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def drawing(name: str, alt: str = "", css: str = "drawing") -> SafeString:
    """The SVG element of a drawing. Without `alt` it is decoration, hidden from screen readers."""
    said = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    source = _source(name).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    return mark_safe(source.replace("<svg", f'<svg class="{css}" {said}', 1))  # noqa: S308


def pictures(figure: str, alt: str) -> list[SafeString]:
    """A figure's drawing in its wide and, where there is one, its narrow form."""
    if figure in PARTS:
        return []
    if not _source(narrow := f"{figure}-narrow"):
        return [drawing(figure, alt)]
    wide = drawing(figure, alt, "drawing drawing--wide")
    return [wide, drawing(narrow, alt, "drawing drawing--narrow")]
