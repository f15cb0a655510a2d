"""The visits by day, and the form that books, moves and cancels them."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from mesosite.enquiries import visits
from mesosite.enquiries.models import Enquiry, Visit
from mesosite.enquiries.models.states import State
from mesosite.inbox.accounts import make_login
from mesosite.inbox.lists import visits as lists_visits
from tests.enquiries.conftest import WORKDAY
from tests.inbox.asking import address, ask, erased, press

ATHENS = ZoneInfo("Europe/Athens")
TODAY = datetime.datetime.now(datetime.UTC).date()
MONDAY = TODAY + datetime.timedelta(days=35 - TODAY.weekday())
SATURDAY = MONDAY + datetime.timedelta(days=5)


def clock_change(month):
    """The last Sunday of a month to come, on which Europe's clocks change."""
    year = TODAY.year + (TODAY.month >= month)
    last = datetime.date(year, month, 31)
    return last - datetime.timedelta(days=(last.weekday() + 1) % 7)


@pytest.fixture(autouse=True)
def _clinic(as_clinic):
    as_clinic(hours=dict.fromkeys(range(5), WORKDAY))


@pytest.fixture
def nikos():
    return make_login("nikos@clinic.example", name="Nikos P.", roles=["clinician"])


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def book(desk, enquiry, at, step="book", **given):
    return press(desk, enquiry, step, visit_at=at, **given)


def near(hours):
    """A visit so many hours from this noon, in the clinic's zone."""
    noon = timezone.localtime(timezone=ATHENS).replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + datetime.timedelta(hours=hours)


def test_the_days_stand_one_after_the_other(desk, nikos):
    for name, hours in [("Late", 48), ("Early", 24)]:
        contact = {"name": name, "phone": "+306912345678"}
        ask(contact=contact, state=State.BOOKED, visit_at=near(hours))
    Visit.objects.filter(enquiry__visit_at=near(24)).update(minutes=45, person=nikos)

    page = words(desk.get("/staff/visits/"))

    assert re.search(
        r"Tomorrow, .* 12:00 Early ··5678 45 min · with Nikos P\. .* Late ··5678", page
    )


def test_later_visits_stand_on_further_pages_each_once(desk, monkeypatch):
    monkeypatch.setattr(lists_visits, "SHOWN", 2)
    made = [ask(state=State.BOOKED, visit_at=near(24 * n)).code for n in (1, 2, 2)]
    made += [erased(ask(state=State.BOOKED, visit_at=near(60))).code]
    made += [ask(state=State.BOOKED, visit_at=near(24 * n)).code for n in (3, 3)]
    shown, link = [], ""
    while link is not None:
        page = desk.get("/staff/visits/" + link).content.decode()
        shown += re.findall(r'id="e-(\w{10})"', page)
        later = re.search(r'href="(\?page=\d)">Later visits', page)
        link = later and later[1]

    assert shown == made
    assert "No visit is booked." in words(desk.get("/staff/visits/?page=9"))


def test_what_was_is_not_shown_and_nothing_says_so(desk):
    ask(state=State.BOOKED, visit_at=near(-48))

    assert "No visit is booked." in words(desk.get("/staff/visits/"))


def test_who_took_the_request_back_and_comes_is_named_by_code_alone(desk):
    gone = erased(ask(contact={"name": "Ana"}, state=State.BOOKED, visit_at=near(24)))

    page = words(desk.get("/staff/visits/"))

    assert f"Somebody still comes {gone.shown_code}" in page
    assert "Ana" not in page
    assert f"Somebody still comes {gone.shown_code}" in words(
        desk.get(f"/staff/visits/{near(24):%Y-%m-%d}/")
    )


def test_a_day_is_printed_with_time_name_digits_and_person(desk, nikos):
    contact = {"name": "Ana <b>P</b>", "phone": "+306912345678"}
    ask(contact=contact, state=State.BOOKED, visit_at=near(24))
    ask(contact={"name": "Another day"}, state=State.BOOKED, visit_at=near(48))
    Visit.objects.update(person=nikos)

    answer = desk.get(f"/staff/visits/{near(24):%Y-%m-%d}/")

    assert "12:00 Ana &lt;b&gt;P&lt;/b&gt; ··5678 Nikos P." in words(answer)
    assert "Printed by Eleni Kosta" in words(answer)
    assert "Another day" not in words(answer)


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "x", "9999-12-31", "20261207"])
def test_a_day_that_is_none_is_not_there(desk, day):
    assert desk.get(f"/staff/visits/{day}/").status_code == (200 if day == "20261207" else 404)


