"""Visits: booked, moved, cancelled and undone, and what patient and calendar learn of each."""

import datetime
from email import message_from_bytes

import pytest
from icalendar import Calendar

from mesosite.enquiries import visits
from mesosite.enquiries.consultation.consent import health_consent_words
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.maintenance.retention import purge
from mesosite.enquiries.models import UNDO_FOR, Enquiry, StaleChange, Visit
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.enquiries.steps import Press, Step, take_step
from mesosite.enquiries.undo import send_now, undo
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import post, said, send, stored
from tests.enquiries.patient.requests import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY = datetime.timedelta(days=1)
FIRST, SECOND = NOON + 9 * DAY, NOON + 10 * DAY
LONG = {"minutes": 45}


@pytest.fixture
def sent(open_clinic, mailoutbox):
    """A request whose confirmation has left."""
    send(language="en")
    send_due()
    mailoutbox.clear()
    return stored()


@pytest.fixture
def press(sent, receptionist):
    def take(step, **given):
        return take_step(stored(), Press(step, receptionist, **given))

    return take


def calendars(mailoutbox):
    """(method, sequence, time or None where cancelled, uid) of each file that the patient got."""
    found = []
    for mail in mailoutbox:
        parts = message_from_bytes(mail.message().as_bytes()).walk()
        for part in (part for part in parts if part.get_content_type() == "text/calendar"):
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            assert part.get_param("method") == calendar["METHOD"]
            (event,) = calendar.walk("VEVENT")
            found.append((calendar["METHOD"], event["SEQUENCE"], event["DTSTART"].dt, event["UID"]))
    return found


def test_a_visit_moved_and_cancelled_is_one_visit_in_the_patients_calendar(press, mailoutbox, at):
    for number, (step, given) in enumerate(
        [
            (Step.BOOK, {"visit_at": FIRST, **LONG}),
            (Step.MOVE_VISIT, {"visit_at": SECOND, **LONG}),
            (Step.CANCEL_VISIT, {}),
        ],
        1,
    ):
        press(step, **given)
        at(NOON + number * UNDO_FOR)
        send_due()

    uid = str(Visit.objects.first().uid)
    assert calendars(mailoutbox) == [
        ("REQUEST", 0, FIRST, uid),
        ("REQUEST", 1, SECOND, uid),
        ("CANCEL", 2, SECOND, uid),
    ]
    assert [mail.subject for mail in mailoutbox] == [
        "Your appointment: Thursday 19 March, 14:00",
        "Your appointment is moved to Friday 20 March, 14:00",
        "Your appointment on Friday 20 March, 14:00 is cancelled",
    ]
    assert stored().state == State.IN_PROGRESS


PREPARE = "Before you come, you can help us prepare"


@pytest.mark.parametrize(("prepared", "asks"), [({}, True), ({"health": ["none"]}, False)])
def test_the_first_mail_about_a_visit_asks_to_prepare_it_once(
    press, mailoutbox, at, prepared, asks
):
    if prepared:
        actions.prepare(
            stored(), {"health": [], "scar_types": []} | prepared, health_consent_words()
        )
    press(Step.BOOK, visit_at=FIRST)
    at(NOON + DAY)
    press(Step.MOVE_VISIT, visit_at=SECOND)
    at(NOON + 2 * DAY)
    send_due()

    bodies = [mail.body for mail in mailoutbox if "appointment" in mail.subject]
    assert [PREPARE in body for body in bodies] == [asks, False]


def test_an_undone_change_uses_up_no_number_and_is_never_told(press, receptionist, mailoutbox, at):
    press(Step.BOOK, visit_at=FIRST)
    at(NOON + UNDO_FOR)
    undo(press(Step.MOVE_VISIT, visit_at=SECOND), by=receptionist)
    press(Step.MOVE_VISIT, visit_at=SECOND + DAY)
    at(NOON + 2 * UNDO_FOR)
    send_due()

    assert [call[:3] for call in calendars(mailoutbox)] == [
        ("REQUEST", 0, FIRST),
        ("REQUEST", 1, SECOND + DAY),
    ]
    assert stored().visit_at == SECOND + DAY


def test_the_patient_sees_a_visit_once_it_stands_and_takes_it_into_a_calendar(client, press, at):
    entry = press(Step.BOOK, visit_at=FIRST, **LONG)
    assert "19 March" not in said(client.get(page(stored())))
    assert client.get(page(stored(), "visit/file")).status_code == 302

    send_now(entry, by=entry.person)

    html = said(client.get(page(stored())))
    assert "Thursday 19 March 2026, 14:00" in html
    assert "about 45 minutes" in html
    answer = client.get(page(stored(), "visit/file"))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTEND"].dt == FIRST + datetime.timedelta(minutes=45)


