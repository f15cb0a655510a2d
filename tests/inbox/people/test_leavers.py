"""What a leaver has open, and an absence: nothing is forgotten."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from mesosite.enquiries import visits
from mesosite.enquiries.models import AuditEvent, Enquiry, Entry, Event
from mesosite.enquiries.models.states import State
from mesosite.inbox.models import Absence
from tests.inbox.asking import ask, erased, press

LATER = timezone.localdate() + datetime.timedelta(days=3)
"""Still to come at the clinic too, where it may be the next day already."""


def said(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def leaver(receptionist):
    return receptionist


@pytest.fixture
def open_ones(leaver, clinician):
    """Two open requests of the leaver, one of them with a visit, one visit to a colleague's."""
    soon = timezone.now() + datetime.timedelta(days=2)
    mine = ask(owner=leaver, state=State.IN_PROGRESS, due_at=soon, has_news=True)
    booked = ask(owner=leaver, state=State.BOOKED, visit_at=soon, answered_at=timezone.now())
    booked.visits.update(person=leaver)
    of_colleague = ask(owner=clinician, state=State.BOOKED, visit_at=soon)
    of_colleague.visits.update(person=leaver)
    closed = ask(owner=leaver, state=State.CLOSED, close_reason="visited")
    return mine, booked, of_colleague, closed


def disable(office, person, **data):
    return office.post(f"/staff/people/{person.pk}/disable/", data, follow=True)


def owners(rows):
    return [Enquiry.objects.get(pk=row.pk).owner for row in rows]


def test_the_page_says_what_a_leaver_has_open(office, leaver, open_ones):
    page = said(office.get(f"/staff/people/{leaver.pk}/disable/"))
    assert "2 open requests, 2 visits to come" in page
    for enquiry in open_ones[:3]:
        assert f"/staff/e/{enquiry.code}/" in page
    assert open_ones[3].code not in page


@pytest.mark.parametrize("to", ["nobody", "colleague"])
def test_all_is_handed_on_in_the_same_step(office, leaver, clinician, manager, open_ones, to):
    mine, booked, of_colleague, closed = open_ones
    new = clinician if to == "colleague" else None
    answer = disable(office, leaver, to=clinician.pk if new else "nobody")

    assert "3 requests are handed on." in said(answer)
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert owners([mine, booked, of_colleague, closed]) == [new, new, clinician, leaver]
    assert booked.visits.get().person == of_colleague.visits.get().person == new
    assert booked.visits.get().sequence == 0
    assert mine.visits.count() == 0
    after = Enquiry.objects.get(pk=mine.pk)
    assert (after.due_at, after.has_news, after.state) == (mine.due_at, True, mine.state)
    entry = Entry.objects.filter(enquiry=mine).last()
    assert (entry.kind, entry.person, entry.to_person) == ("handed_on", manager, new)
    recorded = AuditEvent.objects.filter(what=Event.CHANGED, details__change="handed_on")
    assert recorded.count() == 3
    page = said(office.get(f"/staff/e/{mine.code}/"))
    assert f"Handed on to {'Nikos Ralli' if new else 'nobody'}" in page
    assert "Nobody" in said(office.get("/staff/")) or new


def test_a_visit_of_who_took_the_request_back_is_handed_on_too(office, leaver, clinician):
    soon = timezone.now() + datetime.timedelta(days=2)
    booked = ask(state=State.BOOKED, visit_at=soon)
    booked.visits.update(person=leaver)
    erased(booked)
    assert "0 open requests, 1 visit to come" in said(
        office.get(f"/staff/people/{leaver.pk}/disable/")
    )
    disable(office, leaver, to=clinician.pk)
    assert booked.visits.last().person == clinician


def test_a_visit_that_can_be_undone_is_handed_on_and_still_waits(
    desk, office, leaver, clinician, monkeypatch
):
    enquiry = ask(owner=leaver)
    day = LATER + datetime.timedelta(days=30)
    press(desk, enquiry, "book", visit_at=f"{day}T10:00", person=leaver.pk, all_the_same="on")
    disable(office, leaver, to=clinician.pk)

    assert enquiry.visits.get().person == clinician
    assert visits.as_patient_sees(enquiry) is None
    (mail,) = enquiry.mails.filter(kind="visit")
    assert mail.next_try_at == Entry.objects.get(pk=mail.entry_id).final_at


def test_what_is_left_can_be_handed_on_later(office, leaver, open_ones):
    disable(office, leaver, to="keep")
    assert owners(open_ones[:2]) == [leaver, leaver]
    assert "2 open requests, 2 visits to come" in said(office.get(f"/staff/people/{leaver.pk}/"))
    disable(office, leaver, to="nobody")
    assert owners(open_ones[:2]) == [None, None]
    assert AuditEvent.objects.filter(what=Event.DISABLED).count() == 1
    assert "open request" not in said(office.get(f"/staff/people/{leaver.pk}/"))


@pytest.mark.parametrize("to", ["0", "x", "-1"])
def test_it_is_handed_to_no_stranger(office, leaver, open_ones, to):
    page = office.get(f"/staff/people/{leaver.pk}/disable/")
    assert f'value="{leaver.pk}"' not in said(page)
    answer = disable(office, leaver, to=to)
    assert (answer.status_code, "Choose from the list." in said(answer)) == (422, True)
    leaver.refresh_from_db()
    assert leaver.is_active


def test_the_last_manager_s_requests_stay_where_they_are(office, manager, another_manager):
    mine = ask(owner=another_manager, state=State.IN_PROGRESS)
    manager.set_unusable_password()
    manager.save()
    office.force_login(manager)
    disable(office, another_manager, to="nobody")
    assert owners([mine]) == [another_manager]


def test_the_command_says_how_many_are_still_theirs(leaver, manager, open_ones, capsys):
    call_command("staff", email=leaver.email, disable=True)
    printed = capsys.readouterr().out
    assert "Still theirs: open requests 2, visits to come 2." in printed
    assert f"/staff/people/{leaver.pk}/disable/" in printed


def test_a_request_of_somebody_away_says_so_and_is_the_stand_ins(desk, surgery, clinician, manager):
    enquiry = ask(owner=manager, state=State.IN_PROGRESS)
    assert enquiry.code not in said(surgery.get("/staff/?who=mine"))
    Absence.objects.create(person=manager, until=LATER, stand_in=clinician)
    until = f"Anna Vell, away until {LATER.day} {LATER:%b}"

    assert enquiry.code in said(surgery.get("/staff/?who=mine"))
    assert enquiry.code not in said(desk.get("/staff/?who=mine"))
    for path in ("", "in-progress/", f"e/{enquiry.code}/"):
        assert until in said(desk.get(f"/staff/{path}")), path

    Absence.objects.update(until=LATER - datetime.timedelta(days=9))
    assert enquiry.code not in said(surgery.get("/staff/?who=mine"))
    assert "away until" not in said(desk.get("/staff/"))


def test_who_stands_in_works_on_it_as_usual(surgery, clinician, manager):
    enquiry = ask(owner=manager, state=State.IN_PROGRESS)
    Absence.objects.create(person=manager, until=LATER, stand_in=clinician)
    press(surgery, enquiry, "take")
    assert owners([enquiry]) == [clinician]
