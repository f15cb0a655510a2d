"""Against a mail server that fails as it is told to: what arrived, and what became of the mail."""

import asyncio
import signal
import threading

import pytest
from django.db import connection

from mesosite.enquiries.mail import sender
from mesosite.enquiries.mail.sender import send_due, send_next
from mesosite.enquiries.models import Enquiry, OutgoingMail
from tests.enquiries.filled_in import send
from tests.enquiries.mail.queue import queued
from tests.enquiries.mail.server import (
    MailServer,
    answering,
    answering_after,
    dropping,
    dropping_after_250,
    hanging,
)

pytestmark = pytest.mark.django_db

WAIT = [("at_rcpt", "451 Greylisted"), ("at_data", answering("451 The disk is full"))]
NEVER = [("at_rcpt", "550 No such user"), ("at_data", answering("550 Not wanted"))]


@pytest.fixture
def server(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def mail(db):
    return queued()


def after_a_try(mail):
    """The mail as it is stored after it was tried, due again."""
    assert send_next()
    mail.refresh_from_db()
    OutgoingMail.objects.update(next_try_at=mail.created_at)
    return mail


def test_a_mail_that_is_taken_is_sent(server, mail):
    after_a_try(mail)

    assert server.message_ids() == [mail.message_id]
    assert mail.sent_at
    assert mail.content == {}
    assert not send_next()


def test_what_arrives_is_what_was_queued(server, mail):
    send_due()

    arrived, queued = server.arrived[0], mail.content
    assert (arrived["To"], arrived["Subject"]) == (queued["to"], queued["subject"])
    assert arrived.get_content().splitlines() == queued["body"].splitlines()
    assert arrived.get_content_type() == "text/plain"
    assert arrived["Date"].datetime == mail.created_at.replace(microsecond=0)
    assert arrived["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("step", "answer"), WAIT)
def test_451_is_tried_again_under_the_same_message_id(server, mail, step, answer):
    works = getattr(server, step)
    setattr(server, step, answer)
    tried = after_a_try(mail)
    assert (tried.sent_at, tried.failed_at, tried.error) == (None, None, "451")

    setattr(server, step, works)
    assert after_a_try(mail).sent_at
    assert set(server.message_ids()) == {mail.message_id}


@pytest.mark.parametrize(("step", "answer"), NEVER)
def test_550_is_given_up_at_once(server, mail, step, answer):
    setattr(server, step, answer)
    after_a_try(mail)

    assert (mail.sent_at, mail.error, mail.content) == (None, "550", {})
    assert mail.failed_at
    assert not send_next()


def test_a_line_cut_without_an_answer_is_tried_again_under_the_same_message_id(server, mail):
    server.at_data = dropping
    assert after_a_try(mail).error == "SMTPServerDisconnected"
    assert not mail.sent_at

    server.at_data = answering("250 OK")
    assert after_a_try(mail).sent_at
    assert server.message_ids() == [mail.message_id] * 2


def test_a_line_cut_after_the_answer_is_sent_once(server, mail):
    server.at_data = dropping_after_250

    assert after_a_try(mail).sent_at
    assert not send_next()
    assert len(server.arrived) == 1


def test_a_server_that_hangs_is_left_when_its_time_is_over(server, mail, settings):
    settings.EMAIL_TIMEOUT = 0.3
    server.at_data = hanging

    assert after_a_try(mail).error == "SMTPServerDisconnected"
    assert not mail.sent_at


def test_a_server_that_answers_without_end_is_left_before_the_lease_ends(server, mail, monkeypatch):
    """Each alarm that is set goes off once the server drips, however long that takes."""
    alarms, rung = [], 0

    async def drip(server):
        nonlocal rung
        while True:
            await server.push("250-one moment")
            if alarms[-1] and rung < len(alarms):
                rung = len(alarms)
                signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
            await asyncio.sleep(0.01)

    monkeypatch.setattr(sender.signal, "setitimer", lambda _timer, after: alarms.append(after))
    server.at_data = drip

    assert after_a_try(mail).error == "SendTimeout"
    assert not mail.sent_at
    assert server.talks == 1
    assert alarms == [sender.SEND_TIMEOUT, 0, sender.CLOSE_TIMEOUT, 0]


def test_a_server_that_is_not_there_is_tried_again(server, mail, settings):
    settings.EMAIL_PORT = 1

    assert after_a_try(mail).error == "ConnectionRefusedError"
    assert not mail.failed_at


def test_login_that_is_refused_is_the_operators_to_mend(server, mail, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "wrong"

    assert after_a_try(mail).error == "535"
    assert not mail.failed_at


@pytest.mark.django_db(transaction=True)
def test_the_form_answers_while_the_mail_server_hangs(server, mail):
    seen = []

    def ask():
        seen.append((send().status_code, Enquiry.objects.count()))
        seen.append(OutgoingMail.objects.get(pk=mail.pk).sent_at)
        connection.close()

    server.at_data = answering_after(ask)
    send_next()

    assert seen == [(302, 2), None]
    assert OutgoingMail.objects.get(pk=mail.pk).sent_at
