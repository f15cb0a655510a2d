"""What looks the same is the same text, whatever it was pasted from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesosite import normal_form
from mesosite.normal_form import AddressError, Reason

INVISIBLE = (
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e"),
    *("\u200f", "\u202a", "\u202c", "\u2060", "\u2066", "\u2069", "\u3164", "\ufe0f", "\ufeff"),
    *("\uffa0", "\ufff9", "\ufffe", "\U000e0001", "\U000e0061", "\U000e0100", "\U0010ffff"),
)
JOINERS = ("\u200c", "\u200d", "\ufe0e", "\ufe0f")
SEEN_FORMAT = (
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
PLACES = st.lists(
    st.sampled_from((*INVISIBLE, "x", "1", "ب", "क\u094d", "❤", "👩", "e\u0301", " "))
)
anything = st.text() | PLACES.map("".join)


def strewn(text, signs):
    """The text with these invisible signs before, between and after its letters."""
    return "".join(sign + letter for sign, letter in zip(signs, text, strict=True)) + signs[0]


@pytest.mark.parametrize("sign", INVISIBLE)
def test_an_invisible_sign_is_no_part_of_a_name_a_message_or_a_code(sign):
    assert normal_form.line(f"{sign}Ma{sign}ria{sign} {sign}") == "Maria"
    assert normal_form.words(f"{sign}Do{sign}es it hurt?\n{sign}") == "Does it hurt?"
    assert normal_form.plain(f"{sign}7K{sign}Q{sign}") == "7KQ"


@pytest.mark.parametrize("sign", [*INVISIBLE, " ", "\u2800", "\u0301", "\u00a0\u200b"])
def test_what_cannot_be_seen_is_nothing(sign):
    assert normal_form.line(sign * 3) == normal_form.words(sign * 3) == ""


@pytest.mark.parametrize(
    "shown",
    [
        "علی\u200cرضا",  # Persian parts the letters
        "ශ්\u200dරී",  # Sinhala joins them
        "ക\u0d4d\u200d",  # Malayalam
        "👩\u200d🦰 ❤\ufe0f 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3 👍🏽",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "𮯰",  # a letter that came with Unicode 15.1
        "Ñ Å ß ς ﬁ ½ ①",
    ],
)
def test_what_a_script_or_an_emoji_shows_stays(shown):
    assert normal_form.line(shown) == normal_form.words(shown) == shown


def test_one_spelling_for_composed_and_decomposed_letters_and_any_gap():
    assert normal_form.line("Zoe\u0308 \u00a0\u3000A\u030angström") == "Zoë Ångström"
    assert normal_form.line("a\nb") == "a\nb"  # for the form to refuse


def test_every_line_break_is_one_and_no_control_character_stays():
    assert normal_form.words("a\r\nb\rc\u2028d\x00e\x07\tf") == "a\nb\nc\nde\tf"


def test_signs_of_other_widths_are_the_same_in_what_is_compared():
    assert normal_form.plain("７ＫＱ２Ｍ－４ＸＮＴＢ") == "7KQ2M-4XNTB"


@given(anything)
def test_a_normal_form_is_its_own_normal_form(text):
    for form in (normal_form.line, normal_form.words, normal_form.plain):
        assert form(form(text)) == form(text)


@given(anything)
def test_no_format_character_stays_but_those_that_are_seen(text):
    for form, allowed in (
        (normal_form.line, (*JOINERS, *SEEN_FORMAT)),
        (normal_form.words, (*JOINERS, *SEEN_FORMAT)),
        (normal_form.plain, SEEN_FORMAT),
    ):
        left = {sign for sign in form(text) if unicodedata.category(sign) == "Cf"}
        assert left <= set(allowed)


@given(st.text(st.characters(categories=["L", "N", "P"])), st.data())
def test_invisible_signs_change_nothing_in_what_is_compared(text, data):
    signs = data.draw(st.lists(st.sampled_from(INVISIBLE), min_size=len(text), max_size=len(text)))
    if text:
        assert normal_form.plain(strewn(text, signs)) == normal_form.plain(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Maria@Example.COM ", "Maria@example.com"),
        ("maria@παράδειγμα.ελ", "maria@xn--hxajbheg2az3al.xn--qxam"),
        ("maria@ΠΑΡΆΔΕΙΓΜΑ.ΕΛ", "maria@xn--hxajbheg2az3al.xn--qxam"),
        ("maria@xn--hxajbheg2az3al.xn--qxam", "maria@xn--hxajbheg2az3al.xn--qxam"),
        ("idn@straße.de", "idn@xn--strae-oqa.de"),
        ("idn@γιατρός.gr", "idn@xn--mxads7afk1d.gr"),
        ("ｍａｒｉａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "maria@example.com"),
        ("\u202amaria@example.com\u202c", "maria@example.com"),
        ("maria@example.com\u200f", "maria@example.com"),
        ('"maria"@example.com', "maria@example.com"),
    ],
)
def test_an_address_has_one_form(typed, stored):
    assert normal_form.email(typed) == stored
    assert normal_form.email_key(typed) == stored.casefold()


@pytest.mark.parametrize("sign", INVISIBLE)
def test_an_address_is_stored_without_invisible_signs(sign):
    assert normal_form.email(f"a@example.com{sign}") == "a@example.com"
    if not normal_form.is_turned(f"a@exam{sign}ple.com"):
        assert normal_form.email(f"a@exam{sign}ple.com") == "a@example.com"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("root@localhost", Reason.UNREACHABLE),
        ("x@[127.0.0.1]", Reason.UNREACHABLE),
        ("x@[IPv6:::1]", Reason.UNREACHABLE),
        ("x@desk.local", Reason.UNREACHABLE),
        ("x@desk.local.", Reason.UNREACHABLE),
        ("a@b\u202emoc.elpmaxe", Reason.TURNED),
        ("\u202emoc.elpmaxe@a", Reason.TURNED),
        ("μαρία@example.com", Reason.LETTERS),
        ("maria", Reason.MALFORMED),
        ("maria@", Reason.MALFORMED),
        ("maria@exa mple.com", Reason.MALFORMED),
        ("maria@-example.com", Reason.MALFORMED),
        ("maria@xn--a.com", Reason.MALFORMED),
        ("a@b.example\r\nBcc: c@d.example", Reason.MALFORMED),
        ("", Reason.MALFORMED),
    ],
)
def test_what_cannot_be_sent_to_is_refused_with_its_reason(typed, reason):
    with pytest.raises(AddressError) as refused:
        normal_form.email(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("maria@xn--hxajbheg2az3al.xn--qxam", "maria@παράδειγμα.ελ"),
        ("idn@xn--strae-oqa.de", "idn@straße.de"),
        ("a@example.com", "a@example.com"),
        ("a@xn--a.com", "a@xn--a.com"),
        ("old@[127.0.0.1]", "old@[127.0.0.1]"),
        ("no address", "no address"),
        ("", ""),
        (None, ""),
    ],
)
def test_people_read_a_domain_in_its_own_letters(stored, shown):
    assert normal_form.readable_email(stored) == shown


@given(anything, anything)
def test_any_text_is_an_address_or_is_refused(local, domain):
    text = f"{local}@{domain}"
    assert normal_form.email_key(normal_form.readable_email(text)) is not None
    try:
        stored = normal_form.email(text)
    except AddressError:
        return
    assert stored.isascii()
    assert (
        normal_form.email(stored) == normal_form.email(normal_form.readable_email(stored)) == stored
    )
