"""The Spam tab: nothing goes before staff have looked at it."""

import re

import pytest

from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.workflow import change_state
from tests.inbox.asking import ask, kept, press

SHOWN = re.compile(r'name="seen" value="([^"]+)"')


def tab(desk):
    return desk.get("/staff/spam/").content.decode()


def mark(desk, *rows):
    return desk.post("/staff/spam/seen/", {"seen": rows}, follow=True).content.decode()


def test_the_rows_that_were_shown_are_marked_as_seen(desk, receptionist):
    made = [ask(suspect=True), ask(suspect=True)]
    assert tab(desk).count("Not looked at yet") == 2
    page = mark(desk, *SHOWN.findall(tab(desk)))
    assert "2 marked as looked at." in page
    assert page.count("kept until ") == 2
    assert "I have looked at these" not in page
    for enquiry in made:
        enquiry.refresh_from_db()
        assert enquiry.seen_at is not None
        assert enquiry.timeline.last().person == receptionist


def test_what_came_after_the_page_was_shown_is_not_marked(desk):
    first = ask(suspect=True)
    shown = SHOWN.findall(tab(desk))
    later = ask(suspect=True)
    mark(desk, *shown)
    first.refresh_from_db(), later.refresh_from_db()
    assert (first.seen_at is None, later.seen_at is None) == (False, True)


def test_what_has_changed_since_is_not_marked(desk):
    enquiry = ask(suspect=True)
    shown = SHOWN.findall(tab(desk))
    add_message(enquiry, "I am a person")
    before = kept(enquiry)
    assert "0 marked as looked at. 1 has changed meanwhile: look again." in mark(desk, *shown)
    assert kept(enquiry) == before


def test_what_is_no_spam_any_more_is_not_marked(desk, receptionist):
    enquiry = ask(suspect=True)
    change_state(enquiry, State.NEW, by=receptionist)
    before = kept(enquiry)
    mark(desk, f"{enquiry.code}.{enquiry.version}")
    assert kept(enquiry) == before


@pytest.mark.parametrize("row", ["", "x", ".", "7KQ1M0XNTB", "7KQ1M0XNTB.", "7KQ1M0XNTB.x", "é.1"])
def test_a_made_up_row_marks_nothing(desk, row):
    enquiry = ask(suspect=True, code="7KQ1M0XNTB")
    before = kept(enquiry)
    mark(desk, row)
    assert kept(enquiry) == before


def test_one_is_marked_on_its_own_page_too(desk):
    enquiry = ask(suspect=True)
    assert b"I have looked at it" in desk.get(f"/staff/e/{enquiry.code}/").content
    press(desk, enquiry, "read")
    enquiry.refresh_from_db()
    assert enquiry.seen_at is not None
    assert b"I have looked at it" not in desk.get(f"/staff/e/{enquiry.code}/").content


def test_a_note_alone_does_not_say_that_it_was_looked_at(desk):
    enquiry = ask(suspect=True)
    assert press(desk, enquiry, "note", text="Ask Eleni").status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.seen_at, enquiry.notes.count()) == (None, 1)


def test_the_page_that_was_open_is_shown_again(desk):
    answer = desk.post("/staff/spam/seen/?after=x%3Ay", {"seen": []})
    assert answer["Location"] == "/staff/spam/?after=x%3Ay"