@pytest.mark.parametrize("step", [Step.CLOSE, Step.SPAM])
def test_closing_before_the_visit_cancels_it_and_after_it_does_not(press, at, step):
    press(Step.BOOK, visit_at=FIRST)
    entry = press(step, reason="against")
    assert visits.standing(stored()) is None
    undo(entry, by=entry.person)
    at(FIRST + DAY)

    press(step, reason="visited")

    assert visits.standing(stored()).at == FIRST


def cancel(visit):
    return post(page(stored(), "visit/cancel/"), {"visit": visit.pk})


def test_a_patient_cancels_is_asked_first_and_staff_are_told(client, press, mailoutbox, at):
    press(Step.BOOK, visit_at=FIRST)
    at(NOON + UNDO_FOR)
    assert "Thursday 19 March 2026, 14:00" in said(client.get(page(stored(), "visit/cancel/")))
    assert stored().state == State.BOOKED

    cancel(visits.standing(stored()))

    enquiry = stored()
    assert (enquiry.state, enquiry.visit_at, enquiry.has_news) == (State.IN_PROGRESS, None, True)
    assert enquiry.answered_at is None
    send_due()
    assert calendars(mailoutbox)[-1][:2] == ("CANCEL", 1)
    assert client.get(page(enquiry, "visit/cancel/")).status_code == 302


def test_a_visit_that_was_moved_meanwhile_or_is_over_is_not_cancelled(client, press, at):
    press(Step.BOOK, visit_at=FIRST)
    seen = visits.standing(stored())
    press(Step.MOVE_VISIT, visit_at=SECOND)
    cancel(seen)
    assert stored().visit_at == SECOND

    at(SECOND + DAY)
    cancel(visits.standing(stored()))
    assert stored().state == State.BOOKED


def test_no_made_up_visit_is_cancelled(client, press):
    press(Step.BOOK, visit_at=FIRST)
    for given in ("", "0", "x", "9" * 30):
        post(page(stored(), "visit/cancel/"), {"visit": given})

    assert stored().state == State.BOOKED


def reminders(mailoutbox):
    visits.remind()
    send_due()
    sent = [mail for mail in mailoutbox if "14:00" in mail.subject and not mail.attachments]
    mailoutbox.clear()
    return len(sent)


def test_a_reminder_leaves_once_on_the_working_day_before(client, press, mailoutbox, at, as_clinic):
    monday = datetime.datetime(2026, 3, 16, 12, tzinfo=datetime.UTC)
    as_clinic(hours={day: ((datetime.time(9), datetime.time(17)),) for day in range(5)})
    press(Step.BOOK, visit_at=monday)
    at(NOON + UNDO_FOR)
    assert reminders(mailoutbox) == 0

    post(page(stored(), "visit/reminder/"), {"reminder": "yes"})

    at(monday - 4 * DAY)
    assert reminders(mailoutbox) == 0
    at(monday - 3 * DAY)  # Friday
    assert reminders(mailoutbox) == 1
    assert reminders(mailoutbox) == 0
    press(Step.MOVE_VISIT, visit_at=monday + DAY)
    at(monday)
    assert reminders(mailoutbox) == 1


def test_who_wants_no_reminder_any_more_gets_none(client, press, mailoutbox, at):
    press(Step.BOOK, visit_at=FIRST)
    for wanted in ("yes", "no"):
        post(page(stored(), "visit/reminder/"), {"reminder": wanted})
    at(FIRST - DAY)

    assert reminders(mailoutbox) == 0


def test_who_takes_the_request_back_and_comes_all_the_same_is_expected(press, at):
    press(Step.BOOK, visit_at=FIRST, **LONG)
    actions.withdraw(stored(), cancel_visit=False)

    (still,) = Visit.objects.still_come()
    assert (still.at, still.enquiry.contact, still.minutes) == (FIRST, {}, 45)
    assert not Enquiry.objects.slots_to_free()
    purge(FIRST)
    assert Visit.objects.still_come().exists()
    purge(FIRST + 2 * DAY)
    assert (stored().visit_at, Visit.objects.count()) == (None, 0)


def test_who_takes_the_request_back_and_cancels_leaves_a_slot_to_free(press, receptionist):
    press(Step.BOOK, visit_at=FIRST)
    actions.withdraw(stored(), cancel_visit=True)

    assert [slot.visit_at for slot in Enquiry.objects.slots_to_free()] == [FIRST]
    assert not Visit.objects.still_come()


def test_a_cancelled_visit_and_a_new_one_are_two_in_the_calendar(press):
    press(Step.BOOK, visit_at=FIRST)
    press(Step.CANCEL_VISIT)
    press(Step.BOOK, visit_at=SECOND)

    rows = list(Visit.objects.values_list("sequence", "is_cancelled"))
    assert rows == [(0, False), (1, True), (0, False)]
    assert Visit.objects.values("uid").distinct().count() == 2
    with pytest.raises(StaleChange):
        actions.cancel_visit(stored(), str(Visit.objects.first().pk))
