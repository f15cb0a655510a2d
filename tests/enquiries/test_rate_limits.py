"""How many come from one address and to the site: counted exactly, kept unreadable, never in the
way of a patient."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from mesosite.enquiries import rate_limits
from mesosite.enquiries.models import Enquiry, Rate
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

SECOND, MINUTE, HOUR = (datetime.timedelta(seconds=n) for n in (1, 60, 3600))
HOME = "203.0.113.7"


def asked(number=1, address=HOME):
    """Whether the last of `number` different requests from an address was marked."""
    client = Client(REMOTE_ADDR=address)
    for _n in range(number):
        body = urlencode(answers(name=f"Patient {Enquiry.objects.count()}"), doseq=True)
        sent = client.post(FORM, body, content_type="application/x-www-form-urlencoded")
        assert sent.status_code == 302
    return Enquiry.objects.latest("id").is_crowded


def test_the_sixth_in_ten_minutes_is_marked_and_stored(at):
    assert not asked(5)
    assert asked()
    assert Enquiry.objects.filter(state=State.NEW).count() == 6


def test_another_address_is_not_marked_for_it():
    asked(6)

    assert not asked(address="203.0.113.8")


def test_ten_minutes_later_the_count_begins_again(at):
    asked(6)
    at(NOON + 10 * MINUTE)

    assert not asked(5)
    assert asked()


def test_who_keeps_asking_does_not_make_the_window_longer(at):
    asked(5)
    at(NOON + 10 * MINUTE - SECOND)
    assert asked()
    at(NOON + 10 * MINUTE)

    assert not asked()


def test_the_twenty_first_in_a_day_is_marked_and_stored(at):
    for five in range(4):
        at(NOON + five * HOUR)
        assert not asked(5)
    at(NOON + 4 * HOUR)

    assert asked()
    assert Enquiry.objects.filter(state=State.NEW).count() == 21


def test_the_two_hundred_and_first_in_an_hour_is_marked_whoever_it_is(at):
    assert not any(rate_limits.is_crowded(f"198.51.100.{n}") for n in range(200))

    assert asked()
    assert Enquiry.objects.get().state == State.NEW
    at(NOON + HOUR)
    assert not asked()


def test_the_same_answers_again_are_not_counted_again():
    body = urlencode(answers(), doseq=True)
    for _n in range(9):
        Client().post(FORM, body, content_type="application/x-www-form-urlencoded")

    assert set(Rate.objects.values_list("count", flat=True)) == {1}


def test_a_household_counts_as_one_however_it_changes_its_ipv6_address():
    assert not any(rate_limits.is_crowded(f"2001:db8:1:2::{n}") for n in range(5))

    assert rate_limits.is_crowded("2001:db8:1:2:ffff::1")
    assert not rate_limits.is_crowded("2001:db8:1:3::1")


def test_an_ipv4_address_is_the_same_when_written_as_ipv6():
    assert not any(rate_limits.is_crowded(HOME) for _n in range(5))

    assert rate_limits.is_crowded(f"::ffff:{HOME}")
    assert not rate_limits.is_crowded("::ffff:203.0.113.8")


@pytest.mark.parametrize("address", ["unknown", "fe80::1%eth0", "1.2.3.4:80", "x" * 9999, "\0"])
def test_what_is_no_address_is_counted_too(address):
    assert [rate_limits.is_crowded(address) for _n in range(6)] == [False] * 5 + [True]


def keys():
    return set(Rate.objects.values_list("key", flat=True))


def test_nothing_in_the_table_can_be_followed_to_the_next_day(at):
    asked()
    today = keys()
    at(NOON + 12 * HOUR)
    asked()

    assert len(today) == 4  # the form, two windows of the address, the site
    assert len(keys()) == 8


def test_the_table_says_nothing_of_an_address(at, settings):
    asked()
    mine = keys()
    Rate.objects.all().delete()
    settings.SECRET_KEY = "another" * 10
    asked()

    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in mine)
    assert not mine & keys()  # who has no key cannot make the hashes of all addresses


def in_threads(task, number):
    """What `task(n)` returned for each, from eight connections at once."""

    def run(n):
        try:
            with write():
                return task(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
def test_several_at_once_are_counted_exactly():
    counted = in_threads(lambda n: Rate.count_one({"somebody": HOUR})["somebody"], 80)

    assert sorted(counted) == list(range(1, 81))
    assert Rate.objects.get().count == 80


@pytest.mark.django_db(transaction=True)
def test_several_at_once_from_several_addresses_do_not_block_each_other():
    crowded = in_threads(lambda n: rate_limits.is_crowded(f"192.0.2.{n % 8}"), 80)

    assert crowded.count(False) == 8 * 5
    assert Rate.objects.latest("count").count == 80
