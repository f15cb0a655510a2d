"""`manage.py send_mail`: what it does by turns, and what it survives."""

import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from mesosite.enquiries.management.commands import send_mail
from mesosite.enquiries.models import OutgoingMail
from tests.enquiries.filled_in import send, send_spam

pytestmark = pytest.mark.django_db(transaction=True)  # it closes its connections


class Rounds:
    """Stands for the Event that ends the command: lets so many rounds pass, each of five hours."""

    now = 0.0

    def __init__(self, number):
        self.left, self.waited = number, []

    def is_set(self):
        return self.left <= 0

    def wait(self, seconds):
        self.waited.append(seconds)
        self.left -= 1
        Rounds.now += 5 * 3600


@pytest.fixture
def daily_job(monkeypatch):
    """The runs of the daily job so far. It raises `daily_job.fails` once."""

    class Runs(list):
        fails = None

    def run():
        runs.append("run")
        if runs.fails:
            error, runs.fails = runs.fails, None
            raise error

    runs = Runs()
    monkeypatch.setattr(send_mail, "run_daily_job", run)
    return runs


@pytest.fixture
def clock(monkeypatch):
    """Goes on by five hours in each round."""
    monkeypatch.setattr(Rounds, "now", 0.0)
    monkeypatch.setattr(send_mail, "monotonic", lambda: Rounds.now)


def test_once_sends_what_is_due_and_returns(mailoutbox, daily_job):
    send()
    call_command("send_mail", "--once")

    assert len(mailoutbox) == 2
    assert daily_job == []


def test_it_runs_the_daily_job_first_and_sends(mailoutbox, daily_job):
    send()
    send_mail.run(Rounds(3))

    assert daily_job == ["run"]
    assert len(mailoutbox) == 2


def test_it_ends_between_two_mails_when_it_is_told(mailoutbox, daily_job, monkeypatch):
    end, send_next = threading.Event(), send_mail.send_next
    monkeypatch.setattr(send_mail, "send_next", lambda: (end.set(), send_next())[1])
    send()
    send_mail.run(end)

    assert len(mailoutbox) == 1
    assert OutgoingMail.objects.unsent().count() == 1


def test_the_daily_job_runs_once_a_day(daily_job, clock):
    send_mail.run(Rounds(30))

    assert len(daily_job) == 30 * 5 // 24


def test_staff_are_told_of_spam_that_waits(mailoutbox, daily_job):
    send_spam()
    send_mail.run(Rounds(2))

    assert [mail.subject for mail in mailoutbox] == ["1 request held as spam"]


def test_a_daily_job_that_failed_runs_again_within_hours(daily_job, clock):
    daily_job.fails = OperationalError("database is locked")
    send_mail.run(Rounds(6))

    assert len(daily_job) == 2


def test_a_failing_job_stops_no_mail(mailoutbox, daily_job):
    daily_job.fails = OSError("disk full")
    send()
    send_mail.run(Rounds(2))

    assert len(mailoutbox) == 2


def test_it_survives_a_database_that_is_away(mailoutbox, daily_job, monkeypatch, caplog):
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
