"""What is stored is damaged: staff see that, go on working, and leave it as it is."""

import pytest
from django.db import connection

from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient.actions import add_message
from mesosite.enquiries.workflow import add_note
from tests.inbox.asking import ask, press

DAMAGED = ("1.aaaaaaaa.AAAAZZZZ", "ZZZZ-not-sealed")
COLUMNS = ["enquiry.contact", "enquiry.answers", "note.text", "message.text", "enquiry.link"]


def stored(column):
    table, field = column.split(".")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field} FROM enquiries_{table} ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


def damage(column, value):
    table, field = column.split(".")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE enquiries_{table} SET {field} = %s", [value])


@pytest.fixture
def enquiry(receptionist):
    enquiry = add_message(ask(), "Tuesday at nine")
    add_note(enquiry, "Called", by=receptionist)
    return enquiry


@pytest.mark.parametrize("value", DAMAGED)
@pytest.mark.parametrize("column", COLUMNS[:-1])
def test_the_sheet_says_that_it_cannot_be_read(desk, enquiry, column, value):
    address = f"/staff/e/{enquiry.code}/"
    assert b"cannot be read" not in desk.get(address).content
    damage(column, value)
    answer = desk.get(address)
    assert answer.status_code == 200
    assert b"cannot be read" in answer.content
    assert b"ZZZZ" not in answer.content


def test_damaged_answers_are_not_said_to_be_empty(desk, enquiry):
    damage("enquiry.answers", DAMAGED[0])
    page = desk.get(f"/staff/e/{enquiry.code}/").content.decode()
    assert [words for words in ("None ticked", "Not said", "None written") if words in page] == []
    assert "A chemical peel" in page


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("path", ["/staff/", "/staff/spam/"])
def test_the_list_goes_on(desk, enquiry, column, path):
    state = "new" if path == "/staff/" else "spam"
    type(enquiry).objects.update(state=state, visit_at="2031-12-01T12:00Z")
    damage(column, DAMAGED[0])
    answer = desk.get(path)
    assert enquiry.shown_code in answer.content.decode()
    assert b"ZZZZ" not in answer.content
    assert (b"cannot be read" in answer.content) == (column in COLUMNS[:2])


@pytest.mark.parametrize("column", COLUMNS)
def test_steps_and_notes_leave_it_as_it_is(desk, enquiry, column):
    damage(column, DAMAGED[0])
    for step in ("wait", "spam", "not_spam"):
        enquiry.refresh_from_db()
        press(desk, enquiry, step)
    press(desk, enquiry, "note", text="One more")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.notes.count()) == (State.NEW, 2)
    assert stored(column)[0] == DAMAGED[0]


def test_a_damaged_contact_is_still_found(desk, enquiry):
    damage("enquiry.contact", DAMAGED[0])
    answer = desk.post("/staff/find/", {"text": "Μαρία"}, follow=True).content.decode()
    assert enquiry.shown_code in answer
