"""From numbers in charts.yaml to a drawing, its caveat and its table."""

import re
from xml.etree import ElementTree

import brotli
import pytest
from django.conf import settings

from mesosite.pages.catalogue import content as site_content
from mesosite.pages.markup.chart_svg import chart_svg

CHARTS = "charts.yaml"
SPOILED = [
    ("source: alam2014", "source: nobody", ":11: Chart “needling”: there is no source “nobody”"),
    ("low: 0.2", "low: 4", ":13: Chart “needling”: the value must lie between low and high"),
    ("low: 0.2, ", "", ":13: Chart “needling”: a row has a value, or value, low and high"),
    ("value: 3.4", "value: three", ":13: Chart “needling”: “three” must be a number"),
    ("high: 6.5", "high: 9", ":13: Chart “needling”: a number lies outside the axis"),
    ("n: 5, of: 30", "n: 1, of: 10000", "10000 people are too many to draw: at most 300."),
    ("n: 5, of: 30", "n: 1, of: 301", "301 people are too many to draw: at most 300."),
    ("n: 5", "n: 31", "“needling-marks”: “n” must be a number of people, at most “of”"),
    ("value: 64}", "n: 6, of: 9}", "“salt-water”: people and other numbers never share a chart"),
    ("n: 5, of: 30", "value: 5", "Chart “needling-marks”: “axis” is missing."),
    ("  means: needling may", "  # means: needling may", "“needling”: “means” is missing"),
    ("  caveat: >-\n    The summary", "  cave: >-\n    The", "“cave” is not a key"),
    ("  caveat: The gap", "  # caveat: The gap", "“platelets-no-gain”: “caveat” is missing"),
    ("We are very unsure", "We guess", "“label” is one of: We are fairly sure"),
    ("axis: [-4, 8, 2]", "axis: [1, 8, 2]", ":9: Chart “needling”: “axis” is its left end"),
    ("axis: [-4, 8, 2]", "axis: [-4, 8, 1]", ":9: Chart “needling”: “axis” has room for 1 to 8"),
    ("axis: [-4, 8, 2]", "axis: [0, 0, 2]", ":9: Chart “needling”: “axis” has room for 1 to 8"),
    ("axis: [-4, 8, 2]", "ends: [-4, 8, 2]", ":9: Chart “needling”: “ends” is not a key"),
    ("{label: Needled half,", "{label: [half],", ":13: Chart “needling”: this row cannot be read"),
    ("Numbing cream only", "Numbing cream only and nothing else", ":14: Chart “needling”: the la"),
    ("needling:\n", "needling: 3\nspare:\n", ":4: Chart “needling”: this is not a list"),
]


def charts():
    return site_content().charts


@pytest.mark.parametrize(("old", "new", "words"), SPOILED)
def test_a_wrong_chart_is_named_with_its_line(content, old, new, words):
    content.change(CHARTS, old, new)

    errors = content.errors()

    assert [m for number, m in errors if number == "content.E010" and words in m], errors
    assert len(errors) == 1


def test_a_chart_that_no_page_shows_is_named(content):
    content.change("en/risks.md", "/// chart | needling-marks\n///", "")

    assert (
        "content.E010",
        "content/charts.yaml:85: No page shows the chart “needling-marks”.",
    ) in (content.errors())


def test_a_chart_that_is_not_there_is_named_on_its_page(content):
    content.change("en/evidence.md", "/// chart | acne-gel", "/// chart | acne-gal")

    assert [m for number, m in content.errors() if number == "content.E002" and "gal" in m]


def test_a_file_that_is_not_there_is_named(content):
    (content.folder / CHARTS).unlink()

    assert content.errors() == [("content.E010", "content/charts.yaml: charts.yaml is not there.")]


@pytest.mark.parametrize("chart", charts().values(), ids=charts())
def test_a_drawing_is_small_and_says_its_numbers(chart):
    drawn = chart_svg(chart)
    root = ElementTree.fromstring(drawn)

    assert len(brotli.compress(drawn.encode())) < 1500
    assert "style=" not in drawn
    assert not list(root.iterfind(".//*[@id]"))
    assert root.get("aria-label").startswith(f"{chart.unit}. ")
    for row in chart.rows:
        assert f"{row.label}: {row.said}" in root.get("aria-label")
    assert {float(text.get("font-size")) for text in root.iter("text")} == {14}


