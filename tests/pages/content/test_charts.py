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
    ("source: alam2014", "source: nobody", ":12: Chart “needling”: there is no source “nobody”"),
    ("low: 0.2", "low: 4", ":14: Chart “needling”: the value must lie between low and high"),
    ("low: 0.2, ", "", ":14: Chart “needling”: a row has a value, or value, low and high"),
    ("value: 3.4", "value: three", ":14: Chart “needling”: “three” must be a number"),
    ("high: 6.5", "high: 9", ":14: Chart “needling”: a number lies outside the axis"),
    ("n: 22, of: 30", "n: 1, of: 10000", "10000 people are too many to draw: at most 300."),
    ("n: 22, of: 30", "n: 1, of: 301", "301 people are too many to draw: at most 300."),
    ("n: 22", "n: 31", "Chart “peel”: “n” must be a number of people, at most “of”"),
    ("  caveat: >-\n    The summary", "  cave: >-\n    The", "“cave” is not a key"),
    ("  caveat: The gap", "  # caveat: The gap", "“platelets-no-gain”: “caveat” is missing"),
    ("We are very unsure", "We guess", "“label” is one of: We are fairly sure"),
    ("axis: [-4, 8, 2]", "axis: [1, 8, 2]", ":10: Chart “needling”: “axis” is where it starts"),
    ("axis: [-4, 8, 2]", "axis: [-4, 8, 1]", ":10: Chart “needling”: “axis” has room for 1 to 8"),
    ("axis: [-4, 8, 2]", "axis: [0, 0, 2]", ":10: Chart “needling”: “axis” has room for 1 to 8"),
    ("ends: [worse, better]", "ends: [worse]", ":9: Chart “needling”: “ends” has a word"),
    ("{label: Needled half,", "{label: [half],", ":14: Chart “needling”: this row cannot be read"),
    ("Numbing cream only", "Numbing cream only and nothing else", ":15: Chart “needling”: the la"),
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
    content.change("en/approaches.md", "/// chart | peel\n///", "")

    assert ("content.E010", "content/charts.yaml:67: No page shows the chart “peel”.") in (
        content.errors()
    )


def test_a_chart_that_is_not_there_is_named_on_its_page(content):
    content.change("en/approaches.md", "/// chart | peel", "/// chart | peal")

    assert [m for number, m in content.errors() if number == "content.E002" and "peal" in m]


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
    assert "Needling: 22 of 30 people; Peel: 33%, we know only the percentage." in said["peel"]


def test_numbers_keep_the_digits_of_the_file():
    shown = [row.line for chart in charts().values() for row in chart.rows]

    assert shown[:2] == ["3.4 (0.2 to 6.5)", "0.4 (\u22122.3 to 3.5)"]
    assert shown[2:4] == ["64%", "33%"]
    assert shown[4:8] == ["62.20%", "45.84%", "2.13", "2.36"]
    assert shown[8:] == ["22 of 30 people", "33%", "\u221215.5%", "+14.4%"]


def test_the_outline_is_as_sure_as_we_are():
    dashes = {
        name: set(re.findall(r'dasharray="([^"]*)"', chart_svg(chart)))
        for name, chart in charts().items()
        if chart.start is None
    }

    assert dashes["salt-water"] == set()
    assert dashes["needling"] == dashes["acne-gel"] == {"7 4"}
    assert dashes["platelets-gain"] == dashes["peel"] == {"0 5"}


def test_people_are_drawn_only_where_they_were_counted():
    drawn = chart_svg(charts()["peel"])

    assert len(re.findall(r"M\d+ \d+h0", drawn)) == 22
    assert len(re.findall(r"a4 4 0 1 1", drawn)) == 8
    assert "we know only the percentage" in drawn
    assert not re.search(r"M\d+ \d+h0", chart_svg(charts()["salt-water"]))


def test_only_ranges_that_overlap_are_shaded(content):
    assert "both ranges" in chart_svg(charts()["needling"])
    content.change(CHARTS, "low: 0.2", "low: 3.4")
    content.change(CHARTS, "high: 3.5", "high: 3.4")

    assert "both ranges" not in chart_svg(charts()["needling"])


def test_a_page_prints_caveat_source_and_table_beside_the_drawing(client):
    html = client.get("/evidence/").content.decode()
    figure = re.search(r'<figure class="chart" id="chart-needling">.*?</figure>', html, re.DOTALL)[
        0
    ]
    cells = re.findall(r"<t[hd]\b[^>]*>\s*(?:<div>)?([^<]*)", figure)

    assert "The summary does not test one half against the other." in figure
    assert "We are not very sure" in figure
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
