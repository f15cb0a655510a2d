"""Our own drawings: SVG files in static/img, put into the page so that they take its colours.

Those that stand on several pages stay files, which the browser keeps. The words in a figure are
written over the drawing, in the page's language.
"""

import re
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from mesosite.pages.content.scar_types import ScarType

FIGURES = ("skin-section", "timeline")
_OWN_FILE = re.compile(r"static:([\w./-]+)")
"""How markup names a file of ours, whose address is known once it is published."""

_SKIN, _SCAR = "skin-section", "scar-shapes"
_FILES = {
    _SKIN: (f"{_SKIN}.svg#wide", "0 0 640 400"),
    f"{_SKIN}-narrow": (f"{_SKIN}.svg#narrow", "0 0 340 352"),
    **{shape.drawing: (f"{_SCAR}.svg#{shape.drawing}", "0 0 120 56") for shape in ScarType},
}
"""Drawings that stay in a file which the browser keeps: their place in it, and their view box."""

_NAMES: dict[str, dict[str, tuple[tuple[str | Promise, int, int], ...]]] = {
    _SKIN: {
        "wide": (
            (_("Hair"), 40, 48),
            (_("Top layer"), 636, 118),
            (_("Middle layer"), 636, 262),
            (_("Fat"), 636, 374),
        ),
        "narrow": ((_("Top layer"), 336, 112), (_("Middle layer"), 336, 236), (_("Fat"), 336, 338)),
    },
    "timeline": {
        "wide": (
            (_("visits"), 274, 28),
            (_("redness"), 298, 104),
            (_("result looked at"), 628, 106),
            (_("weeks"), 474, 166),
        ),
        "narrow": (
            (_("visits"), 172, 26),
            (_("redness"), 178, 98),
            (_("result looked at"), 336, 104),
            (_("weeks"), 256, 162),
        ),
    },
}
"""The words in each form of a figure, and where they end: x and y."""


@cache
def _source(name: str) -> str:
    if name in _FILES:
        place, view = _FILES[name]
        return f'<svg viewBox="{view}"><use href="static:img/{place}"/></svg>'
    path = settings.BASE_DIR / "static" / "img" / f"{name}.svg"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def drawing(name: str, alt: str = "", css: str = "drawing", names: str = "") -> SafeString:
    """The SVG element of a drawing. Without `alt` it is decoration, hidden from screen readers."""
    said = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    source = _source(name).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    source = source.replace("</svg>", f"{names}</svg>")
    return mark_safe(source.replace("<svg", f'<svg class="{css}" {said}', 1))  # noqa: S308


def pictures(figure: str, alt: str) -> list[SafeString]:
    """A figure's drawing in its wide and its narrow form."""
    wide = drawing(figure, alt, "drawing drawing--wide", _names(figure, "wide"))
    css = "drawing drawing--narrow"
    return [wide, drawing(f"{figure}-narrow", alt, css, _names(figure, "narrow"))]


def with_files(html: str) -> str:
    """Markup with the addresses of our files as they are published."""
    return _OWN_FILE.sub(lambda m: static(m[1]), html)


def _names(figure: str, form: str) -> str:
    """The words in one form of a figure."""
    size = 16 if form == "wide" else 14
    texts = "".join(
        f'<text x="{x}" y="{y}">{escape(str(word))}</text>' for word, x, y in _NAMES[figure][form]
    )
    return f'<g text-anchor="end" font-size="{size}">{texts}</g>'
