"""Staff find a patient by a name in any spelling, the email, the phone or the code."""

import os
from urllib.parse import unquote

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from mesosite.enquiries.encryption import fields
from mesosite.enquiries.models import Enquiry, SearchTerm
from mesosite.enquiries.patient.actions import correct
from mesosite.enquiries.search import index
from mesosite.enquiries.search.phonetics import matches, name_words
from mesosite.enquiries.transactions import write
from tests.enquiries.stored import as_stored
from tests.inbox.asking import ask, erased
from tests.inbox.lists.test_lists import ago, codes

FIND = "/staff/find/"
SPELLINGS = """
    Χριστίνα Christina Hristina Xristina ΧΡΙΣΤΙΝΑ
    Γιώργος Giorgos Yiorgos γιωργος
    Παπαδοπούλου Papadopoulou Papadopulu
    Θανάσης Thanasis 8anasis
"""
LETTERS = "αάβγδεέζηήθιίϊκλμνξοόπρσςτυύφχψωώΑΒΓΔΘΨabcdefghijklmnopqrstuvwxyzàäãąçčéêíłñöøšßüžABCXYZ"
names = st.lists(st.text(LETTERS, min_size=1, max_size=10), min_size=1, max_size=3).map(" ".join)


def search(browser, text):
    return browser.post(FIND, {"text": text}, follow=True)


def named(name):
    return ask(contact={"name": name})


def found(browser, text):
    return codes(search(browser, text))


def beginnings(name):
    return {
        word[:n] for word in name_words(name) for n in (3, 4, 5, 6, len(word)) if n <= len(word)
    }


@given(name=names, other=names)
def test_any_name_is_found_by_its_words_and_their_beginnings(db, name, other):
    with transaction.atomic():
        mine, others = named(name), named(other)
        for typed in beginnings(name):
            hits = index.find(typed)
            assert mine in hits
            assert (others in hits) == matches(other, typed)
        transaction.set_rollback(True)


@pytest.mark.parametrize("spellings", SPELLINGS.strip().splitlines())
def test_every_spelling_finds_every_other_one(desk, spellings):
    made = {named(f"{spelling} Weber").code for spelling in spellings.split()}
    named("Ελένη Κώστα")
    for spelling in spellings.split():
        assert set(found(desk, spelling)) == made
        assert set(found(desk, f"web {spelling[:5]}")) == made


def test_all_words_must_fit_one_name(desk):
    maria_weber = named("Maria Weber")
    named("Maria Papa"), named("Jonas Weber")
    assert found(desk, "weber maria") == [maria_weber.code]
    assert found(desk, "weber maria ann") == []


def test_a_longer_word_is_not_found_by_its_first_six_letters_alone(desk):
    named("Παπαδοπούλου")
    assert found(desk, "Παπαδοπετράκη") == []


def test_two_letters_are_a_whole_word_or_nothing(desk):
    whole = named("Li Wei")
    named("Lina Weiss")
    assert found(desk, "li") == [whole.code]


@pytest.mark.parametrize("typed", ["maria@example.org", " MARIA@Example.ORG "])
def test_an_email_is_found_whole(desk, typed):
    enquiry = ask(contact={"email": "Maria@example.org"})
    ask(contact={"email": "maria@example.com"})
    assert found(desk, typed) == [enquiry.code]
    assert found(desk, "maria@example") == []


@pytest.mark.parametrize(
    "typed",
    [
        *("345678", "691 234 5678", "+30 691 234 5678", "0030 691-2345678", "06912345678"),
        *("+30 (0)691 2345678", "tel. 6912345678", "٦٩١٢٣٤٥٦٧٨"),
    ],
)
def test_a_phone_is_found_by_its_last_digits(desk, typed):
    enquiry = ask(contact={"phone": "+306912345678"})
    ask(contact={"phone": "+306912345670"})
    assert found(desk, typed) == [enquiry.code]


@pytest.mark.parametrize(
    "typed", ["678", "45678", "234567", "9912345678", "045678", "0", "+", "..."]
)
def test_other_digits_find_nobody(desk, typed):
    ask(contact={"phone": "+306912345678"})
    assert b"Nothing found" in search(desk, typed).content


