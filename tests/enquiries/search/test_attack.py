"""What the hashes tell whoever has a copy of the database and can send the form.

docs/decisions/0004 has these numbers. No row is stored: the hashes are all that such a person sees.
The key and the people are always the same, so the numbers are too.
"""

from collections import Counter
from functools import cache
from random import Random
from statistics import median

import pytest

from mesosite.enquiries.search import index
from tests.enquiries.search.test_index import NAMES, SURNAMES, named_by_attack

KNOWN = 50  # people of whom somebody knows name, email and phone
NAME, EMAIL, PHONE = ("name", "whole"), ("email",), ("phone",)


@cache
def named(name):
    return index.terms_of({"name": name})


def terms_of(name, chance):
    """What is stored of somebody with this name, and an email and phone of their own."""
    number = f"{chance.randrange(10**8):08}"
    return named(name) | {"email": [f"{number}@example.org"], "phone": [f"3069{number}"]}


def people(size):
    """[(first name, terms, hashes)]."""
    chance, bits = Random(1), index.bits_for(size)
    firsts = chance.choices(list(NAMES), list(NAMES.values()), k=size)
    terms = [terms_of(f"{first} {chance.choice(SURNAMES)}", chance) for first in firsts]
    hashed = (index.hashes_of(of, f"row{n}", bits) for n, of in enumerate(terms))
    return list(zip(firsts, terms, hashed, strict=True))


def sent(terms, bits):
    """The hashes that three requests with the same in them have in common: they stand for it."""
    return set.intersection(*(index.hashes_of(terms, f"sent{n}", bits) for n in range(3)))


def rows_left(rows, kinds, bits):
    """The median number of rows that may be somebody's of whom so much is known."""
    known = [{kind: terms[kind] for kind in kinds} for _first, terms, _hashes in rows[:KNOWN]]
    wanted = [sent(terms, bits) for terms in known]
    return median(sum(hashes <= has for _first, _terms, has in rows) for hashes in wanted)


def told(size):
    """{what: number}: shares of the people, and rows that are left."""
    rows, bits = people(size), index.bits_for(size)
    firsts = [first for first, _terms, _hashes in rows]
    of_name = {name: sent(named(name), bits) for name in NAMES}
    by_attack = named_by_attack({n: row[2] for n, row in enumerate(rows)}, of_name)
    numbers = {
        "guessed": max(Counter(firsts).values()) / size,
        "named": sum(by_attack[n] == first for n, first in enumerate(firsts)) / size,
        "email": rows_left(rows, EMAIL, bits),
        "email and phone": rows_left(rows, EMAIL + PHONE, bits),
        "name": rows_left(rows, NAME, bits),
        "all": rows_left(rows, NAME + EMAIL + PHONE, bits),
    }
    for name in ("Maria", "Jonas"):
        having = [first for first, _terms, hashes in rows if of_name[name] <= hashes]
        numbers[name] = having.count(name) / len(having)
    return numbers


@pytest.fixture(autouse=True)
def _same_key(settings):
    settings.DATA_KEYS = [b"\1" * 32]


def test_of_thousands_the_hashes_tell_common_first_names_and_who_is_known_well():
    """As bad as 0004 says, and no worse: one fact leaves hundreds, all together one row."""
    found = told(5_000)
    assert found["guessed"] == pytest.approx(0.16, abs=0.01)
    assert found["named"] == pytest.approx(0.85, abs=0.05)
    assert found["Maria"] == pytest.approx(0.79, abs=0.05)
    assert found["Jonas"] < 0.15
    assert found["email"] > 150
    assert 2 < found["email and phone"] < 30
    assert found["name"] > 80
    assert found["all"] == 1
