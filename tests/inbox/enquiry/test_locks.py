"""A request that must be kept: neither its patient nor the clock erases it before the day."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from mesosite.enquiries import rights
from mesosite.enquiries.digits import opened
from mesosite.enquiries.maintenance import retention
from mesosite.enquiries.models import Enquiry, Entry, LockedError, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.inbox.accounts import make_login
from tests.inbox.asking import Browser, address, ask, kept

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)
LOCKED = {"locked_until": SOON, "lock_reason": "claim"}


def take_back(enquiry, **data):
    return Browser().post(f"/consultation/r/{opened(enquiry)}/withdraw/", {"erase": "yes"} | data)


def test_a_manager_locks_with_a_reason_and_a_day(office):
    enquiry = ask()
    assert "Lock this request?" in office.get(address(enquiry, "lock/")).content.decode()

    office.post(address(enquiry, "lock/"), {"reason": "law", "until": SOON.isoformat()})

    enquiry.refresh_from_db()
    assert (enquiry.lock_reason, enquiry.locked_until) == ("law", SOON)
    page = office.get(address(enquiry)).content.decode()
    assert f"Locked until {SOON.day} {SOON:%B %Y}: The law has us keep it." in page
    assert "/erase/" not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reason": "", "until": SOON.isoformat()}, "Choose why it is locked."),
        ({"reason": "spite", "until": SOON.isoformat()}, "Select a valid choice"),
        ({"reason": "law", "until": ""}, "Give the day."),
        ({"reason": "law", "until": "soon"}, "Give a day, such as 24.12.2026."),
        ({"reason": "law", "until": "1.2.2003"}, "This day is over."),
        ({"reason": "law", "until": "1.2.2099"}, "more than ten years away"),
    ],
)
def test_a_lock_that_says_too_little_is_refused_in_words(office, data, words):
    enquiry = ask()
    before = kept(enquiry)
    answer = office.post(address(enquiry, "lock/"), data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert kept(enquiry) == before


@pytest.mark.parametrize("step", ["lock/", "unlock/", "copy/"])
def test_reception_neither_locks_nor_unlocks_nor_copies(desk, step):
    enquiry = ask(**LOCKED)
    before = kept(enquiry)

    assert desk.post(address(enquiry, step), {"reason": "law", "until": "x"}).status_code == 403
    assert kept(enquiry) == before


def test_its_patient_reads_why_and_until_when_and_can_still_write():
    enquiry = ask(**LOCKED)
    before = kept(enquiry)

    page = Client().get(f"/consultation/r/{opened(enquiry)}/withdraw/")
    tried = take_back(enquiry)

    assert (page.status_code, tried.status_code) == (200, 409)
    for answer in (page, tried):
        words = answer.content.decode()
        assert f"Locked: we must keep this until {SOON.day} {SOON:%B %Y}" in words
        assert "A complaint or a claim is open" in words
        assert re.search(rf"/consultation/r/{enquiry.link}[^/]*/message/", words)
    assert kept(enquiry) == before


def test_it_ends_with_its_day(office):
    enquiry = ask(locked_until=TODAY - timedelta(days=1), lock_reason="law")

    assert "/erase/" in office.get(address(enquiry)).content.decode()
    assert take_back(enquiry).status_code == 302
    assert Enquiry.objects.get().state == State.ERASED


def test_a_manager_unlocks(office):
    enquiry = ask(**LOCKED)
    assert "Unlock this request?" in office.get(address(enquiry, "unlock/")).content.decode()

    office.post(address(enquiry, "unlock/"))

    assert take_back(enquiry).status_code == 302
    assert not Enquiry.objects.exclude(state=State.ERASED).exists()


def test_staff_do_not_erase_it(office):
    enquiry = ask(**LOCKED)
    answer = office.post(address(enquiry, "erase/"), {"reason": "asked"}, follow=True)

    assert "unlock it first" in answer.content.decode()
    assert Enquiry.objects.get().state == State.NEW


def test_the_clock_does_not_erase_it_before_and_does_after():
    old = timezone.now() - timedelta(days=900)
    enquiry = ask(state=State.CLOSED, close_reason="against", state_since=old, **LOCKED)

    assert retention.kept_until(enquiry).date() == SOON
    assert retention.purge() == []
    later = timezone.now() + timedelta(days=32)
    Enquiry.objects.update(locked_until=TODAY - timedelta(days=1))
    assert [expiry.code for expiry in retention.purge(later)] == [enquiry.code]


def test_nobody_is_warned_of_what_is_not_erased():
    ask(touched_at=timezone.now() - timedelta(days=85), **LOCKED)
    assert not retention.to_warn(timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_lock_and_a_withdrawal_at_once_one_happens_and_the_other_is_told():
    manager = make_login("anna@clinic.example", roles=["manager"])
    begin = Barrier(2)

    def at_once(act):
        begin.wait()
        try:
            act()
        except (LockedError, StaleChange, Enquiry.DoesNotExist) as error:
            return type(error)
        finally:
            connection.close()

    for n in range(4):
        enquiry = ask(contact={"name": f"Person {n}"})
        row = Enquiry.objects.get(pk=enquiry.pk)
        lock = partial(rights.lock, row, by=manager, reason="law", until=SOON)
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(at_once, act) for act in (lock, partial(actions.withdraw, enquiry))]
        told = [future.result() for future in both]
        row.refresh_from_db()

        assert told.count(None) == 1, told
        if told[0] is None:
            assert (row.state, row.is_locked, told[1]) == (State.NEW, True, LockedError)
            assert row.timeline.last().kind == Entry.Kind.LOCKED
        else:
            assert (row.state, row.locked_until, told[0]) == (State.ERASED, None, StaleChange)
