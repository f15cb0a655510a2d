"""The counts of the inbox stop at “1,000+”, and the database reads an index for them, no table."""

import re

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.queryset import CAP
from mesosite.enquiries.models.states import State
from mesosite.inbox import pagination
from tests.inbox.test_lists import NEXT, TABS

SHOWN = {0: "0", 1: "1", 999: "999", 1_000: "1,000", 1_001: "1,000+", 1_100: "1,000+"}
NO_ANSWERS = {"contact": {}, "answers": {}, "link": ""}


def make(number, **values):
    """Enquiries past every rule, in few statements."""
    Enquiry.objects.bulk_create(Enquiry(**NO_ANSWERS | values) for _n in range(number))


def make_slots(number):
    now = timezone.now()
    make(number, state=State.ERASED, erased_at=now, visit_at=now)


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(("number", "shown"), SHOWN.items())
def test_a_tab_counts_to_a_thousand(desk, number, shown):
    make(number, state=State.WAITING)
    make(1, state=State.IN_PROGRESS)
    answer = words(desk.get("/staff/spam/"))
    assert f"In progress 1 Waiting {shown} Booked 0" in answer
    assert "new message" not in answer


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "1 new message "),
        (1_000, "1,000 new messages "),
        (1_001, "1,000+ new messages "),
    ],
)
def test_news_are_counted_likewise(desk, number, shown):
    make(number, state=State.IN_PROGRESS, has_news=True)
    make(1, state=State.WAITING)
    assert f" {shown}Waiting 1 Booked" in words(desk.get("/staff/spam/"))


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
    assert shown in words(desk.get("/staff/spam/"))


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
    scans = re.search(r"^SCAN enquiries_|Seq Scan on enquiries_", line)
    return bool(scans or "TEMP B-TREE" in line or re.search(r"\bSort\b", line))


@pytest.mark.parametrize("path", [*TABS, "/staff/slots/"])
def test_no_list_reads_a_table_whole_nor_sorts_it(desk, path):
    make(3, state=State.WAITING, has_news=True)
    make_slots(3)
    with CaptureQueriesContext(connection) as asked:
        desk.get(path)
    about = [query["sql"] for query in asked if 'FROM "enquiries_' in query["sql"]]
    assert len(about) >= 3
    assert [line for sql in about for line in plan(sql) if reads_all(line, sql)] == []


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
    assert len(few) <= len(many) <= 7