def test_a_visit_is_booked_with_length_and_person(desk, nikos):
    enquiry = ask()

    answer = book(desk, enquiry, f"{MONDAY}T14:30", minutes="45", person=nikos.pk)

    assert answer.status_code == 302
    visit = visits.standing(enquiry)
    assert f"{timezone.localtime(visit.at, ATHENS):%Y-%m-%dT%H:%M}" == f"{MONDAY}T14:30"
    assert (visit.minutes, visit.person) == (45, nikos)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (f"{SATURDAY}T10:00", f"We are closed on {SATURDAY:%A %-d %B}. Book all the same?"),
        (f"{MONDAY}T08:00", "We are closed at that time. Book all the same?"),
        (f"{MONDAY}T16:45", "We are closed at that time. Book all the same?"),
        (f"{MONDAY}T10:15", "Nikos P. has another visit at 10:00. Book all the same?"),
        (f"{MONDAY}T09:45", "Nikos P. has another visit at 10:00. Book all the same?"),
    ],
)
def test_what_speaks_against_it_is_said_and_booked_all_the_same(desk, nikos, at, said):
    book(desk, ask(contact={"name": "First"}), f"{MONDAY}T10:00", minutes="30", person=nikos.pk)
    enquiry = ask()
    given = {"minutes": "30", "person": nikos.pk, "text": "She called"}

    refused = book(desk, enquiry, at, **given)

    assert refused.status_code == 422
    assert said in words(refused)
    assert "She called" in words(refused)
    assert 'name="all_the_same"' in refused.content.decode()
    assert not enquiry.visits.exists()
    assert book(desk, enquiry, at, **given, all_the_same="on").status_code == 302
    assert enquiry.visits.count() == 1


@pytest.mark.parametrize("at", [f"{MONDAY}T10:30", f"{MONDAY}T09:30"])
def test_one_after_the_other_speaks_against_nothing(desk, nikos, at):
    book(desk, ask(contact={"name": "First"}), f"{MONDAY}T10:00", minutes="30", person=nikos.pk)

    assert book(desk, ask(), at, minutes="30", person=nikos.pk).status_code == 302


@pytest.mark.parametrize("at", [f"{clock_change(3)}T03:30", f"{clock_change(10)}T03:30"])
def test_a_time_that_no_clock_shows_or_one_shows_twice_is_refused(desk, at):
    enquiry = ask()

    assert book(desk, enquiry, at).status_code == 422
    assert not enquiry.visits.exists()


@pytest.mark.parametrize(
    "given", [{"minutes": "7"}, {"minutes": "x"}, {"person": "0"}, {"person": "x"}]
)
def test_what_no_button_offers_is_refused(desk, given):
    enquiry = ask()

    assert book(desk, enquiry, f"{MONDAY}T14:30", **given).status_code == 422
    assert not enquiry.visits.exists()


def test_a_visit_is_moved_from_the_list_with_one_date_and_cancelled(desk):
    enquiry = ask(state=State.BOOKED, visit_at=near(24))
    page = desk.get("/staff/visits/").content.decode()
    move = f"{address(enquiry)}?as=move#work"
    assert move in page
    form = desk.get(move).content.decode()
    assert f'value="{near(24):%Y-%m-%dT%H:%M}"' in form

    book(desk, enquiry, f"{MONDAY}T11:00", step="move_visit")

    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.visits.count()) == (State.BOOKED, 2)
    assert f"{timezone.localtime(enquiry.visit_at, ATHENS):%Y-%m-%dT%H:%M}" == f"{MONDAY}T11:00"
    press(desk, enquiry, "cancel_visit")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.visit_at) == (State.IN_PROGRESS, None)


@pytest.mark.parametrize(
    ("step", "at", "subject"),
    [("move_visit", f"{MONDAY}T11:00", "is moved to"), ("cancel_visit", None, "is cancelled")],
)
def test_a_changed_visit_says_when_the_patient_learns_of_it_and_is_sent_at_once(
    desk, step, at, subject
):
    enquiry = ask(state=State.BOOKED, visit_at=near(24))
    before = visits.as_patient_sees(enquiry)
    given = {"visit_at": at} if at else {}
    done = press(desk, enquiry, step, back="/staff/visits/", **given)
    page = desk.get(done["Location"])
    entry = enquiry.timeline.last()
    (mail,) = enquiry.mails.filter(kind="visit")

    final = timezone.localtime(entry.final_at, ATHENS)
    assert f"It reaches the patient at {final:%H:%M}. Undo Send now" in words(page)
    assert mail.next_try_at == entry.final_at
    assert visits.as_patient_sees(enquiry) == before

    desk.post(address(enquiry, "send/"), {"entry": entry.pk, "back": "/staff/visits/"})
    mail.refresh_from_db()
    assert mail.next_try_at <= timezone.now()
    assert subject in mail.content["subject"]
    assert visits.as_patient_sees(enquiry) == visits.standing(enquiry) != before
    assert "Send now" not in words(desk.get("/staff/visits/"))


def test_a_name_in_the_list_is_never_markup(desk):
    ask(contact={"name": "<script>alert(1)</script>"}, state=State.BOOKED, visit_at=near(24))

    assert "<script>alert(1)" not in desk.get("/staff/visits/").content.decode()
    assert Enquiry.objects.get().state == State.BOOKED
