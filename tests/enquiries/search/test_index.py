"""The stored hashes: what few of them tell, what is found by them, how they grow.

What thousands tell is in `test_attack`.
"""

from collections import Counter
from itertools import islice
from random import Random

import pytest
from django.db import connection

from mesosite.enquiries.erasure import erase
from mesosite.enquiries.maintenance import key_rotation
from mesosite.enquiries.maintenance.key_rotation import fit_hashes
from mesosite.enquiries.models import Enquiry, SearchTerm
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from tests.enquiries.stored import write as write_raw

pytestmark = pytest.mark.django_db
# First names, with the weights by which they are given; the attacker knows both.
NAMES = {"Maria": 8, "Eleni": 6, "Katerina": 5, "Sofia": 4, "Anna": 4, "Zoe": 2, "Giorgos": 9}
NAMES |= {"Dimitris": 7, "Kostas": 6, "Nikos": 5, "Jonas": 1, "Olena": 1}
SURNAMES = ("Papadopoulou", "Antoniou", "Weber", "Oikonomou", "Nikolaou", "Georgiou")


def person(name, chance):
    """An enquiry with this name and an email and phone of its own, not stored yet."""
    number = f"{chance.randrange(10**8):08}"
    reached = {"email": f"{number}@example.org", "phone": f"+3069{number}"}
    contact = {"name": name} | reached
    return Enquiry(contact=contact, found_by=index.terms_of(contact))


def store(name, chance):
    enquiry = person(name, chance)
    enquiry.store(index.search_terms(enquiry))
    return enquiry


def people(number, chance):
    """{primary key: first name} of so many new enquiries."""
    firsts = chance.choices(list(NAMES), list(NAMES.values()), k=number)
    with write():
        made = [person(f"{first} {chance.choice(SURNAMES)}", chance) for first in firsts]
        Enquiry.objects.bulk_create(made)
        hash_all(index.bits_for(number))
    return {row.pk: first for row, first in zip(made, firsts, strict=True)}


def hash_all(bits):
    SearchTerm.objects.all().delete()
    rows = Enquiry.objects.exclude(state="erased")
    made = [term for row in rows for term in index.search_terms(row, bits)]
    SearchTerm.objects.bulk_create(made)


def copy_of_the_database():
    """{primary key: hashes} as whoever reads the table sees it."""
    found = {}
    for row in SearchTerm.objects.all():
        found.setdefault(row.enquiry_id, set()).add((row.bits, row.term))
    return found


def named_by_attack(copy, sent):
    """{primary key: name}: the most given of the names whose hashes the enquiry has too.

    sent: {name: hashes of an enquiry with that name alone}.
    """
    by_frequency = sorted(NAMES, key=NAMES.get, reverse=True)
    return {
        pk: next((name for name in by_frequency if sent[name] <= hashes), None)
        for pk, hashes in copy.items()
    }


def attack(truth):
    """How many are named rightly by whoever sends each name three times and compares."""
    sent = {}
    for name in NAMES:  # the hashes that are common to several of one name are the name's own
        with write():
            mine = [store(name, Random(n)).pk for n in range(3)]
        copy = copy_of_the_database()
        sent[name] = set.intersection(*(copy[pk] for pk in mine))
        for pk in mine:
            erase(Enquiry.objects.get(pk=pk))
    copy = {pk: hashes for pk, hashes in copy_of_the_database().items() if pk in truth}
    named = named_by_attack(copy, sent)
    return sum(named[pk] == name for pk, name in truth.items())


def test_of_few_requests_an_attacker_with_copy_and_form_names_what_guessing_would():
    """Below 512 all share one hash."""
    truth = people(388, Random(1))
    guessed = max(Counter(truth.values()).values())
    assert attack(truth) <= guessed
    # The attack is a real one: it succeeds where hashes are not cut.
    hash_all(bits=31)
    assert attack(truth) > 2 * guessed


@pytest.mark.parametrize("enquiries", [512, 2_000, 20_000, 150_000, 1_000_000])
def test_a_hash_is_shared_by_several_hundred_and_by_no_more_than_can_be_read(enquiries):
    shared = enquiries * index.SLOTS / 2 ** index.bits_for(enquiries)
    assert index.READ <= shared <= 2 * index.READ


