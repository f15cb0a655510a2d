"""What of a page is prose: each text belongs to the innermost piece around it, once."""

import pytest

from mesosite.pages.html_tree import parse
from mesosite.pages.prose import sections


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One <b>two</b>\n three.</p>", ["One two three."]),
        ('<p>One.<sup class="cite"><a href="#s1">1</a></sup> Two.</p>', ["One. Two."]),
        ("<p>One<br/> two.</p><p> </p>", ["One two."]),
        ("<p>One\x0btwo.</p>\x0c", ["One two."]),
        ("<p>One <!-- aside --> two.</p>", ["One two."]),
        ("<p>One <svg><text>9</text></svg> two.</p>", ["One two."]),
        ("<ul><li>a <p>b</p> c<ul><li>d</li></ul> e</li></ul>", ["a c e", "b", "d"]),
        ("<table><tr><td><div>One.</div></td></tr></table>", ["One."]),
        ('<p class="label label--counted"><b>Counted</b></p>', []),
        ("<div>" * 300 + "<p>Deep.</p>", ["Deep."]),
        ("Bare words, <div>and in a box</div>", []),
    ],
)
def test_pieces(html, texts):
    assert [piece.text for part in sections(parse(html)) for piece in part.pieces] == texts


def test_sections_begin_at_headings_of_the_second_and_third_level():
    html = '<p>a</p><h2 id="x">X <i>y</i></h2><p>b</p><h4>z</h4><p>c</p><h3>Z</h3>'
    found = sections(parse(html))

    assert [(part.anchor, part.heading) for part in found] == [("", ""), ("x", "X y"), ("", "Z")]
    assert [[piece.text for piece in part.pieces] for part in found] == [["a"], ["b", "c"], []]


def test_what_clinics_say_is_told_apart():
    html = '<div class="pair"><div class="pair__say"><p>We cure.</p></div><p>It may help.</p></div>'

    assert sections(parse(html))[0].sentences == [("We cure.", True), ("It may help.", False)]
