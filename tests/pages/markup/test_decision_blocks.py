"""What helps to decide: the table of choices, the scar guide, statements, and the one script."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import override

from mesosite.enquiries import choices
from mesosite.pages.catalogue import all_pages
from mesosite.pages.content.scar_types import ScarType
from mesosite.pages.markup.decision_blocks import SHAPES, is_unsourced
from mesosite.pages.markup.drawings import drawing

OPTIONS = "en/options.md"
UNSOURCED = "We found no figure: ask."
HTML = all_pages()["options"].html
TABLE = HTML[HTML.index('class="compare"') :].split("</table>")[0]
ROWS = [
    (re.search(r'role="rowheader">(.*?)<small>', row)[1], row)
    for row in TABLE.split("<tbody")[1].split("<tr")[1:]
]


def cells(row):
    """{field: (its class, its text)} of one choice."""
    found = re.findall(r"<td([^>]*)>(.*?)</td>", row, re.DOTALL)
    fields = [(re.search(r'data-field="(.*?)"', head)[1], head, body) for head, body in found]
    return {
        field: ("unsourced" in head, re.sub(r"<[^>]+>", "", body).strip())
        for field, head, body in fields
    }


class Forms(HTMLParser):
    """Which names of fields stand in a form, and which outside."""

    def __init__(self, html):
        super().__init__()
        self.open, self.inside, self.outside, self.kinds = 0, set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open += tag == "form"
        if tag == "input":
            (self.inside if self.open else self.outside).add(dict(attrs).get("name"))
            self.kinds.append(dict(attrs)["type"])

    def handle_endtag(self, tag):
        self.open -= tag == "form"


def test_there_are_ten_choices_or_more_and_leaving_them_alone_is_first():
    assert len(ROWS) >= 10
    assert ROWS[0][0] == "Leaving them alone"


def test_every_choice_has_the_same_fields_in_the_same_order():
    head = re.findall(r'role="columnheader">(.*?)</th>', TABLE)[1:]

    assert head[:2] == ["What is known", "Harms"]
    assert {tuple(cells(row)) for _name, row in ROWS} == {tuple(head)}
    assert all(text for _name, row in ROWS for _soft, text in cells(row).values())


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_every_choice_says_what_is_known_and_what_can_go_wrong(name, row):
    for field in ("What is known", "Harms"):
        unsourced, text = cells(row)[field]
        assert not unsourced, field
        assert text


def test_how_a_choice_works_stands_under_its_name():
    assert len(ROWS) == TABLE.count("<small>")
    assert "<small>Fine needles make tiny holes" in dict(ROWS)["Micro-needling"]


def test_the_labels_of_the_table_lead_to_the_sources_at_the_foot():
    assert "<details" not in TABLE
    assert re.search(r">Sources <a href=\"#s(\d+)\">\1</a> <a href", TABLE)
    assert re.search(r">Source <a href=\"#s(\d+)\">\1</a></span>", TABLE)


def test_a_cell_without_a_source_is_marked_by_itself(content):
    first = re.compile(r"(?<=\nVisits\n:   ).*")
    content.change(OPTIONS, first, UNSOURCED)
    table = all_pages()["options"].html.split('class="compare"')[1].split("</table>")[0]
    found = [cell for row in table.split("<tr")[2:] for cell in cells(row).values()]

    assert all(soft == (text == UNSOURCED) for soft, text in found)
    assert any(soft for soft, _text in found)
    with override("en"):
        assert is_unsourced(f" {UNSOURCED}\n")
        assert not is_unsourced(None)


def test_the_guide_holds_every_shape_with_its_box_and_its_section():
    guide = HTML[HTML.index('<div class="guide">') :].split("</section>\n</div>")[0]

    assert "<details" not in guide
    assert re.findall(r'type="checkbox" value="([\w-]+)"', guide) == list(SHAPES)
    assert re.findall(r'<section class="([\w-]+)">', guide) == list(SHAPES)
    assert "is not a diagnosis" in guide
    assert "<legend>" in guide


def test_enquiries_of_before_keep_their_shapes():
    kept = ["ice_pick", "boxcar", "rolling", "raised", "flat", "not_sure"]

    assert ScarType.values == kept
    assert choices.ScarType is ScarType


def test_the_guide_names_and_draws_the_shapes_of_the_form():
    for shape in SHAPES.values():
        assert f"<b>{shape.label}</b>" in HTML
        assert drawing(shape.drawing) in HTML
        assert shape == ScarType.NOT_SURE or f"<small>{shape.look}</small>" in HTML
    assert "<small>Or more than one</small>" in HTML


def test_each_shape_has_its_rule_and_its_drawing():
    css = (settings.BASE_DIR / "static/css/decision_blocks.css").read_text("utf-8")
    drawn = (settings.BASE_DIR / "static/img/scar-shapes.svg").read_text("utf-8")

    for shape in SHAPES:
        assert f'.guide:has([value="{shape}"]:checked) .{shape}' in css
        assert f'id="scar-{shape}"' in drawn


@pytest.mark.parametrize(
    ("old", "new"), [("shape | boxcar", "shape | crater"), ("//// guide", "//// gide")]
)
def test_a_shape_that_is_not_known_is_named(content, old, new):
    content.change(OPTIONS, old, new)

    assert ("content.E002") in [number for number, _message in content.errors()]


def test_statements_are_weighed_outside_any_form(client):
    found = Forms(client.get("/options/").content.decode())
    weighed = {name for name in found.outside if name and name.startswith("weigh-")}

    assert len(weighed) >= 8
    assert found.kinds.count("radio") == 3 * len(weighed)
    assert found.inside == {"questions"}


def test_a_statement_that_is_too_long_stops_the_check(content):
    content.change(OPTIONS, "I mind needles", "I do mind " + "any of the many " * 6 + "needles")

    assert any(number == "content.E006" for number, _message in content.errors())


def test_two_lists_on_a_page_are_weighed_apart(content):
    content.change(OPTIONS, "/// weigh\n", "/// weigh\n- I want time.\n///\n\n/// weigh\n")
    html = all_pages()["options"].html

    names = re.findall(r'type="radio" name="([\w-]+)"', html)
    assert len(names) == 3 * len(set(names))


@pytest.mark.parametrize("url", [page.url for page in all_pages().values()] + ["/references/"])
def test_the_script_is_loaded_where_questions_are_and_nowhere_else(client, url):
    html = client.get(url).content.decode()

    assert ('class="ask"' in html) == ("/static/page." in "".join(re.findall("<script.*?>", html)))


@pytest.mark.django_db
def test_the_form_has_the_script_and_the_page_without_a_ticket_has_not(client):
    script = re.compile(r'src="/static/form\.')
    assert script.search(client.get("/consultation/").content.decode())
    assert not script.search(client.get("/consultation/sent/").content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/about/", 250),
        ("/", 1250),
        ("/options/", 1250),
        ("/risks/", 1250),
        ("/consultation/", 2000),
    ],
)
def test_scripts_are_our_own_and_small(client, url, most):
    html = client.get(url).content.decode()
    sources = re.findall(r'<script[^>]*? src="(.*?)"', html)

    assert all(source.startswith("/static/") for source in sources)
    sizes = [staticfiles_storage.size(s.removeprefix("/static/")) for s in sources]
    assert len(sizes) == 1
    assert most - 750 < sum(sizes) <= most  # so that no file stands where less is allowed


def test_the_privacy_page_says_where_ticks_stay():
    assert "Questions that you tick stay in the browser tab" in all_pages()["privacy"].html
