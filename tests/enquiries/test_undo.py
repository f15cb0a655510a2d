"""A step of staff can be undone for three minutes. Until then the patient sees nothing of it."""

import datetime

import pytest
from django.contrib.auth.models import User

from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.maintenance.retention import purge
from mesosite.enquiries.models import UNDO_FOR, Entry, StaleChange
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.patient.summary import summary
from mesosite.enquiries.steps import Press, Step, take_step
from mesosite.enquiries.undo import send_now, undo
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import send, send_spam, stored
from tests.enquiries.stored import as_stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
TODAY = NOON.date()
VISIT = NOON + datetime.timedelta(days=9)
WITHOUT = ("version", "touched_at", "warned_at")
STEPS = {
    Step.TAKE: {},
    Step.HAND_OVER: {"note": "May she take aspirin?"},
    Step.WAIT: {"day": TODAY},
    Step.NEXT_DAY: {"day": TODAY, "part": "evening"},
    Step.BOOK: {"visit_at": VISIT},
    Step.CLOSE: {"reason": "against"},
    Step.SPOKE: {"note": "She comes"},
    Step.NO_ANSWER: {"day": TODAY},
    Step.WRONG_NUMBER: {},
    Step.ANSWER: {"answer": "Yes"},
    Step.WRITE_AND_CLOSE: {"answer": "We called"},
    Step.SPAM: {},
    Step.URGENT: {},
}


def press(step, by, **given):
    return take_step(stored(), Press(step, by, **(STEPS[step] | given)))


def columns(enquiry):
    (row,) = as_stored(type(enquiry).objects.filter(pk=enquiry.pk))
    return {name: value for name, value in row.items() if name not in WITHOUT}


def to_patient():
    return summary(stored())


@pytest.fixture
def sent(at, open_clinic, receptionist):
    send()
    send_due()
    return stored()


@pytest.mark.parametrize("step", STEPS)
def test_an_undone_step_leaves_everything_as_it_was(sent, receptionist, mailoutbox, step, at):
    before, shown, mails = columns(sent), to_patient(), sent.mails.count()
    entry = press(step, receptionist)
    words = undo(entry, by=receptionist)

    assert (columns(sent), to_patient(), sent.mails.count()) == (before, shown, mails)
    given = {"answer": "", "note": ""} | STEPS[step]
    assert (words.answer, words.note) == (given["answer"], given["note"])
    assert not sent.notes.exists()
    assert not sent.replies.exists()
    last = stored().timeline.last()
    assert (last.kind, last.person) == (Entry.Kind.UNDONE, receptionist)
    at(NOON + UNDO_FOR)
    send_due()
    assert len(mailoutbox) == 2  # those of the arrival


@pytest.mark.parametrize("step", STEPS)
def test_the_patient_sees_a_step_after_three_minutes(sent, receptionist, step, at):
    shown = to_patient()
    press(step, receptionist)
    at(NOON + UNDO_FOR - datetime.timedelta(seconds=1))
    assert to_patient() == shown

    at(NOON + UNDO_FOR)
    seen = to_patient()
    assert bool(seen.answers) == ("answer" in STEPS[step])
    assert bool(seen.visit and seen.visit.at == VISIT) == (step == Step.BOOK)
    closed = step in (Step.CLOSE, Step.WRITE_AND_CLOSE)
    assert (seen.standing.title == "Your request is closed") == closed


def test_an_answer_is_mailed_after_three_minutes_without_its_words(
    sent, receptionist, mailoutbox, at
):
    press(Step.ANSWER, receptionist, answer="Ibuprofen is fine")
    at(NOON + UNDO_FOR - datetime.timedelta(seconds=1))
    send_due()
    assert len(mailoutbox) == 2

    at(NOON + UNDO_FOR)
    send_due()
    (mail,) = mailoutbox[2:]
    assert (mail.subject, mail.to) == ("You have an answer", ["maria@example.com"])
    assert sent.link in mail.body
    assert "Ibuprofen" not in mail.body
    assert [text for _at, text in to_patient().answers] == ["Ibuprofen is fine"]


def test_send_now_ends_the_wait_and_the_undoing(sent, receptionist, mailoutbox):
    entry = press(Step.ANSWER, receptionist)
    send_now(entry, by=receptionist)
    send_due()

    assert len(mailoutbox) == 3
    assert len(to_patient().answers) == 1
    with pytest.raises(StaleChange):
        undo(entry, by=receptionist)


def test_nobody_else_undoes_it_and_nobody_later(sent, receptionist, at):
    entry, other = press(Step.CLOSE, receptionist), User.objects.create(username="nikos")
    with pytest.raises(StaleChange):
        undo(entry, by=other)
    at(NOON + UNDO_FOR)
    with pytest.raises(StaleChange):
        undo(entry, by=receptionist)
    assert stored().state == State.CLOSED


def test_a_step_is_not_undone_twice_nor_under_what_came_after(sent, receptionist):
    first = press(Step.TAKE, receptionist)
    second = press(Step.BOOK, receptionist)
    with pytest.raises(StaleChange):
        undo(first, by=receptionist)
    undo(second, by=receptionist)
    with pytest.raises(StaleChange):
        undo(second, by=receptionist)
    assert (stored().state, stored().owner) == (State.IN_PROGRESS, receptionist)


def test_what_the_patient_writes_meanwhile_stands(sent, receptionist):
    """It opens the closed request: the closing can no more be undone, nor is it hidden."""
    entry = press(Step.CLOSE, receptionist)
    add_message(sent, "One more thing")

    assert to_patient().standing.title == "We are working on your request"
    with pytest.raises(StaleChange):
        undo(entry, by=receptionist)


def test_the_mails_of_cleared_spam_go_back_with_it(at, receptionist, mailoutbox):
    send_spam()
    entry = take_step(stored(), Press(Step.NOT_SPAM, receptionist))
    assert stored().mails.count() == 2
    undo(entry, by=receptionist)

    assert (stored().state, stored().mails.count()) == (State.SPAM, 0)


def test_a_confirmation_that_a_closing_dropped_is_queued_again(at, receptionist):
    send()
    later = NOON + datetime.timedelta(hours=1)
    stored().mails.filter(kind="confirmation").update(next_try_at=later)  # held by a ceiling
    entry = press(Step.CLOSE, receptionist)
    assert not stored().mails.filter(kind="confirmation").exists()
    undo(entry, by=receptionist)

    assert stored().mails.filter(kind="confirmation").exists()


def test_the_columns_before_a_step_are_dropped_by_the_daily_job(sent, receptionist, at):
    entry = press(Step.TAKE, receptionist)
    at(NOON + UNDO_FOR)
    purge()

    entry.refresh_from_db()
    assert entry.undo is None
