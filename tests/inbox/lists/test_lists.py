import datetime
import re

import pytest
from django.utils import timezone

from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.inbox import pagination
from tests.inbox.asking import ask

NOW = timezone.now()
ROW = re.compile(r'id="e-(\w{10})"')
NEXT = re.compile(r'rel="next" href="(\?after=[^"]+)"')
BOOKED = {"state": State.BOOKED, "visit_at": NOW}
WORKED = {"state": State.IN_PROGRESS}
CLOSED = {"state": State.CLOSED, "close_reason": "visited"}
TABS = {
    "/staff/in-progress/": WORKED,
    "/staff/waiting/": {"state": State.WAITING},
    "/staff/closed/": CLOSED,
    "/staff/spam/": {"state": State.SPAM},
}


def ago(**time):
    return timezone.now() - datetime.timedelta(**time)


def codes(answer):
    return ROW.findall(answer.content.decode())


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("path", TABS)
def test_a_list_shows_its_own_and_the_menu_counts_all(desk, path):
    made = {tab: ask(**changes).code for tab, changes in TABS.items()}
    answer = desk.get(path)
    assert codes(answer) == [made[path]]
    assert "In progress 1 Waiting 1 Closed 1 Spam 1" in words(answer)


@pytest.mark.parametrize("path", TABS)
def test_an_empty_list_says_so_and_when_it_looked(desk, path):
    answer = desk.get(path).content.decode()
    assert re.search(r"Last checked \d\d:\d\d", answer)
    assert "<ol" not in answer


@pytest.mark.parametrize("path", ["/staff/in-progress/", "/staff/waiting/"])
def test_what_has_news_stands_first(desk, path):
    changes = TABS[path]
    first, news = ask(**changes, asked_at=ago(days=2)), ask(**changes, has_news=True)
    assert codes(desk.get(path)) == [news.code, first.code]


def test_closed_stand_from_the_latest(desk):
    old, new = ask(**CLOSED, state_since=ago(days=9)), ask(**CLOSED)
    assert codes(desk.get("/staff/closed/")) == [new.code, old.code]


def test_a_row_says_first_that_there_is_a_problem(desk):
    ask(**WORKED, problem=True)
    answer = desk.get("/staff/in-progress/").content.decode()
    assert "A problem after a treatment, A chemical peel" in answer


def test_a_name_is_never_markup(desk):
    ask(**WORKED, contact={"name": "<script>alert(1)</script>{{ 7|add:7 }}"})
    answer = desk.get("/staff/in-progress/").content.decode()
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


@pytest.mark.parametrize(("news", "sizes"), [(1, [3, 3]), (3, [4, 2])])
def test_what_has_news_takes_its_place_on_the_first_page(desk, monkeypatch, news, sizes):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    made = [ask(**WORKED, has_news=n < news, asked_at=ago(days=9 - n)).code for n in range(6)]
    first = desk.get("/staff/in-progress/")
    second = desk.get("/staff/in-progress/" + NEXT.search(first.content.decode())[1])
    assert [len(codes(first)), len(codes(second))] == sizes
    assert codes(first) + codes(second) == made


def test_a_page_goes_on_after_rows_that_are_gone(desk, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 1)
    first, second = ask(**WORKED, asked_at=ago(days=2)), ask(**WORKED, asked_at=ago(days=1))
    link = NEXT.search(desk.get("/staff/in-progress/").content.decode())[1]
    Enquiry.objects.filter(pk=first.pk).update(state=State.SPAM)
    assert codes(desk.get("/staff/in-progress/" + link)) == [second.code]


@pytest.mark.parametrize("after", ["x", "x:y:z", "1~2", "%00", "9" * 400])
def test_a_made_up_page_is_not_there(desk, after):
    ask(**WORKED)
    assert desk.get(f"/staff/in-progress/?after={after}").status_code == 404


def test_the_mark_of_one_tab_is_not_one_of_another(desk, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 1)
    ask(**WORKED, asked_at=ago(days=2)), ask(**WORKED, asked_at=ago(days=1))
    link = NEXT.search(desk.get("/staff/in-progress/").content.decode())[1]
    assert desk.get("/staff/closed/" + link).status_code == 404


WAYS_TO_STAND_OUT = {
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


OLDER = {
    "content": "a file of the content has a mistake. Tell who edits it: “manage.py",
    "publishing": "newer ones could not be published. Tell who looks after the site: its log says",
}


@pytest.mark.parametrize("reason", OLDER)
def test_staff_read_that_the_pages_are_older_than_the_files(desk, settings, reason):
    settings.NOT_PUBLISHED = reason
    settings.PUBLISHED_DIR = settings.VAR_DIR / "published" / "20261124T101010.500000Z"

    for url in ("/staff/", "/staff/spam/", "/staff/slots/"):
        text = " ".join(desk.get(url).content.decode().split())
        assert f"The pages are those of 24 November: {OLDER[reason]}" in text


def test_they_read_nothing_of_it_where_the_pages_are_the_newest(desk):
    assert "The pages are those of" not in desk.get("/staff/").content.decode()
