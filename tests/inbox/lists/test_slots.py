"""Visits that patients cancelled: their times stay listed until staff have freed them."""

import datetime

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from mesosite.enquiries.models import Enquiry, Entry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.pages.catalogue import clinic
from tests.inbox.asking import ask, erased, kept

AT = datetime.datetime(2031, 12, 1, 14, 30, tzinfo=clinic().tz)
SLOTS = "/staff/slots/"


def cancelled(at=AT):
    return erased(ask(state=State.BOOKED, visit_at=at), cancel_visit=True)


def free(desk, enquiry):
    return desk.post(f"/staff/e/{enquiry.code}/free/")


def test_a_cancelled_visit_is_listed_at_the_clinics_time(desk):
    later, enquiry = cancelled(AT + datetime.timedelta(days=1)), cancelled()
    page = desk.get(SLOTS).content.decode()
    assert "1 Dec 2031, 14:30" in page
    assert page.index(enquiry.shown_code) < page.index(later.shown_code)


def test_to_do_leads_there_while_there_is_one(desk):
    assert b"cancelled" not in desk.get("/staff/").content
    cancelled()
    assert b"1 visit was cancelled: free its slot" in desk.get("/staff/").content
    cancelled()
    assert b"2 visits were cancelled: free their slots" in desk.get("/staff/").content


def test_a_freed_slot_is_ticked_off_and_keeps_who_did_it(desk, receptionist):
    enquiry, other = cancelled(), cancelled()
    answer = free(desk, enquiry)
    assert (answer.status_code, answer["Location"]) == (302, SLOTS)
    enquiry.refresh_from_db(), other.refresh_from_db()
    assert (enquiry.visit_at, other.visit_at) == (None, AT)
    entry = enquiry.timeline.get()
    assert (entry.kind, entry.person) == (Entry.Kind.FREED, receptionist)
    assert enquiry.shown_code not in desk.get(SLOTS).content.decode()
    page = desk.get(f"/staff/e/{enquiry.code}/").content.decode()
    assert page.index("Slot freed") < page.index("Eleni Kosta", page.index("Slot freed"))


def test_freed_by_two_is_freed_once(desk):
    enquiry = cancelled()
    free(desk, enquiry)
    before = kept(enquiry)
    assert free(desk, enquiry).status_code == 302
    assert kept(enquiry) == before


def test_freed_in_the_same_moment_is_freed_once(receptionist):
    enquiry = cancelled()
    same = type(enquiry).objects.get(pk=enquiry.pk)
    same.free_slot(by=receptionist)
    with pytest.raises(StaleChange):
        enquiry.free_slot(by=receptionist)
    assert enquiry.timeline.count() == 1


def test_a_visit_that_is_not_cancelled_stays(desk):
    enquiry = ask(state=State.BOOKED, visit_at=AT)
    before = kept(enquiry)
    free(desk, enquiry)
    assert kept(enquiry) == before


def test_a_tombstone_without_a_visit_is_no_slot(desk):
    erased(ask(state=State.BOOKED, visit_at=AT))
    assert b"No slot to free." in desk.get(SLOTS).content


def test_a_time_that_is_over_says_so(desk):
    cancelled(timezone.now() + datetime.timedelta(days=1))
    Enquiry.objects.update(visit_at=datetime.datetime(2020, 1, 1, 9, tzinfo=clinic().tz))
    assert b"This time is over." in desk.get(SLOTS).content


def test_a_slot_freed_before_it_had_a_kind_of_its_own_gets_it(desk, receptionist):
    """Its entry was "read" then, which stays for what was read."""
    enquiry, spam = cancelled(), ask(state=State.SPAM)
    free(desk, enquiry)
    spam.mark_read(by=receptionist)
    Entry.objects.filter(kind=Entry.Kind.FREED).update(kind=Entry.Kind.READ)
    migrations = MigrationLoader(connection).disk_migrations
    _schema, data = next(m for (_app, name), m in migrations.items() if "freed" in name).operations

    data.code(apps, None)
    assert enquiry.timeline.get().kind == Entry.Kind.FREED
    assert spam.timeline.last().kind == Entry.Kind.READ

    data.reverse_code(apps, None)
    assert enquiry.timeline.get().kind == Entry.Kind.READ
