"""`manage.py send_mail`: what it does by turns, and what it survives."""

import itertools
import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from mesosite.enquiries.management.commands import send_mail
from mesosite.enquiries.models import OutgoingMail
from tests.enquiries.filled_in import send

pytestmark = pytest.mark.django_db(transaction=True)  # it closes its connections


class Rounds:
    """Stands for the Event that ends the command: lets so many rounds pass."""

    def __init__(self, number):
        self.left, self.waited = number, []

    def is_set(self):
        return self.left <= 0

    def wait(self, seconds):
        self.waited.append(seconds)
        self.left -= 1


@pytest.fixture
def house(monkeypatch):
    """How often the daily job ran; `house.fails` is raised by it once."""

    def keep():
        kept.append("house")
        if kept.fails:
            error, kept.fails = kept.fails, None
            raise error

    class Kept(list):
        fails = None

    kept = Kept()
    monkeypatch.setattr(send_mail, "run_daily_job", keep)
    return kept


@pytest.fixture
def clock(monkeypatch):
    """An hour passes each time that it is looked at: once in a round, twice more at the job."""
    now = itertools.count(step=3600)
    monkeypatch.setattr(send_mail, "monotonic", lambda: next(now))


def test_once_sends_what_is_due_and_returns(mailoutbox, house):
    send()
    call_command("send_mail", "--once")

    assert len(mailoutbox) == 2
    assert house == []


def test_it_keeps_house_first_and_sends(mailoutbox, house):
    send()
    send_mail.run(Rounds(3))

    assert house == ["house"]
    assert len(mailoutbox) == 2


def test_it_ends_between_two_mails_when_it_is_told(mailoutbox, house, monkeypatch):
    end, send_next = threading.Event(), send_mail.send_next
    monkeypatch.setattr(send_mail, "send_next", lambda: (end.set(), send_next())[1])
    send()
    send_mail.run(end)

    assert len(mailoutbox) == 1
    assert OutgoingMail.objects.unsent().count() == 1


def test_it_keeps_house_daily(house, clock):
    send_mail.run(Rounds(60))

    assert len(house) == 3


def test_it_keeps_house_again_within_hours_where_that_failed(house, clock):
    house.fails = OperationalError("database is locked")
    send_mail.run(Rounds(6))

    assert len(house) == 2


def test_a_failing_job_stops_no_mail(mailoutbox, house):
    house.fails = OSError("disk full")
    send()
    send_mail.run(Rounds(2))

    assert len(mailoutbox) == 2


def test_it_survives_a_database_that_is_away(mailoutbox, house, monkeypatch, caplog):
    answers = iter([OperationalError("near Μαρία"), False])

    def gone_once():
        if isinstance(answer := next(answers), Exception):
            raise answer
        return answer

    monkeypatch.setattr(send_mail, "send_next", gone_once)
    rounds = Rounds(2)
    send_mail.run(rounds)

    assert rounds.waited == [send_mail.AFTER_TROUBLE, send_mail.POLL]
    assert "OperationalError" in caplog.text
    assert "Μαρία" not in caplog.text
