"""A name is found however it was spelled: by its whole words and by what they begin with."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesosite.enquiries.search.phonetics import (
    known_sounds,
    matches,
    name_words,
    readings,
    sound,
    whole_sounds,
)

SAME = """
    Χριστίνα Christina Hristina Xristina ΧΡΙΣΤΙΝΑ
    Γιώργος Giorgos Yiorgos Giwrgos
    Παπαδοπούλου Papadopoulou Papadopulu Papadopoyloy
    Θανάσης Thanasis 8anasis
    Γιάννης Giannis Yannis Yiannis Giannhs
    Ελένη Eleni Elenh
    Αλέξανδρος Alexandros Aleksandros Ale3andros
    Ευαγγελία Evangelia Evaggelia Eyaggelia
    Μπάμπης Babis Mpampis
    Ντίνα Dina Ntina
    Γκίκας Gikas Gkikas
    Δημήτρης Dimitris Dhimitris Dhmhtrhs
    Βασίλης Vasilis Vassilis Basilis
    Κωνσταντίνος Konstantinos Constantinos Kwnstantinos
    Ειρήνη Irini Eirini
    Οικονόμου Oikonomou Ikonomou
    Αικατερίνη Aikaterini Ekaterini
    Ψαρρός Psarros Psaros 4arros
    Φώτης Fotis Photis Fwths
    Τζένη Tzeni Jenny
    Παναγιώτης Panagiotis Panayotis
    Ευθυμία Efthimia Evthymia Euthymia
    Σταύρος Stavros Stauros Stayros
    Παρασκευή Paraskevi Paraskeui
    Μιχαήλ Michael Mikhail
    Χλόη Chloe Chloi
    Ιωάννα Ioanna Iwanna
    Ρέα Rea Rhea
    Σάρα Sara Sarah
    Nguyễn Nguyen
    Đặng Dang
    Łukasz Lukasz
    Strauß Strauss STRAUSS
    Işık Isik ISIK
    Sørensen Sorensen
    Kjær Kjaer
    Семён СЕМЕН
    محمّد محمد
    שָׂרָה שרה
