"""The syllables of words: as the dictionary has them, and a good guess for those that it lacks."""

import pytest

from mesosite.pages.catalogue import all_pages
from mesosite.pages.catalogue import content as site_content
from mesosite.pages.checks.checked_page import CheckedPage
from mesosite.pages.prose import grade, words
from mesosite.pages.syllables import by_letters, in_dictionary, syllables

COUNTS = {
    1: "don’t dabbed TCA κρέμα 3.4 2,805",
    2: "people needles doctor’s herpes’s keloids soreness filler’s ice-pick half-face",
    3: "area Every",
    5: "mesotherapy",
    6: "radiofrequency mycobacteria",
}
"""{syllables: words} of the dictionary, words that it lacks, words of parts, and figures."""
MOST_WRONG = 0.06


@pytest.mark.parametrize("count", COUNTS)
def test_the_syllables_of_a_word(count):
    assert {word: syllables(word) for word in COUNTS[count].split()} == dict.fromkeys(
        COUNTS[count].split(), count
    )


def test_the_guess_is_right_for_nearly_all_words_of_our_pages_and_does_not_undercount_them():
    prose = [text for page in all_pages().values() for text in CheckedPage(page).prose]
    used = {word.lower() for text in prose for word in words(text)}
    counts = {word: in_dictionary(word) for word in used if word.isalpha()}
    known = {word: count for word, count in counts.items() if count}

    assert len(known) > 0.9 * len(counts)
    wrong = [word for word, count in known.items() if by_letters(word) != count]
    assert len(wrong) < MOST_WRONG * len(known), wrong
    assert sum(map(by_letters, known)) > 0.99 * sum(known.values())


def test_a_term_that_is_explained_counts_two_syllables_a_word():
    terms = site_content().glossaries["en"].terms_in
    explained, plain = "Ask about isotretinoin acid.", "Ask about doctor acid."

    assert terms("Isotretinoin, ice-pick scars, and acid.") == ["Isotretinoin", "ice-pick scars"]
    assert grade([explained], terms) == grade([plain], terms)
    assert grade([explained]) > grade([plain]) + 5


def test_a_page_whose_hard_words_are_explained_may_be_published(content):
    text = "Ask about isotretinoin, polynucleotides and mycobacteria. " * 2 + "\n\n"
    content.change("en/risks.md", "## How safe is it?", text * 30 + "## How safe is it?")
    assert "content.E007" not in [number for number, _message in content.errors()]

    content.change("en/words.yaml", "isotretinoin:", "roaccutane:")
    content.change("en/words.yaml", "polynucleotides:", "pieces:")
    content.change("en/words.yaml", "mycobacteria:", "germs:")

    assert "content.E007" in [number for number, _message in content.errors()]
