"""What the operator's monitor reads."""

import datetime

import pytest
from django.db import OperationalError
from django.utils import timezone

from mesosite import health
from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail():
    submit(topics=[], contact={"name": "Ana"}, answers={})
    return OutgoingMail.objects.get()


def ready(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.content


def waiting_for(minutes):
    since = timezone.now() - datetime.timedelta(minutes=minutes)
    OutgoingMail.objects.update(next_try_at=since)


@pytest.mark.parametrize("minutes", [-60, 0, 14])
def test_a_mail_that_waits_for_its_turn_is_well(client, mail, minutes):
    waiting_for(minutes)

    assert ready(client) == (200, b"ok\n")


def test_a_mail_that_nobody_sends_is_told(client, mail):
    waiting_for(16)

    assert ready(client) == (503, b"mail\n")


@pytest.mark.parametrize("end", ["sent_at", "failed_at"])
def test_a_mail_that_is_over_is_well(client, mail, end):
    waiting_for(16)
    OutgoingMail.objects.update(**{end: timezone.now()})

    assert ready(client) == (200, b"ok\n")


def test_a_mail_held_back_with_its_spam_is_well(client, mail):
    waiting_for(16)
    mail.enquiry.state = "spam"
    mail.enquiry.save()

    assert ready(client) == (200, b"ok\n")


def tried(**changes):
    """A mail that was tried three times and is two hours old; it comes again in a while."""
    then = timezone.now() - datetime.timedelta(hours=2)
    later = timezone.now() + datetime.timedelta(hours=20)
    usual = {"tries": 3, "created_at": then, "next_try_at": later, "error": "TimeoutError"}
    OutgoingMail.objects.update(**usual | changes)


DEAD = [
    "TimeoutError",
    "ConnectionRefusedError",
    "SMTPServerDisconnected",
    "gaierror",
    "530",
    "538",
]
DEAD += ["SMTPAuthenticationError 454", "SMTPSenderRefused 553", "SMTPConnectError 554", ""]


@pytest.mark.parametrize("error", DEAD)
def test_a_mail_server_that_takes_nothing_is_told(client, mail, error):
    tried(error=error)

    assert ready(client) == (503, b"mail\n")


@pytest.mark.parametrize("error", ["450", "451", "552", "Unreadable"])
def test_a_mail_that_is_itself_not_taken_is_no_sign_of_it(client, mail, error):
    tried(error=error)

    assert ready(client) == (200, b"ok\n")


NOT_YET = [{"tries": 2}, {"created_at": timezone.now()}, {"failed_at": timezone.now()}]


@pytest.mark.parametrize("changes", [*NOT_YET, {"sent_at": timezone.now()}])
def test_a_passing_trouble_or_one_that_is_over_is_well(client, mail, changes):
    tried(**changes)

    assert ready(client) == (200, b"ok\n")


def test_a_mail_that_was_tried_before_its_enquiry_was_spam_is_well(client, mail):
    tried()
    mail.enquiry.state = "spam"
    mail.enquiry.save()

    assert ready(client) == (200, b"ok\n")


def test_a_database_that_is_away_is_told_by_one_word(client, monkeypatch):
    def gone(**_kwargs):
        raise OperationalError("connection to server at 10.0.0.1 failed")

    monkeypatch.setattr(health.OutgoingMail.objects, "due", gone)

    assert ready(client) == (503, b"database\n")


@pytest.fixture(params=["content", "publishing"])
def older(request, settings):
    """A site whose start could not publish, and why."""
    settings.NOT_PUBLISHED = request.param
    settings.PUBLISHED_DIR = settings.VAR_DIR / "published" / "20261124T101010.500000Z"
    warning = f"warning: {request.param}\nThe pages are those of 2026-11-24. The log says why.\n"
    return warning.encode()


def test_pages_that_are_older_than_the_files_are_a_warning(client, mail, older):
    assert ready(client) == (200, b"ok\n" + older)

    waiting_for(16)
    assert ready(client) == (503, b"mail\n" + older)


def test_a_site_without_pages_is_told(client, settings):
    settings.NOT_PUBLISHED, settings.NO_PAGES = "content", True

    assert ready(client) == (503, b"content\n")
    assert client.get("/healthz").status_code == 200


def test_healthz_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"