"""
APART = (
    "Maria Marina Marios Mario",
    "Eleni Elena Helen",
    "Anna Anastasia Antonia",
    "Nikos Nikolaos Nikoleta",
    "Μαρία Μαρίνα Μάριος",
    "Θανάσης Τάσος Αθανάσιος",
    "Dimitra Dimitris",
    "王伟明 王伟",
    "Иван Анна",
)

GREEK = "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ"
LATIN = "abcdefghijklmnopqrstuvwxyzàâäãåąçčďđéèêëěęğíîïıłñńňóôöõőøřśšşßťúùûüűůýžźżæœ38"
GROUPS = re.findall(r"\w+", "γγ γκ μπ ντ τζ ου αυ ευ αι ει οι γι ph th ch ng nt mp oy ey ou gi yi")


def is_candidate(name, typed):
    """Whether the database finds the name among those that are compared."""
    begun = {term[:3] for term in terms(name)}
    return all({term[:3] for term in whole} & begun for _begun, whole in readings(typed))


def terms(name):
    return known_sounds(name) | whole_sounds(name)


def spelled(letters):
    return st.lists(st.sampled_from((*letters, *GROUPS)), min_size=1, max_size=9).map("".join)


one_word = spelled(GREEK) | spelled(LATIN)
names = st.lists(one_word, min_size=1, max_size=3).map(" ".join) | st.text(max_size=25)


@st.composite
def names_and_texts(draw):
    """A name, and what somebody typed: often the beginnings of its words, in another spelling."""
    name = draw(names)
    begun = [word[: draw(st.integers(1, 12))] for word in name_words(name)]
    respelled = [draw(st.sampled_from((word, sound(word), word.upper()))) for word in begun]
    return name, draw(st.just(" ".join(respelled)) | names)


@pytest.mark.parametrize("spellings", SAME.strip().splitlines())
def test_spellings_of_one_name_sound_the_same(spellings):
    first, *others = spellings.split()

    for other in others:
        assert sound(other) == sound(first)
        assert matches(first, other)
        assert is_candidate(first, other)


@pytest.mark.parametrize("different", APART)
def test_different_names_sound_different(different):
    sounds = [sound(name) for name in different.split()]

    assert len(set(sounds)) == len(sounds)


@pytest.mark.parametrize("name", ["محمد", "שרה", "мария", "王伟明", "さくら", "สมชาย", "लीला"])
def test_other_scripts_keep_their_letters(name):
    assert sound(name) == name


def test_a_hangul_name_is_its_letters_and_found_by_its_first_syllable():
    assert sound("김민수") == unicodedata.normalize("NFKD", "김민수")
    assert matches("김민수", "김")


@pytest.mark.parametrize(("name", "typed"), [("王伟明", "王"), ("田中太郎", "田中")])
def test_an_ideograph_is_beginning_enough(name, typed):
    assert matches(name, typed)
    assert is_candidate(name, typed)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("O’Connor-Hughes", ["OConnor", "Hughes"]),
        ("  D'Angelo,\tMaria\n", ["DAngelo", "Maria"]),
        ("Αγγελική Παπα–Ζήση", ["Αγγελική", "Παπα", "Ζήση"]),
        ("علی\u200cرضا", ["علیرضا"]),
        ("प्रिया शर्मा", ["प्रिया", "शर्मा"]),
        ("王伟明", ["王伟明"]),
        ("Ana\u0301 ★ ´ —", ["Aná"]),
        ("", []),
    ],
)
def test_a_name_is_parted_into_words(name, expected):
    assert name_words(name) == expected


@pytest.mark.parametrize(
    "typed", ["oconnor", "O'Connor", "O`Connor", "O Connor", "connor", "hughes", "hug oconn"]
)
def test_a_name_with_an_apostrophe_is_found_with_it_and_without(typed):
    assert matches("O’Connor-Hughes", typed)
    assert is_candidate("O’Connor-Hughes", typed)


def test_terms_are_the_whole_word_and_its_beginnings():
    assert (known_sounds("Nikos"), whole_sounds("Nikos")) == ({"nik", "niko", "nikos"}, {"nikos"})
    assert terms("Li") == {"li"}
    assert {"vam", "vav", "vavis"} <= terms("Μπάμπης")
    assert {"papado", "papadopulu"} <= terms("Παπαδοπούλου")


def test_what_is_asked_is_each_word_and_the_words_joined_with_it():
    papadop = ({"papadop"}, {"papadop", "papadopnik"})
    assert readings("Papadop nik") == [papadop, ({"nik"}, {"nik", "papadopnik"})]
    assert readings(" — ") == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jürgen Müller", "Mueller"),
        ("Juergen Mueller", "Müller"),
        ("Jürgen Müller", "juer muel"),
        ("Sørensen", "Soerensen"),
        ("Soerensen", "Sørensen"),
        ("Åberg", "Aaberg"),
        ("Kjær", "Kjaer"),
        ("Groß", "Gross"),
        ("Anne Marie Weber", "Annemarie"),
        ("Anne-Marie", "annemarie"),
        ("Annemarie Weber", "Anne Marie"),
        ("Annemarie Weber", "weber anne-marie"),
        ("MacDonald", "Mac Donald"),
        ("Mac Donald", "MacDonald"),
        ("Mac Donald", "donald"),
        ("María de la Cruz", "Delacruz"),
        ("Delacruz", "de la Cruz"),
        ("Μαρία Χατζή Παύλου", "Χατζηπαύλου"),
        ("Χατζηπαύλου", "Hatzi Pavlou"),
    ],
)
def test_a_name_is_found_with_umlauts_and_without_and_in_one_word_or_more(name, typed):
    assert matches(name, typed)
    assert is_candidate(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Anne Weber Marie", "Annemarie"), ("Jolanta", "Joel"), ("Annemarie", "Anne Mario")],
)
def test_words_apart_and_other_words_are_not_joined(name, typed):
    assert not matches(name, typed)


@given(names, st.integers(0, 2))
def test_words_beside_each_other_are_found_joined_and_joined_ones_parted(name, at):
    words = name_words(name)[at : at + 2]
    joined = "".join(words)[:32]
    if len(words) == 2 and sound(joined):
        assert matches(name, joined)
        assert is_candidate(name, joined)
        assert matches(joined, " ".join(words))
        assert is_candidate(joined, " ".join(words))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Maria Papadopoulou", "Maria Nikos"),
        ("Papadopoulou", "Papadopoulos"),
        ("Maria", "ria"),
        ("Maria", "Ma"),
        ("Maria", "Mariana"),
        ("Anastasia", "Ann"),
        ("Maria", " ★ "),
    ],
)
def test_what_is_no_beginning_of_a_word_does_not_match(name, typed):
    assert not matches(name, typed)


def test_one_beginning_may_bring_a_candidate_that_does_not_match():
    assert is_candidate("Papadopoulou", "Papadopoulos")
    assert not matches("Papadopoulou", "Papadopoulos")


@pytest.mark.parametrize("typed", ["Μπαμ", "Αναγ", "Αναγνωστο", "Αναγνωστοπου", "anagnostopoul"])
def test_a_beginning_may_end_in_half_of_a_sound(typed):
    assert matches("Μπάμπης Αναγνωστόπουλος", typed)
    assert is_candidate("Μπάμπης Αναγνωστόπουλος", typed)


@given(names_and_texts())
def test_all_that_is_asked_is_among_the_terms_of_a_name_that_matches(pair):
    name, text = pair

    if matches(name, text):
        assert readings(text)
        assert is_candidate(name, text)


@given(names, st.integers(3, 12))
def test_a_name_is_found_by_its_first_letters(name, count):
    for word in name_words(name):
        typed = word[:count]
        if len(typed) == count and name_words(typed):
            assert matches(name, typed)
            assert is_candidate(name, typed)


@given(names)
def test_a_name_is_found_by_its_whole_words_in_any_order(name):
    typed = " ".join(reversed(name_words(name)))

    assert matches(name, typed) == bool(typed)
    assert is_candidate(name, typed)


@given(one_word)
def test_case_and_accents_do_not_matter(word):
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))

    assert sound(word.upper()) == sound(word.title()) == sound(word)
    assert sound(plain) == sound(unicodedata.normalize("NFD", word)) == sound(word)


@given(one_word | st.text(max_size=25))
def test_a_sound_sounds_like_itself(word):
    assert sound(sound(word)) == sound(word)


@given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=40))
def test_no_text_whatever_raises_and_every_word_has_a_sound(name, text):
    assert matches(name, text) in (True, False)
    assert all(terms(name))
    assert len(readings(text)) == len(name_words(text))


def test_loose_accents_before_a_word_are_no_term():
    assert "" not in terms("\u0301" * 4 + "Li")


def test_half_a_character_is_no_part_of_a_word():
    assert name_words("Ma\ud800ria") == ["Ma", "ria"]


def test_a_word_counts_by_its_first_32_letters():
    """A name of signs that stand for six letters each must not cost the time of a thousand."""
    long = "㌖" * 100 + "'" + "㌖" * 99

    assert max(map(len, name_words(long))) == 32
    assert matches("a" * 40, "a" * 50)
