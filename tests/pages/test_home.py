"""The first page: what is at a glance, and the parts that only it has."""

import re

from lxml import html

from mesosite.pages.catalogue import all_pages
from mesosite.pages.content.scar_types import ScarType
from mesosite.pages.html_tree import text_of

HOME = "en/index.md"
MIXES = re.compile(r"    mixes: .*\n")


def page_of(client):
    return html.fromstring(client.get("/").content.decode())


def test_each_fact_is_a_row_that_sets_needling_against_injected_mixes(client):
    table = page_of(client).find_class("facts")[0]
    head, *rows = ([text_of(cell) for cell in row] for row in table.iter("tr"))

    assert head == ["", "Needling", "Injected mixes"]
    assert rows == [list(fact.values()) for fact in all_pages()[""].facts]


def test_an_answer_for_both_stands_under_both(client, content):
    content.change(HOME, MIXES, "")
    row = page_of(client).find_class("facts")[0].find("tbody/tr")

    assert [(text_of(cell), cell.get("colspan")) for cell in row.iter("td")] == [
        (all_pages()[""].facts[0]["needling"], "2")
    ]


def test_a_fact_that_ends_no_sentence_or_promises_is_named(content):
    content.change(HOME, MIXES, '    mixes: "A miracle"\n')

    assert [number for number, _message in content.errors()] == ["content.E016", "content.E023"]


def test_the_first_page_draws_each_shape_of_the_form(client):
    terms = page_of(client).xpath("//div[@class='shapes']//dt[svg]")

    assert [text_of(term) for term in terms] == [str(shape.label) for shape in ScarType]


def test_the_first_page_lists_the_sources_of_its_labels(client):
    page = page_of(client)
    listed = page.xpath("//section[starts-with(@class, 'sources')]//li/@id")

    assert listed == [f"s{n + 1}" for n in range(len(all_pages()[""].references))]
    assert {link[1:] for link in page.xpath("//*[contains(@class, 'label')]//a/@href")} <= {*listed}
    assert len(listed) > 1


def test_the_signs_for_a_doctor_today_are_those_of_the_page_of_risks(client):
    cards = [
        [text_of(sign) for sign in card.iter("li")]
        for url in ("/", "/risks/")
        for card in html.fromstring(client.get(url).content).find_class("care--today")
    ]

    assert len(cards) == 2
    assert cards[0]
    assert cards[0] == cards[1]


def test_the_questions_stand_once_where_the_page_asks_for_them(client):
    tree = page_of(client)
    [form] = tree.find_class("ask")

    asked = [text_of(label) for label in form.find_class("tick")]
    assert asked == [question.text for question in all_pages()[""].questions]
    assert form.getparent().get("class") == "show show--questions"


def test_a_page_that_does_not_ask_for_its_questions_has_them_at_its_foot(client):
    [form] = html.fromstring(client.get("/risks/").content.decode()).find_class("ask")

    assert form.getparent().tag == "article"
