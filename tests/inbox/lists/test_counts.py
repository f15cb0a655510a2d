"""The counts of the inbox stop at “1,000+”, and the database reads an index for them, no table."""

import re
from datetime import timedelta

import brotli
import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import AT_WORK, State
from mesosite.inbox import pagination
from mesosite.inbox.models import Absence
from tests.inbox.asking import address, ask, press
from tests.inbox.lists.test_lists import NEXT, TABS, words

SHOWN = {0: "0", 1: "1", 999: "999", 1_000: "1,000", 1_001: "1,000+", 1_100: "1,000+"}
PARTIAL = "enquiry_(owed|open_with_news|next_day|by_owner|for_clinician|unseen_spam)|mail_failed"
"""Indexes of what is open or failed alone, which may be read from their beginning to the limit."""
MAX_QUERIES = 12  # of a page
OF_ONE = 4  # more on the page of a request: who asked before, staff to book with, saved replies
NO_ANSWERS = {"contact": {}, "answers": {}, "link": ""}


def make(number, **values):
    """Enquiries past every rule, in few statements."""
    Enquiry.objects.bulk_create(Enquiry(**NO_ANSWERS | values) for _n in range(number))


def make_slots(number):
    now = timezone.now()
    make(number, state=State.ERASED, erased_at=now, visit_at=now)


@pytest.mark.parametrize(("number", "shown"), SHOWN.items())
def test_the_menu_counts_to_a_thousand(desk, number, shown):
    make(number, state=State.WAITING)
    make(1, state=State.IN_PROGRESS)
    answer = words(desk.get("/staff/spam/"))
    assert f"In progress 1 Waiting {shown} Closed 0" in answer


@pytest.mark.parametrize(("number", "shown"), list(SHOWN.items())[1:])
def test_to_do_counts_likewise(desk, number, shown):
    make(number)
    make(1, state=State.CLOSED, close_reason="visited")
    assert f"({shown}) To do ·" in words(desk.get("/staff/"))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "1 visit was cancelled"),
        (1_000, "1,000 visits were cancelled"),
        (1_001, "1,000+ visits were cancelled"),
    ],
)
def test_slots_to_free_are_counted_likewise(desk, number, shown):
    make_slots(number)
    assert shown in words(desk.get("/staff/"))


def test_the_slots_to_free_stand_on_pages(desk, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    make_slots(5)
    shown, link = [], ""
    while link is not None:
        answer = desk.get("/staff/slots/" + link).content.decode()
        shown += re.findall(r'action="/staff/e/(\w{10})/free/"', answer)
        found = NEXT.search(answer)
        link = found and found[1]
    assert len(shown) == 5
    assert set(shown) == set(Enquiry.objects.values_list("code", flat=True))


def plan(sql):
    """The lines of the database's plan. A small table is not read whole only for being small."""
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"{explain} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


def reads_all(line, sql=""):
    """Whether this step of a plan reads a table of the enquiries whole, sorts, or counts past rows.

    A count that has a filter beside its index reads rows that it does not count.
    """
    if "AS capped" in sql and "Filter:" in line:
        return True
    scans = re.search(rf"^SCAN enquiries_(?!.* INDEX ({PARTIAL})$)|Seq Scan on enquiries_", line)
    return bool(scans or "TEMP B-TREE" in line or re.search(r"\bSort\b", line))


DESK = ["/staff/", "/staff/?who=mine", "/staff/?who=clinician"]


@pytest.mark.parametrize("path", [*DESK, *TABS, "/staff/slots/"])
def test_no_list_reads_a_table_whole_nor_sorts_it(desk, path):
    make(3, state=State.WAITING, has_news=True)
    make(3, state=State.SPAM)
    make(3, answered_at=timezone.now(), next_on="2026-01-01", for_clinician=True)
    make_slots(3)
    with CaptureQueriesContext(connection) as asked:
        desk.get(path)
    about = [query["sql"] for query in asked if 'FROM "enquiries_' in query["sql"]]
    assert about
    assert [(line, sql) for sql in about for line in plan(sql) if reads_all(line, sql)] == []


def test_the_plan_of_a_whole_count_is_told_from_ours(db):
    every = Enquiry.objects.values("state").annotate(number=Count("id"))
    assert any(map(reads_all, plan(str(every.order_by("touched_at").query))))


@pytest.mark.parametrize("path", ["/staff/", "/staff/slots/"])
def test_counts_cost_the_same_number_of_queries_however_many(desk, path):
    with CaptureQueriesContext(connection) as few:
        desk.get(path)
    make(CAP + 1, state=State.NEW, has_news=True)
    make_slots(2)
    with CaptureQueriesContext(connection) as many:
        desk.get(path)
    assert len(few) <= len(many) <= MAX_QUERIES


def is_asked(sql):
    return not any(word in sql for word in ("SAVEPOINT", "SET LOCAL"))


def test_the_pages_of_the_desk_are_small_and_ask_little(desk, receptionist, clinician):
    """At most 12 queries, of one request some more, however many rows; and 20 kB as sent."""
    Absence.objects.create(person=clinician, until=timezone.localdate())
    number, at = "+306912347100", timezone.now() + timedelta(hours=30)
    one = ask(contact={"phone": number})
    for step in ("answer", "note", "take"):
        press(desk, one, step, to="answer" if step == "answer" else "note", text=step)
        one.refresh_from_db()
    for state in (*AT_WORK, State.BOOKED, State.CLOSED, State.SPAM):
        reason = "visited" if state == State.CLOSED else ""
        given = {"state": state, "visit_at": at, "close_reason": reason}
        for owner in (receptionist, clinician) * 3:
            ask(contact={"phone": number}, owner=owner, **given)
    for path in pages(desk, one):
        asked = queries_of(desk, path)
        more = OF_ONE if path == address(one) else 0
        assert len(asked) <= MAX_QUERIES + more, (path, asked)


def pages(desk, one):
    find = [desk.post("/staff/find/", {"text": typed})["Location"] for typed in ("347100", "papa")]
    return [*DESK, *TABS, "/staff/slots/", "/staff/visits/", *find, address(one)]


def queries_of(desk, path):
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(path)
    assert answer.status_code == 200
    assert len(brotli.compress(answer.content, quality=4)) <= 20_000
    return [query["sql"] for query in asked if is_asked(query["sql"])]