@pytest.mark.parametrize("enquiries", [0, 1, 388, 511])
def test_as_long_as_all_can_be_read_all_share_one_hash(enquiries):
    assert index.bits_for(enquiries) == 0


CONTACTS = (
    {},
    {"name": "Li"},
    {"name": "Ana", "email": "ana@example.org", "phone": "+306912345678"},
    {"name": "Maria Papadopoulou"},
)


@pytest.mark.parametrize("bits", [4, 8, 13])
def test_the_number_of_hashes_does_not_tell_what_was_given(bits):
    made = [
        index.hashes_of(index.terms_of(contact), f"row{n}", bits)
        for n, contact in enumerate(CONTACTS)
    ]
    assert {len(hashes) for hashes in made} == {index.SLOTS}
    long = index.hashes_of(
        index.terms_of({"name": "Siân O’Connor-Hughes de la Cruz Jr"}), "a", bits
    )
    assert len(long) == 2 * index.SLOTS


def test_hashes_of_nothing_stay_the_same_and_differ_between_rows():
    of_nothing = index.hashes_of({}, "one", 13)
    assert of_nothing == index.hashes_of({}, "one", 13) != index.hashes_of({}, "two", 13)


def test_one_hash_stands_for_all_the_terms_of_a_word():
    maria, mario = (
        index.hashes_of({"name": list(found)}, "row", 31)
        for found in ({"mar"}, {"mar", "mari", "mario"})
    )
    assert maria == mario


def found(text):
    return set(index.find(text))


def test_everybody_is_found_before_while_and_after_the_hashes_grow(monkeypatch):
    made = [store("Maria Weber", Random(n)) for n in range(12)]
    ana = store("Ana", Random(99))
    monkeypatch.setattr(index, "bits_for", lambda enquiries: 10)
    monkeypatch.setattr(key_rotation, "HASH_BATCH", 5)
    for _batch in islice(key_rotation.renew_hashes(), 2):
        made.append(store("Maria Late", Random(50 + len(made))))
        assert {0, 10} <= set(SearchTerm.objects.bits_in_use())
        assert found("maria") == set(made)
        assert found(ana.contact["email"]) == found(ana.contact["phone"]) == {ana}
    fit_hashes()
    assert SearchTerm.objects.bits_in_use() == [10]
    assert found("maria") == set(made)
    assert found("weber maria") == set(made[:12])
    assert found(ana.contact["phone"][-6:]) == {ana}


def test_hashes_that_fit_are_left_alone(monkeypatch, django_assert_max_num_queries):
    store("Maria", Random(1)), store("Ana", Random(2))
    before = list(SearchTerm.objects.values_list("pk"))
    with django_assert_max_num_queries(3):
        fit_hashes()
    assert list(SearchTerm.objects.values_list("pk")) == before


def test_a_shared_hash_alone_finds_nobody(monkeypatch):
    """Everything that shares a hash is read and compared: here all share the only one."""
    maria = store("Maria Weber", Random(1))
    for other in range(2, 22):
        store("Marios Vevas", Random(other))
    assert found("Marianna") == found("maria@example.org") == found("990000") == set()
    assert found("maria weber") == {maria}
    assert found(maria.contact["email"]) == {maria}


def test_an_enquiry_whose_terms_are_damaged_is_found_by_its_contact():
    maria, ana = store("Maria", Random(1)), store("Ana", Random(2))
    write_raw(maria, found_by="damaged")
    assert (found("maria"), found("ana")) == ({maria}, {ana})
    assert found(maria.contact["phone"]) == {maria}


def test_one_of_which_nothing_can_be_read_is_found_by_its_code():
    maria, ana = store("Maria", Random(1)), store("Ana", Random(2))
    write_raw(maria, found_by="damaged", contact="damaged")
    assert (found("ana"), found("maria"), found(maria.code)) == ({ana}, set(), {maria})


def test_the_hashes_are_looked_up_in_an_index():
    plan = SearchTerm.objects.filter(bits=8, term__in=[3]).order_by("-enquiry_id")[:9].explain()
    if connection.vendor == "sqlite":
        assert "search_term" in plan
        assert "TEMP B-TREE" not in plan