def test_a_drawing_is_read_out_with_unit_range_start_and_note():
    said = {name: re.search('aria-label="(.*?)"', chart_svg(c))[1] for name, c in charts().items()}

    assert said["needling"] == (
        "Points lost on a scar score after six months. Needled half: 3.4, likely range 0.2 to 6.5; "
        "Numbing cream only: 0.4, likely range \u22122.3 to 3.5."
    )
    assert said["platelets-no-gain"].startswith("Scar grade after treatment (lower is better). be")
    assert "before: 3.20; With platelets: 2.13" in said["platelets-no-gain"]
    assert said["needling-marks"] == (
        "People who got it, of the 30 who finished. "
        "Dark marks: 5 of 30 people; New scars in lines: 2 of 30 people."
    )


def test_numbers_keep_the_digits_of_the_file():
    shown = [row.line for chart in charts().values() for row in chart.rows]

    assert shown[:2] == ["3.4, likely 0.2 to 6.5", "0.4, likely \u22122.3 to 3.5"]
    assert shown[2:4] == ["64%", "33%"]
    assert shown[4:8] == ["62.20%", "45.84%", "2.13", "2.36"]
    assert shown[8:] == ["\u221215.5%", "+14.4%", "5 of 30 people", "2 of 30 people"]


def places(chart):
    """Where the dots of a chart stand, the filled one first, and the ends of its axis."""
    drawn = chart_svg(chart)
    filled = re.findall(r'M([\d.]+) [\d.]+h0" class="a"', drawn)
    hollow = re.findall(r'<circle cx="([\d.]+)"', drawn)
    ticks = re.findall(r'<text x="[\d.]+" y="[\d.]+"[^>]*>([−\d.]+)%?</text>', drawn)
    return [float(x) for x in (*filled, *hollow)], (ticks[0], ticks[-1])


def test_right_is_always_better():
    assert "better →" in chart_svg(charts()["needling"])
    for name in ("needling", "salt-water", "platelets-gain", "platelets-no-gain", "acne-gel"):
        (treated, other), _ends = places(charts()[name])
        assert treated > other, name
    assert places(charts()["acne-gel"])[1] == ("20", "−20")
    assert places(charts()["platelets-no-gain"])[1] == ("4", "0")


def test_how_sure_we_are_stands_in_the_label_alone():
    assert not [name for name, chart in charts().items() if "dasharray" in chart_svg(chart)]


def test_a_range_has_an_end_on_each_side_and_a_value_without_one_has_none():
    ends = {name: len(re.findall(r"v10", chart_svg(chart))) for name, chart in charts().items()}

    assert ends["needling"] == 4
    assert sum(ends.values()) == 4


def test_people_are_drawn_only_where_they_were_counted():
    drawn = chart_svg(charts()["needling-marks"])

    assert len(re.findall(r"M\d+ \d+h0", drawn)) == 5 + 2
    assert len(re.findall(r"a3.4 3.4 0 1 1", drawn)) == 25 + 28
    assert 'class="c"' in drawn
    assert "better" not in drawn


def test_a_page_prints_caveat_source_and_table_beside_the_drawing(client):
    html = client.get("/evidence/").content.decode()
    figure = re.search(r'<figure class="chart" id="chart-needling">.*?</figure>', html, re.DOTALL)[
        0
    ]
    cells = re.findall(r"<t[hd]\b[^>]*>\s*(?:<div>)?([^<]*)", figure)

    assert "The summary does not test one half against the other." in figure
    assert "We are not very sure" in figure
    assert "<b>What this means for you:</b> needling may soften your scars a little" in figure
    assert "The dot is the result, the line its likely range." in figure
    assert re.search(r"15 finished\.<sup class=\"cite\"><a href=\"#s\d+\">", figure)
    assert cells[:3] == ["Group", "Points lost on a scar score after six months", "Likely range"]
    assert cells[3:6] == ["Needled half", "3.4", "0.2 to 6.5"]


def test_two_studies_stand_side_by_side_each_with_its_own_axis(client):
    html = client.get("/approaches/").content.decode()
    both = re.search(r'<div class="charts">(.*?</figure>)\s*</div>', html, re.DOTALL)[1]

    assert both.count("<svg") == both.count("<figure") == 2
    assert "Gain on the Goodman quantitative scale" in both
    assert "Scar grade after treatment" in both


def test_its_styles_are_small():
    css = (settings.BASE_DIR / "static/css/charts.css").read_bytes()

    assert len(brotli.compress(css)) < 600