@pytest.mark.parametrize(("typed", "told"), [("45678", True), ("345679", False), ("Maria", False)])
def test_few_digits_are_told_to_be_too_few(desk, typed, told):
    assert (b"These digits are too few" in search(desk, typed).content) == told


@pytest.mark.parametrize(
    "spelling",
    [
        "7KQ1M-0XNTB",
        "7kq1m0xntb",
        " 7kq1m 0xntb ",
        "7KQIM-OXNTB",
        "7kqlm–oxntb",
        "７KQ１M\u200b0XNTB",
    ],
)
def test_a_code_in_any_spelling_opens_its_enquiry(desk, spelling):
    ask(code="7KQ1M0XNTB")
    answer = desk.post(FIND, {"text": spelling})
    assert (answer.status_code, answer["Location"]) == (302, "/staff/e/7KQ1M0XNTB/")


@pytest.mark.parametrize(
    "half", ["7KQ1M", "7kqim", " 0XNTB ", "-oxntb", "７ｋｑ１ｍ", "0X\u200bNTB", "7KQ1M-"]
)
def test_half_a_code_finds_its_enquiries(desk, half):
    enquiry = ask(code="7KQ1M0XNTB", created_at=ago(days=1))
    ask(code="7KQ1N0XNTC")
    assert found(desk, half) == [enquiry.code]
    alike = ask(code="0XNTB7KQ1M")
    assert found(desk, half) == [alike.code, enquiry.code]


def test_what_may_be_half_a_code_is_a_name_and_a_number_too(desk):
    by_code = ask(code="MAR1A00000")
    by_name = named("Maria Weber")
    assert found(desk, "Maria") == [by_code.code, by_name.code]
    by_half = ask(code="12345AAAAA")
    by_phone = ask(contact={"name": "Li", "phone": "+306900012345"})
    assert found(desk, "12345") == [by_half.code]
    assert found(desk, "012345") == [by_phone.code]


