import datetime
import re

import pytest
from django.utils import timezone

from mesosite.enquiries.models import Enquiry, Priority
from mesosite.enquiries.models.states import State
from mesosite.inbox import pagination
from tests.inbox.search_terms import ask

NOW = timezone.now()
ROW = re.compile(r'href="/staff/e/(\w{10})/"')
NEXT = re.compile(r'rel="next" href="(\?after=[^"]+)"')
BOOKED = {"state": State.BOOKED, "visit_at": NOW}
CLOSED = {"state": State.CLOSED, "close_reason": "visited"}
TABS = {
    "/staff/": {},
    "/staff/in-progress/": {"state": State.IN_PROGRESS},
    "/staff/waiting/": {"state": State.WAITING},
    "/staff/booked/": BOOKED,
    "/staff/closed/": CLOSED,
    "/staff/spam/": {"state": State.SPAM},
}


def ago(**time):
    return timezone.now() - datetime.timedelta(**time)


def codes(answer):
    return ROW.findall(answer.content.decode())


@pytest.mark.parametrize("path", TABS)
def test_a_tab_shows_its_own_and_counts_all(desk, path):
    made = {tab: ask(**changes).code for tab, changes in TABS.items()}
    answer = desk.get(path)
    assert codes(answer) == [made[path]]
    assert answer.content.count(b"<b>1</b>") == len(TABS)


@pytest.mark.parametrize("path", TABS)
def test_an_empty_tab_says_so_and_when_it_looked(desk, path):
    answer = desk.get(path).content.decode()
    assert re.search(r"Last checked \d\d:\d\d", answer)
    assert "<ol" not in answer


def test_urgent_first_then_the_longest_waiting(desk):
    late = ask(asked_at=ago(days=2), created_at=ago(days=2))
    new = ask(asked_at=ago(hours=1), created_at=ago(days=3))
    urgent = ask(problem=True)
    assert codes(desk.get("/staff/")) == [urgent.code, late.code, new.code]


def test_booked_stand_by_visit_and_closed_from_the_latest(desk):
    first, second = ask(**BOOKED | {"visit_at": ago(days=1)}), ask(**BOOKED)
    old, new = ask(**CLOSED, state_since=ago(days=9)), ask(**CLOSED)
    assert codes(desk.get("/staff/booked/")) == [first.code, second.code]
    assert codes(desk.get("/staff/closed/")) == [new.code, old.code]


def test_a_row_says_what_is_needed_to_choose_it(desk):
    enquiry = ask(
        problem=True,
        contact={"name": "Aïsha Benali", "contact_by": "phone", "best_time": ["evening"]},
        answers={"questions": [{"id": "a", "text": "One?"}, {"id": "b", "text": "Two?"}]},
        asked_at=ago(hours=2, minutes=5),
    )
    answer = desk.get("/staff/").content.decode()
    for words in [
        "Urgent",
        "2 h",
        "Aïsha Benali",
        enquiry.shown_code,
        "A problem after a treatment, A chemical peel",
    ]:
        assert words in answer
    for words in ["2 questions", "phone call, evening", "Call</p>"]:
        assert words in answer


def test_a_name_is_never_markup(desk):
    ask(contact={"name": "<script>alert(1)</script>{{ 7|add:7 }}"})
    answer = desk.get("/staff/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in answer


@pytest.mark.parametrize("path", TABS)
def test_the_pages_walk_all_rows_once(desk, path, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    same = {"asked_at": NOW, "state_since": NOW}  # equal times: only the id tells rows apart
    made = [ask(priority=i % 2, **TABS[path] | same).code for i in range(7)]
    walked, link = [], ""
    while link is not None:
        answer = desk.get(path + link)
        walked += codes(answer)
        found = NEXT.search(answer.content.decode())
        link = found and found[1]
    assert sorted(walked) == sorted(made)
    assert len(walked) == len(made)


def test_a_page_goes_on_after_rows_that_are_gone(desk, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 1)
    first, second = ask(asked_at=ago(days=2)), ask(asked_at=ago(days=1))
    link = NEXT.search(desk.get("/staff/").content.decode())[1]
    Enquiry.objects.filter(pk=first.pk).update(state=State.SPAM)
    assert codes(desk.get("/staff/" + link)) == [second.code]


@pytest.mark.parametrize("after", ["x", "x:y:z", "1~2", "%00", "9" * 400])
def test_a_made_up_page_is_not_there(desk, after):
    ask()
    assert desk.get(f"/staff/?after={after}").status_code == 404


def test_the_list_asks_the_same_of_the_database_however_long(desk, django_assert_num_queries):
    for _i in range(3):
        ask()
    with django_assert_num_queries(6):  # session, person, rows, failed mails, counts, slots
        desk.get("/staff/")
    Enquiry.objects.bulk_create(Enquiry(priority=Priority.NORMAL) for _i in range(70))
    with django_assert_num_queries(6) as asked:
        desk.get("/staff/")
    assert not any("OFFSET" in query["sql"] for query in asked)


def test_the_mark_of_one_tab_is_not_one_of_another(desk, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 1)
    ask(asked_at=ago(days=2)), ask(asked_at=ago(days=1))
    link = NEXT.search(desk.get("/staff/").content.decode())[1]
    assert desk.get("/staff/closed/" + link).status_code == 404


WAYS_TO_STAND_OUT = {
    "New message": {"has_news": True},
    "Possible duplicate": {"resembles": "another"},
    "Many from one address": {"is_crowded": True},
    "Spam score 3, held from 5 on": {"spam_score": 3},
    "Erased on 3 Mar 2031": {"warned_at": NOW},
}


@pytest.mark.parametrize("words", WAYS_TO_STAND_OUT)
def test_a_row_says_what_stands_out(desk, words, monkeypatch):
    until = datetime.datetime(2031, 3, 3, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr(
        "mesosite.enquiries.maintenance.retention.kept_until", lambda enquiry: until
    )
    plain = ask()
    assert words not in desk.get("/staff/").content.decode()
    changes = WAYS_TO_STAND_OUT[words]
    ask(**{name: plain if value == "another" else value for name, value in changes.items()})
    answer = desk.get("/staff/").content.decode()
    assert [answer.count(f">{mark}</li>") for mark in WAYS_TO_STAND_OUT] == [
        int(mark == words) for mark in WAYS_TO_STAND_OUT
    ]


def test_a_row_says_that_a_mail_failed(desk):
    fine, failed = ask(), ask()
    fine.mails.update(error="451")
    failed.mails.filter(kind="confirmation").update(failed_at=NOW, error="550")
    answer = desk.get("/staff/").content.decode()
    assert answer.count("Mail failed") == 1
    assert answer.index(failed.code) < answer.index("Mail failed")


def test_many_from_one_address_is_said_of_new_ones_alone(desk):
    ask(state=State.WAITING, is_crowded=True)
    assert b"Many from one" not in desk.get("/staff/waiting/").content


def test_a_tab_says_how_many_have_news(desk):
    ask(**BOOKED), ask(**BOOKED, has_news=True)
    ask(state=State.WAITING, has_news=True), ask(state=State.WAITING, has_news=True)
    answer = " ".join(re.sub(r"<[^>]+>", " ", desk.get("/staff/").content.decode()).split())
    assert "Booked 2 1 new message " in answer
    assert "Waiting 2 2 new messages" in answer
    assert answer.count("new message") == 2
