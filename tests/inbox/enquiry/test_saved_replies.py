"""A saved reply is put into the box for this patient, and goes out only with nothing left open."""

import datetime
import re

import pytest

from mesosite.enquiries.models import SavedReply
from mesosite.enquiries.models.states import State
from tests.inbox.asking import address, ask, press

VISIT = datetime.datetime(2031, 12, 1, 12, 30, tzinfo=datetime.UTC)


@pytest.fixture
def reply():
    text = "Dear {name}, we answer by {due}. Your visit: {visit}."
    return SavedReply.objects.create(language="en", title="Visit", text=text)


def put_in(desk, enquiry, reply, **typed):
    posted = {"use_reply": "yes", "reply": getattr(reply, "pk", reply), "to": "note"} | typed
    answer = desk.post(address(enquiry, "step/"), posted)
    assert answer.status_code == 200
    page = answer.content.decode()
    return re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)[1], page


def test_it_is_filled_in_after_what_was_typed_and_is_for_the_patient(desk, reply, as_clinic):
    as_clinic()
    due = VISIT - datetime.timedelta(days=3)
    enquiry = ask(contact={"name": "Ana"}, state=State.BOOKED, visit_at=VISIT, due_at=due)

    text, page = put_in(desk, enquiry, reply, text="Hello")

    assert text == (
        "Hello\n\nDear Ana, we answer by Friday 28 November, 14:30. "
        "Your visit: Monday 1 December, 14:30."
    )
    assert re.search(r'<input[^>]*value="answer"[^>]*checked', page)
    assert not enquiry.replies.exists()


def test_what_is_not_known_stays_open_and_is_not_sent(desk, reply):
    enquiry = ask(contact={"name": "Ana"})
    text, _page = put_in(desk, enquiry, reply)
    assert text == "Dear Ana, we answer by {due}. Your visit: {visit}."

    refused = press(desk, enquiry, "answer", to="answer", text=text)

    assert refused.status_code == 422
    assert "Fill in {due}, {visit} first" in refused.content.decode()
    assert not enquiry.replies.exists()
    assert press(desk, enquiry, "answer", to="answer", text="Dear Ana {ok}").status_code == 302


def test_a_note_may_hold_what_it_likes(desk, reply):
    enquiry = ask()

    assert press(desk, enquiry, "note", to="note", text="Use {visit}").status_code == 302


@pytest.mark.parametrize("chosen", ["", "x", "0", "999999", "²", "9" * 40, "-1"])
def test_a_reply_that_is_not_there_changes_nothing_that_was_typed(desk, chosen):
    text, page = put_in(desk, ask(), chosen, text="Typed")

    assert text == "Typed"
    assert "use_reply" not in page


def test_a_name_is_never_markup(desk, reply):
    text, _page = put_in(desk, ask(contact={"name": "<b>{visit}</b>"}), reply)

    assert text.startswith("Dear &lt;b&gt;{visit}&lt;/b&gt;")
