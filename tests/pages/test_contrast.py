"""Every text and every line can be seen, in light and in dark, whatever ground it stands on.

WCAG 2.2 AA: 1.4.3 asks 4.5:1 of text, 1.4.11 asks 3:1 of the lines that a reader needs. The colours
of tokens.css are of five kinds. Any TEXT may stand on any GROUND, so all of these pairs are tested;
on a FILL stands its own text alone. The rules of the stylesheets are held to the kinds.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.conf import settings

TEXT = ("ink", "soft", "accent", "accent-strong", "caution")
GROUNDS = ("paper", "raised", "sand", "wash", "caution-wash")
FILLS = {"accent": "on-accent", "accent-strong": "on-accent", "caution": "on-caution"}
LINES = ("ink", "soft", "accent", "accent-strong", "caution", "edge")
DECORATION = ("rule",)  # parts rows that white space parts too
SCHEMES = ("light", "dark")
FIELDS = re.compile(r"\b(input|textarea|select)\b|\.(card|button)\b")
WHITE = "#ffffff"  # paper

FOLDER = settings.BASE_DIR / "static/css"
SHEETS = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.css"))}
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {
    name: dict(zip(SCHEMES, pair, strict=True))
    for name, *pair in TOKEN.findall(SHEETS["tokens.css"])
}
PLAIN = {"inherit", "none", "transparent", "currentcolor"}
FORCED = {"Mark", "MarkText", "Highlight", "Canvas", "CanvasText"}  # colours of the reader


def luminance(colour: str) -> float:
    """The relative luminance of "#rrggbb", 0 to 1. Source: WCAG 2.2, 8.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours "#rrggbb", 1 to 21. Source: WCAG 2.2, 8.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rules() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each rule as (sheet, selector, {property: value}); of a property that is twice, the last."""
    for sheet, text in SHEETS.items():
        plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", plain):
            pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
            yield sheet, selector.strip(), {name.strip(): value.strip() for name, value in pairs}


def declared(*beginnings: str) -> list[tuple[str, str, str]]:
    """(selector, property, value) of the properties whose names begin so."""
    return [
        (selector, name, value)
        for _sheet, selector, values in rules()
        for name, value in values.items()
        if name.startswith(beginnings)
    ]


def tokens(value: str) -> set[str]:
    return set(re.findall(r"var\(--([\w-]+)\)", value)) & set(COLOURS)


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


def test_every_colour_has_its_kind() -> None:
    kinds = {*TEXT, *GROUNDS, *FILLS, *FILLS.values(), *LINES, *DECORATION}

    assert set(COLOURS) == kinds


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), [*product(TEXT, GROUNDS)])
def test_text_can_be_read_on_every_ground(text: str, ground: str, scheme: str) -> None:
    assert contrast(COLOURS[text][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("fill", "text"), FILLS.items())
def test_text_can_be_read_on_its_fill(fill: str, text: str, scheme: str) -> None:
    assert contrast(COLOURS[text][scheme], COLOURS[fill][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("line", "ground"), [*product(LINES, GROUNDS)])
def test_lines_can_be_seen_on_every_ground(line: str, ground: str, scheme: str) -> None:
    assert contrast(COLOURS[line][scheme], COLOURS[ground][scheme]) >= 3


def test_colours_of_printed_margins_can_be_read_on_paper() -> None:
    written = [value for _selector, name, value in declared("color") if value.startswith("#")]

    assert written
    assert all(contrast(colour, WHITE) >= 4.5 for colour in written)


def test_text_has_a_colour_of_text() -> None:
    for selector, name, value in declared("color"):
        if name == "color" and not selector.startswith("@"):
            allowed = {*TEXT, *FILLS.values()}
            assert value in PLAIN | FORCED or tokens(value) & allowed, (selector, value)


def test_what_is_filled_has_its_own_text_or_none() -> None:
    """Text of a fill stands on that fill alone; the rule that fills sets it."""
    for sheet, selector, values in rules():
        ground = values.get("background", values.get("background-color", "none"))
        filled, colour = tokens(ground) & set(FILLS), values.get("color", "")
        assert ground in PLAIN | FORCED or tokens(ground) & {*GROUNDS, *FILLS}, (sheet, ground)
        if filled and values.get("content") != '""':
            assert tokens(colour) == {FILLS[fill] for fill in filled}, selector
        if tokens(colour) & set(FILLS.values()):
            assert filled, selector


def test_lines_have_a_colour_of_lines() -> None:
    used = declared("border", "outline", "stroke", "box-shadow", "accent-color", "fill")
    known = {*LINES, *DECORATION, *GROUNDS}

    assert used
    for selector, name, value in used:
        assert tokens(value) <= known, (selector, value)
        # a ground is drawn around the text of a chart, and covers the line under an open dot
        covers = name == "stroke" or (name == "fill" and selector.endswith("circle"))
        assert covers or not tokens(value) & set(GROUNDS), (selector, value)
        assert "#" not in value, (selector, value)
        if FIELDS.search(selector):
            assert not tokens(value) & set(DECORATION), (selector, value)


def test_a_scheme_changes_colours_alone_and_nothing_thins_them() -> None:
    """So that a look in each scheme and each width is a look at all of them."""
    for sheet, text in SHEETS.items():
        assert "prefers-color-scheme" not in text, sheet
        assert sheet == "tokens.css" or "light-dark(" not in text, sheet
    assert not declared("opacity", "filter", "mix-blend-mode", "backdrop-filter")
    assert not [
        value for *_rule, value in declared("") if re.search(r"color-mix|rgba?\(|hsl", value)
    ]
    assert not declared("opacity", "filter", "mix-blend-mode", "backdrop-filter")
