"""To do: one list under headings, the most pressing first, with a verb that does it."""

import datetime
import re
import time

import pytest
from django.utils import timezone

from mesosite.enquiries.models import OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.http import sessions
from mesosite.inbox import pagination
from mesosite.inbox.accounts import make_login
from mesosite.pages.catalogue import clinic
from tests.inbox.asking import Browser, ask, press
from tests.inbox.lists.test_lists import codes, words

# A Thursday, 12:00 in Athens.
NOW = datetime.datetime(2026, 11, 26, 10, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 26)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
ANSWERED = {"answered_at": NOW - DAY, "state": State.IN_PROGRESS}
SECTION = re.compile(r'<h2 id="s-(\w+)">')
CALLS = {"phone": "+306912347138", "contact_by": "phone"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page(desk, query=""):
    return desk.get(f"/staff/{query}").content.decode()


def sections(desk, query=""):
    """{heading: names of the rows under it}."""
    parts = SECTION.split(page(desk, query))[1:]
    names = re.compile(r'desk-row__name"[^>]*><bdi>([^<]+)')
    return dict(zip(parts[::2], map(names.findall, parts[1::2]), strict=True))


def named(name, **changes):
    given = {"due_at": None, "asked_at": NOW - HOUR} | changes
    return ask(contact={"name": name} | given.pop("contact", {}), **given)


PLACES = {
    "urgent": {"priority": 0, "due_at": NOW + HOUR},
    "urgent, late, put off": {"priority": 0, "due_at": NOW - HOUR, "next_on": TODAY + DAY},
    "late": {"due_at": NOW - HOUR},
    "late, put off to yesterday": {"due_at": NOW - HOUR, "next_on": TODAY - DAY},
    "late, with news": {"due_at": NOW - HOUR, "has_news": True},
    "late, at work": {"due_at": NOW - HOUR, "state": State.IN_PROGRESS},
    "wrote": {"has_news": True, "state": State.IN_PROGRESS, "due_at": NOW + 3 * DAY},
    "wrote, booked": {"has_news": True, "state": State.BOOKED, "visit_at": NOW + DAY},
    "due today": {"due_at": NOW + HOUR},
    "put off to today": {"due_at": NOW - HOUR, "next_on": TODAY},
    "comes back today": ANSWERED | {"next_on": TODAY},
    "asks again": ANSWERED | {"state": State.WAITING, "next_on": TODAY - DAY},
    "visit was yesterday": {"state": State.BOOKED, "visit_at": NOW - DAY, "answered_at": NOW},
    "nothing promised, at work": {"state": State.IN_PROGRESS},
    "handed over": {"due_at": NOW + DAY, "state": State.IN_PROGRESS, "for_clinician": True},
    "new": {"due_at": NOW + DAY},
    "new, nothing promised": {},
}
HEADING = {"wrote": "news", "due": "today", "put": "today", "comes": "today", "asks": "today"}
HEADING |= {"visit": "today", "nothing": "today", "handed": "today"}
NOT_NOW = {
    "put off": {"due_at": NOW - HOUR, "next_on": TODAY + DAY},
    "answered urgent": ANSWERED | {"priority": 0, "next_on": TODAY + DAY},
    "due tomorrow, at work": {"due_at": NOW + DAY, "state": State.IN_PROGRESS},
    "visit today": {"state": State.BOOKED, "visit_at": NOW - HOUR, "answered_at": NOW},
    "closed": {"state": State.CLOSED, "close_reason": "visited", "due_at": NOW - HOUR},
    "spam": {"state": State.SPAM, "due_at": NOW - HOUR, "seen_at": NOW},
}


@pytest.mark.parametrize("name", PLACES)
def test_each_stands_under_its_heading(desk, name):
    named(name, **PLACES[name])
    heading = re.split(r"\W", name)[0]
    assert sections(desk) == {HEADING.get(heading, heading): [name]}


def test_what_is_not_for_now_is_not_there(desk):
    for name, changes in NOT_NOW.items():
        named(name, **changes)
    assert sections(desk) == {}
    assert "Nothing to do now." in page(desk)


def test_the_headings_stand_in_order_and_the_title_counts(desk):
    for name, changes in reversed(PLACES.items()):
        named(name, **changes)
    found = sections(desk)
    assert list(found) == ["urgent", "late", "news", "today", "new"]
    assert sum(map(len, found.values())) == len(PLACES)
    assert f"<title>({len(PLACES)}) To do · " in page(desk)


def test_the_longest_due_stands_first(desk):
    named("B", due_at=NOW - HOUR), named("A", due_at=NOW - DAY), named("C", due_at=NOW - HOUR / 2)
    assert sections(desk) == {"late": ["A", "B", "C"]}


def test_mine_and_what_is_for_a_clinician(desk, receptionist):
    nikos = make_login("nikos@clinic.example", name="Nikos")
    named("Hers", owner=receptionist), named("His", owner=nikos)
    named("Asked", for_clinician=True), named("Free")
    assert sections(desk, "?who=mine") == {"new": ["Hers"]}
    assert sections(desk, "?who=clinician") == {"today": ["Asked"]}
    said = words(desk.get("/staff/"))
    assert [said.count(f"· {who} ") for who in ("You", "Nikos", "For a clinician", "Nobody")] == [
        *[1] * 4
    ]


WORDS = {
    "late since Wed 12:00": {"due_at": NOW - DAY},
    "late since today 11:00": {"due_at": NOW - HOUR},
    "by today 13:00": {"due_at": NOW + HOUR},
    "by Fri 27 Nov, 12:00": {"due_at": NOW + DAY},
    "call again today, afternoon": {
        "due_at": NOW - HOUR,
        "next_on": TODAY,
        "next_part": "afternoon",
    },
    "ask again today": ANSWERED | {"next_on": TODAY},
    "wrote 12 min ago": {"has_news": True, "asked_at": NOW - HOUR / 5, "state": State.IN_PROGRESS},
    "visit was Wed 25 Nov, 12:00": {"state": State.BOOKED, "visit_at": NOW - DAY}
    | {"answered_at": NOW},
    "asked 1 h ago": {},
}


@pytest.mark.parametrize("said", WORDS)
def test_a_row_says_when(desk, said):
    named("Aisha", **WORDS[said])
    assert said in words(desk.get("/staff/"))


VERBS = [
    ({"contact": CALLS}, "Call", "tel:+306912347138"),
    ({"contact": CALLS | {"contact_by": "either"}}, "Call", "tel:+306912347138"),
    ({"contact": CALLS | {"contact_by": "text"}}, "Text", "sms:+306912347138?body=Hello%20Aisha"),
    ({"contact": {"contact_by": "email"}}, "Answer", "/staff/e/{}/?as=answer#work"),
    ({"contact": CALLS | {"contact_by": "email"}, "priority": 0}, "Call", "tel:+306912347138"),
    ({"contact": CALLS, "has_news": True}, "Read", "/staff/e/{}/#new"),
]


@pytest.mark.parametrize(("changes", "verb", "url"), VERBS)
def test_a_row_has_a_verb_that_does_it(desk, changes, verb, url):
    enquiry = named("Aisha", **changes)
    (href, label) = re.findall(r'desk-row__do[^"]*" href="([^"]+)">(\w+)', page(desk))[0]
    assert label == verb
    assert href.startswith(url.format(enquiry.code))


def test_a_row_tells_two_of_one_name_apart(desk):
    named("Aisha", contact=CALLS)
    assert "Aisha ··7138" in words(desk.get("/staff/"))


def test_a_text_names_neither_clinic_nor_health(desk):
    enquiry = ask(contact=CALLS | {"contact_by": "text"}, problem=True)
    shown = desk.get(f"/staff/e/{enquiry.code}/").content.decode()
    (href,) = re.findall(r'href="(sms:[^"]+)"', shown)
    body = href.lower()
    assert not [word for word in ("clinic", "acne", "scar", "treat", "problem") if word in body]


def test_what_is_held_and_what_failed_stand_above_only_while_it_is_so(desk):
    assert "desk-alert" not in page(desk)
    held = ask(suspect=True, answers={"message": "Buy my pills today"})
    failed = named("Aisha")
    OutgoingMail.objects.filter(enquiry=failed, kind="confirmation").update(failed_at=NOW)
    said = words(desk.get("/staff/"))
    assert "1 request is held as spam: look at it" in said
    assert "Buy my pills today" in said
    assert "Aisha : a mail could not be delivered. Call, or check the address." in said

    press(desk, held, "read")
    failed.refresh_from_db()
    press(desk, failed, "spoke")
    OutgoingMail.objects.filter(enquiry=failed).update(failed_at=NOW - DAY)
    assert "desk-alert" not in page(desk)


def test_a_full_list_goes_on_by_pages(desk, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    made = {named(f"P{n}").code for n in range(5)}
    walked = [code for n in (1, 2, 3) for code in codes(desk.get(f"/staff/?page={n}"))]
    assert (set(walked), len(walked)) == (made, 5)
    assert 'rel="next" href="?page=2"' in page(desk)
    assert 'rel="next"' not in page(desk, "?page=3")


@pytest.mark.parametrize("query", ["?page=x", "?page=0", "?page=-1", "?page=²", "?who=x"])
def test_a_made_up_page_is_the_first(desk, query):
    enquiry = named("Aisha")
    assert codes(desk.get(f"/staff/{query}")) == [enquiry.code]


def test_the_script_asks_for_what_came_since(desk, monkeypatch):
    named("Old")
    address = re.findall(r'data-since="([^"]+)"', page(desk))[0].replace("&amp;", "&")
    assert desk.get(address).json() == {"n": 0}
    monkeypatch.setattr(timezone, "now", lambda: NOW + HOUR)
    named("Aisha", asked_at=NOW + HOUR / 2), named("Later", asked_at=NOW + HOUR / 2)
    assert desk.get(address).json() == {"n": 2}
    assert desk.get("/staff/newer/?since=made-up").status_code == 404


def test_asking_for_news_is_no_activity_of_a_person(desk):
    address = re.findall(r'data-since="([^"]+)"', page(desk))[0].replace("&amp;", "&")
    session = desk.session
    session["seen_at"] = before = time.time() - 2 * sessions.SAVED_EVERY
    session.save()
    desk.get(address)
    assert desk.session["seen_at"] == before
    desk.get("/staff/")
    assert desk.session["seen_at"] > before


def test_the_script_is_small():
    from mesosite.settings import BASE_DIR

    assert len((BASE_DIR / "static/js/newer.js").read_bytes()) <= 2000


def test_after_a_step_the_list_says_what_was_done_and_what_is_next(desk):
    first, second = named("Aisha", due_at=NOW - DAY), named("Siân", due_at=NOW - HOUR)
    named("Third")
    answer = press(desk, first, "book", visit_at="2026-12-07T09:30", back="/staff/")
    assert answer["Location"] == f"/staff/#e-{second.code}"
    said = words(desk.get("/staff/"))
    assert re.search(
        r"Aisha : booked for Monday 7 December, 09:30. It reaches the patient at \d\d:", said
    )
    assert "Undo Send now Next: Siân" in said
    # Only its own desk sees it.
    other = Browser()
    other.force_login(make_login("nikos@clinic.example"))
    assert "booked for" not in words(other.get("/staff/"))


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/staff/?who=mine", "/staff/?who=mine"),
        ("/staff/waiting/", "/staff/waiting/"),
        ("https://evil.example/staff/", "/staff/"),
        ("//evil.example/staff/", "/staff/"),
        ("/staff/logout/", "/staff/"),
        ("/consultation/", "/staff/"),
        ("", "/staff/"),
    ],
)
def test_a_step_leads_back_to_the_list_that_it_came_from(desk, back, leads):
    answer = press(desk, named("Aisha"), "take", back=back)
    assert answer["Location"] == leads


