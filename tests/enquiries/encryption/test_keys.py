"""Encryption: a value opens with its key and in its column, and nowhere else."""

import base64

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from mesosite.enquiries.encryption.keys import (
    PREFIX_LENGTH,
    DecryptionError,
    decrypt,
    encrypt,
    key_id_of,
    keys,
    lookup_hash,
    lookup_hashes,
    primary_key,
)
from tests.enquiries.stored import KEY, LOST, NEW, key_id

HERE, ELSEWHERE = "enquiries_note.text", "enquiries_message.text"
any_example = example_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
written = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)


def raw(encrypted):
    return base64.urlsafe_b64decode(encrypted[PREFIX_LENGTH:] + "==")


def with_raw(encrypted, changed):
    return encrypted[:PREFIX_LENGTH] + base64.urlsafe_b64encode(changed).decode().rstrip("=")


@any_example
@given(written)
def test_what_is_encrypted_comes_back_as_it_was(text):
    assert decrypt(encrypt(text, HERE), HERE) == text


@any_example
@given(st.data())
def test_no_bit_can_be_changed(data):
    encrypted = encrypt("Πονάει;", HERE)
    bit = data.draw(st.integers(0, len(raw(encrypted)) * 8 - 1))
    changed = bytearray(raw(encrypted))
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(DecryptionError):
        decrypt(with_raw(encrypted, bytes(changed)), HERE)


@any_example
@given(st.data())
def test_nothing_can_be_cut_off(data):
    encrypted = encrypt("Πονάει;", HERE)
    length = data.draw(st.integers(0, len(raw(encrypted)) - 1))

    with pytest.raises(DecryptionError):
        decrypt(with_raw(encrypted, raw(encrypted)[:length]), HERE)


@any_example
@given(st.text(max_size=40) | st.text("1.0af_=", max_size=40))
def test_what_is_not_an_encrypted_value_cannot_be_read(text):
    with pytest.raises(DecryptionError):
        decrypt(text, HERE)


def test_it_opens_in_its_own_column_alone():
    with pytest.raises(DecryptionError):
        decrypt(encrypt("Ana", HERE), ELSEWHERE)


def test_another_format_is_not_read_as_this_one():
    with pytest.raises(DecryptionError):
        decrypt("2" + encrypt("Ana", HERE)[1:], HERE)


def test_another_key_does_not_open_it_under_its_name(settings):
    encrypted = encrypt("Ana", HERE)
    settings.DATA_KEYS = [NEW]

    with pytest.raises(DecryptionError):
        decrypt(encrypted, HERE)
    with pytest.raises(DecryptionError):
        decrypt(f"1.{key_id(NEW)}.{encrypted[PREFIX_LENGTH:]}", HERE)


def test_equal_texts_look_different():
    assert encrypt("Ana", HERE) != encrypt("Ana", HERE)


def test_the_length_does_not_tell_what_was_ticked():
    nothing, much = '{"health": []}', '{"health": ["isotretinoin", "keloid_allergy", "bleeding"]}'

    assert len(encrypt(nothing, HERE)) == len(encrypt(much, HERE))


def test_neither_the_text_nor_the_key_is_in_a_value():
    bits = raw(encrypt("Ana Ana Ana", HERE))

    assert b"Ana" not in bits
    assert not any(KEY[at : at + 4] in bits for at in range(28))


def test_the_first_key_encrypts_and_all_of_them_decrypt(settings):
    old = encrypt("before", HERE)
    settings.DATA_KEYS = [NEW, KEY]
    new = encrypt("after", HERE)

    assert (key_id_of(old), key_id_of(new)) == (key_id(KEY), key_id(NEW))
    assert (decrypt(old, HERE), decrypt(new, HERE)) == ("before", "after")
    assert (primary_key().id, list(keys())) == (key_id(NEW), [key_id(NEW), key_id(KEY)])


@pytest.mark.parametrize("text", ["", "Ana", "1.2.3", "1.zzzzzzzz.x", "3.0af00af0.x", "{}"])
def test_what_is_not_an_encrypted_value_names_no_key(text):
    assert key_id_of(text) == ""


def test_an_error_says_nothing_of_what_was_in_it():
    with pytest.raises(DecryptionError) as caught:
        decrypt(encrypt("Ana", HERE), ELSEWHERE)

    assert (caught.value.args, caught.value.__cause__) == ((), None)


def test_a_lookup_hash_depends_on_text_kind_and_key(settings):
    here = lookup_hash("name", "ana")
    assert here == lookup_hash("name", "ana") != lookup_hash("email", "ana")
    assert here != lookup_hash("name", "anna")
    settings.DATA_KEYS = [LOST]

    assert here != lookup_hash("name", "ana")


def test_a_lookup_hash_is_found_under_every_key(settings):
    old = lookup_hash("name", "ana")
    settings.DATA_KEYS = [NEW, KEY]

    assert lookup_hashes("name", "ana") == [lookup_hash("name", "ana"), old]
