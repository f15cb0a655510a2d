"""A problem after a treatment: what its patient is told at once, and that nothing holds it back."""

import datetime
import re
from html import unescape

import pytest

from mesosite.enquiries import rate_limits
from mesosite.enquiries.models import Enquiry, OutgoingMail, Priority
from mesosite.enquiries.models.states import State
from tests.enquiries.conftest import WORKDAY
from tests.enquiries.filled_in import (
    FORM,
    answers,
    code_of,
    nothing_stored,
    post,
    said,
    send,
    send_spam,
    stored,
)
from tests.enquiries.patient.requests import heading

pytestmark = pytest.mark.django_db

PHONE = "+30 210 000 0000"
MONDAY_TO_FRIDAY = dict.fromkeys(range(5), WORKDAY)
ATHENS_NOON = datetime.datetime(2026, 3, 10, 10, tzinfo=datetime.UTC)  # a Tuesday
EVENING = ATHENS_NOON + datetime.timedelta(hours=6)
FRIDAY_EVENING = EVENING + datetime.timedelta(days=3)
DOCTOR = "If nobody answers, see a doctor today."
OPEN = f"We answer {PHONE} until 17:00; when we are closed, or nobody answers, see a doctor today."
HOLIDAYS = frozenset(datetime.date(2026, 3, 10) + datetime.timedelta(n) for n in range(14))
ALWAYS_CLOSED = frozenset(datetime.date(2026, 3, 10) + datetime.timedelta(n) for n in range(99))

STATES = [
    ({}, ATHENS_NOON, OPEN),
    ({}, EVENING, "We are closed until Wed 09:00: see a doctor today, or call 112."),
    ({}, FRIDAY_EVENING, "We are closed until Mon 09:00: see a doctor today, or call 112."),
    ({}, EVENING.replace(hour=3), "We are closed until 09:00: see a doctor today, or call 112."),
    (
        {"closed": HOLIDAYS},
        ATHENS_NOON,
        "We are closed until Tue 24 Mar, 09:00: see a doctor today",
    ),
    ({"closed": ALWAYS_CLOSED}, ATHENS_NOON, "We are closed: see a doctor today, or call 112."),
    ({"phone": ""}, ATHENS_NOON, DOCTOR),
    ({"hours": {}}, ATHENS_NOON, DOCTOR),
    ({"name": ""}, ATHENS_NOON, "Nobody reads this: it is a demonstration."),
]


@pytest.fixture(autouse=True)
def _address(settings):
    settings.CLINIC_EMAIL = "desk@clinic.example"


@pytest.fixture
def desk(as_clinic):
    """A clinic with a phone that is open on weekdays: desk(**values) with other values."""

    def clinic(**values):
        open_ = {"hours": MONDAY_TO_FRIDAY, "answer_within_hours": 8, "phone": PHONE}
        return as_clinic(**open_ | {"country": "GR"} | values)

    clinic()
    return clinic


def help_of(html):
    """The words of the help in a page, on one line."""
    part = html[html.index('class="urgent-help"') : html.index("</div>\n", html.index("__next"))]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split()).replace(" ;", ";")


@pytest.mark.parametrize(("values", "now", "words"), STATES)
def test_the_form_says_what_to_do_now(client, desk, at, values, now, words):
    desk(**values)
    at(now)
    told = help_of(said(client.get(FORM)))

    assert told.index("your lips, tongue or throat swell fast") < told.index(
        "Then ring whoever treated you."
    )
    assert "or hurts far more than it should." in told
    assert words in told
    assert (PHONE in told) == (words == OPEN)


@pytest.mark.parametrize(("values", "now", "words"), STATES[:-1])
def test_the_page_after_sending_says_the_same_and_makes_no_ordinary_promise(
    client, desk, at, values, now, words
):
    desk(**values)
    at(now)
    html = said(client.get(send(problem="yes").headers["Location"]))

    assert heading(html) == "Do not wait for our answer."
    assert words in help_of(html)
    assert "answers by" not in html
    assert "What happens next" not in html
    assert stored().shown_code in html


def test_the_help_follows_the_clock_though_the_form_is_made_once(client, desk, at):
    desk(answer_within_hours=0)  # no promise that changes with the minute
    at(ATHENS_NOON)
    assert OPEN in help_of(said(client.get(FORM)))
    at(ATHENS_NOON + datetime.timedelta(hours=5))
    assert "We are closed until Wed 09:00" in help_of(said(client.get(FORM)))


def test_the_clinics_own_emergency_number_stands_in_it(client, desk):
    desk(emergency_number="999")
    assert "Call 999 if:" in help_of(said(client.get(FORM)))


def test_who_is_under_18_is_told_too(client, desk, at):
    at(ATHENS_NOON)
    assert OPEN in help_of(said(send(adult="no", problem="yes")))
    assert nothing_stored()


def test_a_demonstration_takes_no_urgent_request_and_keeps_the_words():
    response = send(problem="yes", message="It is hot")

    assert response.status_code == 422
    assert "Nobody reads this: it is a demonstration." in help_of(said(response))
    assert "It is hot</textarea>" in said(response)
    assert nothing_stored()


def test_it_is_urgent_and_told_to_the_clinic_at_once(desk):
    send(problem="yes")

    assert (stored().problem, stored().priority) == (True, Priority.URGENT)
    mail = OutgoingMail.objects.get(kind="urgent")
    assert mail.content["subject"] == f"URGENT: new request {stored().shown_code}"
    assert not OutgoingMail.objects.filter(kind="new_enquiry").exists()


def test_its_confirmation_promises_nothing(desk):
    send(problem="yes", language="en")

    body = OutgoingMail.objects.get(kind="confirmation").content["body"]
    assert "Open your page now: it says what to do first." in body
    assert "answer you" not in body


def test_it_is_never_held_as_spam(desk):
    send_spam(problem="yes")

    assert (stored().state, stored().spam_score >= 5) == (State.NEW, True)
    assert OutgoingMail.objects.filter(kind="urgent").exists()


def test_sent_again_after_it_was_closed_it_is_urgent_again(desk):
    data = answers(problem="yes")
    post(FORM, data)
    closed = {"state": State.CLOSED, "close_reason": "visited", "priority": Priority.NORMAL}
    Enquiry.objects.update(**closed)
    OutgoingMail.objects.all().delete()
    post(FORM, data)

    assert (stored().state, stored().urgent) == (State.IN_PROGRESS, True)
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["urgent"]


def test_no_number_of_requests_holds_it_back(desk, monkeypatch):
    monkeypatch.setattr(rate_limits, "FROM_ONE_FORM", (0, rate_limits.FROM_ONE_FORM[1]))
    ordinary = Enquiry.objects.get(code=code_of(send()))
    urgent = Enquiry.objects.get(code=code_of(send(problem="yes")))

    assert (ordinary.state, urgent.state) == (State.SPAM, State.NEW)