def test_undo_puts_the_words_back_into_the_box(desk):
    enquiry = named("Aisha")
    press(desk, enquiry, "answer", to="answer", text="Come on Monday")
    (entry,) = re.findall(r'name="entry" value="(\d+)"', page(desk))
    answer = desk.post(f"/staff/e/{enquiry.code}/undo/", {"entry": entry})
    assert answer["Location"] == f"/staff/e/{enquiry.code}/"
    shown = desk.get(answer["Location"]).content.decode()
    assert "Come on Monday</textarea>" in shown
    assert re.search(r'value="answer"[^>]*checked', shown)
    assert "Undone. Nothing of it left the clinic." in shown
    assert not enquiry.replies.exists()
    assert not enquiry.mails.filter(kind="answer").exists()


def test_send_now_ends_the_wait(desk):
    enquiry = named("Aisha")
    press(desk, enquiry, "answer", to="answer", text="Come on Monday")
    (entry,) = re.findall(r'name="entry" value="(\d+)"', page(desk))
    desk.post(f"/staff/e/{enquiry.code}/send/", {"entry": entry})
    assert enquiry.mails.get(kind="answer").next_try_at == NOW
    assert "Undo" not in page(desk)


@pytest.mark.parametrize("step", ["undo", "send"])
@pytest.mark.parametrize("entry", ["", "0", "x", "²", "99999999999999999999999"])
def test_a_made_up_entry_undoes_nothing(desk, step, entry):
    enquiry = named("Aisha")
    press(desk, enquiry, "take")
    answer = desk.post(f"/staff/e/{enquiry.code}/{step}/", {"entry": entry}, follow=True)
    assert answer.status_code == 200
    enquiry.refresh_from_db()
    assert enquiry.owner is not None


def test_an_entry_of_another_request_is_not_undone_here(desk):
    one, other = named("Aisha"), named("Siân")
    press(desk, one, "take")
    entry = one.timeline.last()
    desk.post(f"/staff/e/{other.code}/undo/", {"entry": entry.pk})
    one.refresh_from_db()
    assert one.owner is not None


def test_the_day_of_work_follows_the_hours(desk, monkeypatch):
    """Thursday's tomorrow is Monday where the clinic is closed from Friday to Sunday."""
    hours = dict.fromkeys(range(4), ((datetime.time(9), datetime.time(17)),))
    monkeypatch.setitem(vars(clinic()), "hours", hours)
    enquiry = named("Aisha", contact=CALLS | {"best_time": ["afternoon"]})
    answer = desk.get(f"/staff/e/{enquiry.code}/")
    assert answer.status_code == 200, answer.headers
    shown = answer.content.decode()
    assert "Mon 30 Nov, afternoon</button>" in shown
    assert "Later today, afternoon</button>" in shown
    press(desk, enquiry, "no_answer.tomorrow")
    enquiry.refresh_from_db()
    assert (enquiry.next_on, enquiry.next_part) == (datetime.date(2026, 11, 30), "afternoon")