def test_half_a_code_is_looked_up_in_an_index(db):
    plan = Enquiry.objects.with_half_code("0XNTB").order_by().explain()
    if connection.vendor == "sqlite":
        assert "enquiry_second_half" in plan
        assert "SCAN enquiries_enquiry\n" not in plan + "\n"


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("maria@παράδειγμα.ελ", "maria@xn--hxajbheg2az3al.xn--qxam"),
        ("maria@xn--hxajbheg2az3al.xn--qxam", "Maria@ΠΑΡΆΔΕΙΓΜΑ.ελ"),
        ("maria@example.org", "maria@example.org\u200f"),
        ("maria@example.org\u200b", "maria@example.org"),
        ("maria@example.org", "ｍａｒｉａ＠example.org"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_email_is_found_in_every_spelling_and_shown_in_letters(desk, stored, typed):
    enquiry = ask(contact={"email": stored})
    assert found(desk, typed) == [enquiry.code]
    if "xn--" in stored:
        page = desk.get(f"/staff/e/{enquiry.code}/").content.decode()
        assert ">maria@παράδειγμα.ελ</a>" in page


def test_a_name_is_found_joined_parted_and_without_its_umlauts(desk):
    enquiry = named("Anne Marie Müller-Sørensen")
    for typed in ("Annemarie", "mueller", "Soerensen", "Müllersørensen"):
        assert found(desk, typed) == [enquiry.code]


def test_a_name_of_ten_letters_is_no_code(desk):
    enquiry = named("Alexandros")  # ten letters of which each may stand in a code
    assert found(desk, "Alexandros") == [enquiry.code]


@pytest.mark.parametrize(
    "typed", ["7KQ1", "7KQ1M0XNTC", "<b>", "\x00", "9" * 500, "@", "x" * 300, "nobody"]
)
def test_what_finds_nothing_says_what_to_check(desk, typed):
    ask(code="7KQ1M0XNTB")
    answer = search(desk, typed)
    assert answer.status_code == 200
    assert b"its last six digits" in answer.content
    assert b"<b>\xe2\x80\x9d" not in answer.content


def test_an_empty_search_shows_the_empty_form(desk):
    answer = search(desk, " ")
    assert answer.redirect_chain[-1][0] == f"{FIND}?"
    assert b"autofocus" in answer.content
    assert b"Nothing found" not in answer.content


def test_what_was_typed_is_in_no_address(desk):
    named("Χριστίνα Παπά")
    answer = desk.post(FIND, {"text": "Χριστίνα"})
    assert "Χριστ" not in unquote(answer["Location"])
    assert len(codes(desk.get(answer["Location"]))) == 1  # so that Back and reload work


@pytest.mark.parametrize("made_up", ["x", "1.2.3", "Maria", ""])
def test_an_address_made_up_finds_nobody(desk, made_up):
    named("Maria")
    assert codes(desk.get(FIND, {"for": made_up})) == []


def test_a_stranger_finds_nobody(client):
    named("Maria")
    assert search(client, "Maria").redirect_chain[0][0].startswith("/staff/login/")


def test_the_newest_stand_first_with_their_state(desk):
    old = ask(created_at=ago(days=9), state="closed", close_reason="visited")
    new = ask(created_at=ago(days=1))
    answer = search(desk, "Παπά")
    assert codes(answer) == [new.code, old.code]
    page = answer.content.decode()
    assert page.index(" · New") < page.index(" · Closed")


def test_more_than_fit_are_said_to_be_there(desk, monkeypatch):
    monkeypatch.setattr(index, "MAX_RESULTS", 2)
    made = [ask(created_at=ago(days=3 - day)).code for day in range(3)]
    answer = search(desk, "Μαρία")
    assert codes(answer) == [made[2], made[1]]
    assert b"There are more" in answer.content
    erased(Enquiry.objects.get(code=made[0]))
    assert b"There are more" not in search(desk, "Μαρία").content


def test_a_corrected_contact_is_found_by_the_new_name_alone(desk):
    enquiry = named("Maria Weber")
    contact = {"name": "Jonas Weber", "phone": "+306900000000"}
    correct(enquiry, problem=False, topics=[], contact=contact, answers={})
    assert found(desk, "Maria") == found(desk, "m@example.org") == []
    assert found(desk, "Jonas") == found(desk, "000000") == [enquiry.code]


def test_an_erased_one_is_found_by_its_code_alone(desk):
    gone = erased(ask(contact={"phone": "+306912345678"}))
    for typed in ("Μαρία", "m@example.org", "345678"):
        assert found(desk, typed) == []
    assert search(desk, gone.code).redirect_chain[-1][0] == f"/staff/e/{gone.code}/"


def test_nothing_is_kept_in_clear(db):
    ask(contact={"name": "Li Παπά", "email": "maria@example.org", "phone": "+306912345678"})
    (row,) = as_stored(Enquiry.objects.all())
    assert not [word for word in ("papa", "maria@example", "345678") if word in str(row)]
    assert SearchTerm.objects.get().term == 0


def test_what_was_stored_under_an_older_key_is_found(desk, settings):
    enquiry = ask(contact={"phone": "+306912345678"})
    settings.DATA_KEYS = [os.urandom(32), *settings.DATA_KEYS]
    newer = ask(contact={"phone": "+306912345678"})
    for typed in ("Μαρία", "345678", "m@example.org"):
        assert set(found(desk, typed)) == {enquiry.code, newer.code}


def test_a_search_decrypts_nothing_but_what_it_compares(
    db, monkeypatch, django_assert_max_num_queries
):
    with write():
        wanted = named("Maria Zoe")
        _others = [named(name) for name in ["Maria Weber", "Zoe Weber"] * 30]
    read, decrypt = [], fields.decrypt
    monkeypatch.setattr(fields, "decrypt", lambda *what: read.append(what[1]) or decrypt(*what))
    with django_assert_max_num_queries(3):  # the lengths, the terms, the row
        assert index.find("zoe maria") == [wanted]
    assert {place.split(".")[1] for place in read} == {"found_by"}  # and the contact in the list


def test_a_search_stops_when_it_has_enough(db, monkeypatch):
    monkeypatch.setattr(index, "_BATCH", 4)
    monkeypatch.setattr(index, "MAX_RESULTS", 5)
    with write():
        made = [named("Maria Weber") for _n in range(20)]
    read, decrypt = [], fields.decrypt
    monkeypatch.setattr(fields, "decrypt", lambda *what: read.append(what[1]) or decrypt(*what))
    assert index.find("weber") == made[:-7:-1]
    assert [place.split(".")[1] for place in read].count("found_by") == 6
