"""The page on accessibility promises what tests hold, and nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from mesosite.pages.catalogue import all_pages
from mesosite.pages.html_tree import text_of

TESTS = Path(settings.BASE_DIR, "tests")
READING, SEEING = "browser/test_reading.py", "browser/test_seeing.py"
ASKING, FORM = "browser/test_asking.py", "enquiries/consultation/test_refusals.py"
LOOKS_WELL = (READING, "test_every_page_is_accessible_and_fits")

HELD = {
    # how each point begins: the tests that hold it
    "You can read every page and send": (
        (READING, "test_a_phone_finds_every_page_without_javascript"),
        (ASKING, "test_a_request_is_sent_without_javascript"),
    ),
    "You can do all of it with the keyboard": (
        (SEEING, "test_tab_stops_at_everything_once_in_the_order_of_the_page"),
        (ASKING, "test_the_form_is_sent_by_keyboard_alone"),
        LOOKS_WELL,
    ),
    "You can set your browser to text": (
        (SEEING, "test_a_browser_set_to_large_text_never_scrolls_sideways"),
    ),
    "You can set more space": (LOOKS_WELL,),
    "You can read in light or dark": (
        (SEEING, "test_own_colours_take_no_sign_away"),
        ("pages/test_contrast.py", "test_text_can_be_read_on_every_ground"),
    ),
    "You can hear the page in words": (
        (SEEING, "test_a_label_is_read_in_words"),
        (SEEING, "test_a_chart_is_read_with_its_unit"),
        (SEEING, "test_a_card_names_each_column_once_and_a_table_once_for_all"),
    ),
    "You can go from one finding": ((SEEING, "test_every_finding_is_reached_by_its_heading"),),
    "You can print": ((READING, "test_every_page_prints_without_spilling"),),
    "You can read on a slow": (("pages/test_publish.py", "test_the_first_view_fits_the_budget"),),
    "You can take your time": (
        (FORM, "test_a_stale_token_keeps_everything_typed"),
        (ASKING, "test_mistakes_are_named_where_they_are"),
    ),
    "Nothing moves or plays": (("pages/test_accessibility.py", "test_nothing_moves_or_plays"),),
    "Each drawing has a text": (
        ("pages/checks/test_structure.py", "test_a_broken_rule_is_named_with_its_line"),
        ("pages/content/test_charts.py", "test_a_drawing_is_small_and_says_its_numbers"),
    ),
    "Sentences are short": (
        ("pages/checks/test_wording.py", "test_wrong_writing_is_named"),
        ("pages/content/test_glossary.py", "test_the_first_use_in_the_text_is_linked"),
    ),
    "Browsers:": (LOOKS_WELL, (SEEING, "test_no_word_is_broken_on_any_page")),
    "Keyboard:": (
        (SEEING, "test_the_open_menu_covers_nothing_and_esc_closes_it"),
        (ASKING, "test_the_form_is_sent_by_keyboard_alone"),
    ),
    "Contrast:": (("pages/test_contrast.py", "test_lines_can_be_seen_on_every_ground"),),
    "Known faults:": (LOOKS_WELL,),
}
SECTIONS = ("what-you-can-do", "how-we-test")


def promises():
    """The points of the sections that promise, and the sentences of their paragraphs."""
    sections = {section.anchor: section for section in all_pages()["accessibility"].sections}
    for anchor in SECTIONS:
        for piece in sections[anchor].pieces:
            text = text_of(piece.element)
            yield from [text] if piece.tag == "li" else re.split(r"(?<=\.) ", text)


def test_each_promise_has_its_tests():
    warning = "A program finds only some", "A clean result"
    said = [text for text in promises() if not text.startswith(warning)]

    assert len(said) == len(HELD)
    for text in said:
        assert [begin for begin in HELD if text.startswith(begin)], text


@pytest.mark.parametrize("promise", HELD)
def test_the_tests_of_a_promise_are_there(promise):
    for file, name in HELD[promise]:
        assert f"def {name}(" in (TESTS / file).read_text("utf-8"), name


def test_nothing_moves_or_plays():
    moving = re.compile(r"animation|transition|@keyframes|<(animate|video|audio|marquee|embed)\b")
    root = Path(settings.BASE_DIR)
    files = [*root.glob("static/*/*.css"), *root.glob("static/*/*.svg")]
    files += root.glob("templates/**/*.html")

    assert len(files) > 100
    assert [path.name for path in files if moving.search(path.read_text("utf-8"))] == []
