"""Sealing: what one key closed for one column, nothing else opens."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesosite.enquiries.keys import (
    HEAD,
    CannotRead,
    blind,
    blinds,
    first,
    key_id_of,
    ring,
    seal,
    unseal,
)
from tests.enquiries.sealed import KEY, LOST, NEW, key_id

HERE, ELSEWHERE = "enquiries_note.text", "enquiries_message.text"
written = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)


def raw(sealed):
    return base64.urlsafe_b64decode(sealed[HEAD:] + "==")


def with_raw(sealed, changed):
    return sealed[:HEAD] + base64.urlsafe_b64encode(changed).decode().rstrip("=")


@given(written)
def test_what_is_sealed_comes_back_as_it_was(text):
    assert unseal(seal(text, HERE), HERE) == text


@given(st.data())
def test_no_bit_can_be_changed(data):
    sealed = seal("Πονάει;", HERE)
    bit = data.draw(st.integers(0, len(raw(sealed)) * 8 - 1))
    changed = bytearray(raw(sealed))
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CannotRead):
        unseal(with_raw(sealed, bytes(changed)), HERE)


@given(st.data())
def test_nothing_can_be_cut_off(data):
    sealed = seal("Πονάει;", HERE)
    length = data.draw(st.integers(0, len(raw(sealed)) - 1))

    with pytest.raises(CannotRead):
        unseal(with_raw(sealed, raw(sealed)[:length]), HERE)


@given(st.text(max_size=40) | st.text("1.0af_=", max_size=40))
def test_what_is_no_sealed_value_cannot_be_read(text):
    with pytest.raises(CannotRead):
        unseal(text, HERE)


def test_it_opens_in_its_own_column_alone():
    with pytest.raises(CannotRead):
        unseal(seal("Ana", HERE), ELSEWHERE)


def test_another_format_is_not_read_as_this_one():
    with pytest.raises(CannotRead):
        unseal("2" + seal("Ana", HERE)[1:], HERE)


def test_another_key_does_not_open_it_under_its_name(settings):
    sealed = seal("Ana", HERE)
    settings.DATA_KEYS = [NEW]

    with pytest.raises(CannotRead):
        unseal(sealed, HERE)
    with pytest.raises(CannotRead):
        unseal(f"1.{key_id(NEW)}.{sealed[HEAD:]}", HERE)


def test_equal_texts_look_different():
    assert seal("Ana", HERE) != seal("Ana", HERE)


def test_the_length_does_not_tell_what_was_ticked():
    nothing, much = '{"health": []}', '{"health": ["isotretinoin", "keloid_allergy", "bleeding"]}'

    assert len(seal(nothing, HERE)) == len(seal(much, HERE))


def test_neither_the_text_nor_the_key_is_in_a_value():
    bits = raw(seal("Ana Ana Ana", HERE))

    assert b"Ana" not in bits
    assert not any(KEY[at : at + 4] in bits for at in range(28))


def test_the_first_key_seals_and_all_of_them_open(settings):
    old = seal("before", HERE)
    settings.DATA_KEYS = [NEW, KEY]
    new = seal("after", HERE)

    assert (key_id_of(old), key_id_of(new)) == (key_id(KEY), key_id(NEW))
    assert (unseal(old, HERE), unseal(new, HERE)) == ("before", "after")
    assert (first().id, list(ring())) == (key_id(NEW), [key_id(NEW), key_id(KEY)])


@pytest.mark.parametrize("text", ["", "Ana", "1.2.3", "1.zzzzzzzz.x", "2.0af00af0.x", "{}"])
def test_what_is_no_sealed_value_names_no_key(text):
    assert key_id_of(text) == ""


def test_an_error_says_nothing_of_what_was_in_it():
    with pytest.raises(CannotRead) as caught:
        unseal(seal("Ana", HERE), ELSEWHERE)

    assert (caught.value.args, caught.value.__cause__) == ((), None)


def test_a_blind_hash_depends_on_text_kind_and_key(settings):
    here = blind("name", "ana")
    assert here == blind("name", "ana") != blind("email", "ana")
    assert here != blind("name", "anna")
    settings.DATA_KEYS = [LOST]

    assert here != blind("name", "ana")


def test_a_blind_hash_is_found_under_every_key(settings):
    old = blind("name", "ana")
    settings.DATA_KEYS = [NEW, KEY]

    assert blinds("name", "ana") == [blind("name", "ana"), old]
