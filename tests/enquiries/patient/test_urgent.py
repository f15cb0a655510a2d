"""A problem after a treatment that a patient names later, on the own page."""

import pytest
from django.utils import timezone

from mesosite.enquiries import rate_limits
from mesosite.enquiries.models import Message, OutgoingMail, Priority
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.summary import day_and_time
from tests.enquiries.filled_in import said, stored
from tests.enquiries.patient.requests import asked, correct, heading, link_in, page, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clinic(open_clinic, settings):
    settings.CLINIC_EMAIL = "desk@clinic.example"


def urgent_mails():
    mails = OutgoingMail.objects.filter(kind="urgent")
    return [mail.content["subject"] for mail in mails]


def test_the_message_box_asks_and_shows_the_card(client):
    html = said(client.get(page(asked(), "message/")))

    assert "Is this about a problem after a treatment?" in html
    assert "your lips, tongue or throat swell fast" in html


def test_a_message_says_whether_it_is_about_a_problem():
    response = say(asked(), "It is hot", problem="")

    assert response.status_code == 422
    assert [where for where, _words in response.context["problems"]] == ["id_problem_0"]
    assert "It is hot</textarea>" in said(response)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": State.NEW}, State.NEW),
        ({"state": State.WAITING}, State.IN_PROGRESS),
        ({"state": State.CLOSED, "close_reason": "visited"}, State.IN_PROGRESS),
        ({"state": State.SPAM}, State.NEW),
    ],
)
def test_a_yes_makes_an_old_request_urgent(before, after):
    enquiry = asked(**before)
    response = say(enquiry, "It is hot", problem="yes")

    assert response.headers["Location"] == page(enquiry)
    assert (stored().state, stored().problem) == (after, True)
    assert (stored().priority, stored().has_news) == (Priority.URGENT, True)
    assert urgent_mails() == [f"URGENT: new message on {enquiry.shown_code}"]


def test_a_no_leaves_it_as_it_is():
    say(asked(), "Thank you")

    assert (stored().problem, stored().priority) == (False, Priority.NORMAL)
    assert urgent_mails() == []


def test_a_yes_makes_it_urgent_again_after_staff_said_that_it_is_not():
    enquiry = asked(problem=True, priority=Priority.NORMAL)
    say(enquiry, "It is hot", problem="yes")

    assert stored().urgent


def test_the_same_words_sent_again_with_a_yes_are_urgent():
    enquiry = asked()
    say(enquiry, "It is hot")
    say(enquiry, "It is hot", problem="yes")

    assert stored().urgent


def test_the_limit_of_a_day_holds_no_problem_back(monkeypatch):
    monkeypatch.setattr(rate_limits, "CHANGES", (0, rate_limits.CHANGES[1]))
    enquiry = asked()

    assert say(enquiry, "Hello").status_code == 429
    assert say(enquiry, "It is hot", problem="yes").status_code == 302
    assert say(enquiry, "Still hot", problem="yes").status_code == 429
    assert [message.text for message in Message.objects.all()] == ["It is hot"]


def test_a_demonstration_takes_no_problem_and_keeps_the_words(as_clinic):
    as_clinic(name="")
    response = say(asked(), "It is hot", problem="yes")

    assert response.status_code == 422
    assert "Nobody reads this demonstration" in said(response)
    assert "It is hot</textarea>" in said(response)
    assert not Message.objects.exists()


def test_a_correction_that_names_a_problem_is_urgent():
    enquiry = asked()
    response = correct(enquiry, problem="yes")

    assert link_in(response.headers["Location"]) == enquiry.link
    assert (stored().problem, stored().priority) == (True, Priority.URGENT)
    assert len(urgent_mails()) == 1


def test_a_correction_of_something_else_makes_nothing_urgent_again():
    correct(asked(problem=True, priority=Priority.NORMAL), problem="yes", name="Maria")

    assert (stored().contact["name"], stored().urgent) == ("Maria", False)


def test_a_problem_taken_back_is_left_to_staff():
    correct(asked(problem=True, priority=Priority.URGENT), problem="no")

    assert (stored().problem, stored().urgent) == (False, True)


def test_the_page_says_first_not_to_wait_and_promises_nothing(client):
    enquiry = asked(problem=True, priority=Priority.URGENT)
    html = said(client.get(page(enquiry)))

    assert heading(html) == "Do not wait for our answer"
    assert html.index("your lips, tongue or throat swell fast") < html.index("What you can do here")
    assert "answer by" not in html


@pytest.mark.parametrize(
    "settled",
    [
        {"answered_at": timezone.now(), "next_on": timezone.localdate()},
        {"state": State.WAITING},
        {"state": State.CLOSED, "close_reason": "visited"},
    ],
)
def test_once_staff_have_settled_it_the_page_says_so(client, settled):
    enquiry = asked(**{"problem": True, "priority": Priority.URGENT} | settled)

    html = said(client.get(page(enquiry)))
    assert "your lips, tongue or throat swell fast" not in html
    assert "answer by" not in html


def test_what_staff_call_not_urgent_has_the_time_that_is_stored(client, open_clinic):
    enquiry = asked(problem=True, priority=Priority.NORMAL)

    html = said(client.get(page(enquiry)))
    assert "your lips, tongue or throat swell fast" not in html
    assert f"answer by {day_and_time(enquiry.due_at)}" in html
