"""The patient writes again: staff see it, read it, and say so."""

import re

import pytest

from mesosite.enquiries import workflow
from mesosite.enquiries.models import Entry, Message
from mesosite.enquiries.patient.actions import add_message, correct
from mesosite.inbox import forms
from tests.inbox.search_terms import ask, erased, kept

NOTED_ON = re.compile(r'/note/"[^>]*>[^/]*?name="version" value="(\d+)"')


def address(enquiry, step=""):
    return f"/staff/e/{enquiry.code}/{step}"


def sheet(desk, enquiry):
    return desk.get(address(enquiry)).content.decode()


def mark_read(desk, enquiry, **data):
    return desk.post(address(enquiry, "read/"), {"version": enquiry.version} | data)


@pytest.fixture
def written(receptionist):
    """An enquiry with a message that staff have read and one that they have not."""
    enquiry = add_message(ask(answers={"message": "The first words"}), "Monday is <b>fine</b>")
    enquiry.mark_read(by=receptionist)
    return add_message(enquiry, "Sorry, Tuesday\nat nine")


def test_what_is_new_stands_before_all_else(desk, written):
    page = sheet(desk, written)
    places = ["New from the patient", "Tuesday<br>at nine", "Mark as read", "Questions"]
    places += ["The first words", "Later messages", "Monday is &lt;b&gt;fine&lt;/b&gt;", "Notes"]
    assert sorted(places, key=page.index) == places


def test_of_several_new_messages_the_newest_stands_first(desk, written):
    page = sheet(desk, add_message(written, "No, Friday"))
    places = ["New from the patient", "No, Friday", "Tuesday<br>at nine", "Mark as read"]
    assert sorted(places, key=page.index) == places


def test_a_correction_is_news_too(desk):
    enquiry = ask()
    contact = enquiry.contact | {"name": "Maria Weber"}
    given = {"topics": enquiry.topics, "contact": contact, "answers": enquiry.answers}
    correct(enquiry, problem=False, **given)
    page = sheet(desk, enquiry)
    assert page.index("were corrected") < page.index("Questions")
    assert "Maria Weber" in page


def test_read_is_news_no_more(desk, written, receptionist):
    answer = mark_read(desk, written)
    assert (answer.status_code, answer["Location"]) == (302, address(written))
    written.refresh_from_db()
    last = written.timeline.last()
    assert (written.has_news, last.kind, last.person) == (False, Entry.Kind.READ, receptionist)
    page = sheet(desk, written)
    assert "Mark as read" not in page
    assert page.index("Later messages") < page.index("Tuesday<br>at nine")


def test_a_message_that_came_meanwhile_stays_new(desk, written):
    seen = written.version
    add_message(written, "And one more")
    before = kept(written)
    answer = mark_read(desk, written, version=seen)
    assert answer.status_code == 409
    assert "And one more" in answer.content.decode()
    assert kept(written) == before


@pytest.mark.parametrize("version", ["", "x", "0"])
def test_a_version_that_nobody_saw_marks_nothing(desk, written, version):
    before = kept(written)
    assert mark_read(desk, written, version=version).status_code == 409
    assert kept(written) == before


def test_marked_twice_is_marked_once(desk, written):
    mark_read(desk, written)
    before = kept(written)
    assert mark_read(desk, written).status_code == 302
    assert kept(written) == before


def add_note(desk, enquiry, **data):
    answer = desk.post(address(enquiry, "note/"), {"text": "Called"} | data)
    assert (answer.status_code, enquiry.notes.get().text) == (302, "Called")
    enquiry.refresh_from_db()


def test_a_note_of_who_saw_all_that_is_new_takes_the_mark_off(desk, written):
    (version,) = NOTED_ON.findall(sheet(desk, written))
    add_note(desk, written, version=version)
    assert not written.has_news
    assert written.timeline.last().kind == Entry.Kind.READ
    assert "New from the patient" not in sheet(desk, written)


def test_a_note_leaves_a_message_new_that_came_meanwhile(desk, written):
    seen = written.version
    add_message(written, "And one more")
    add_note(desk, written, version=seen)
    assert written.has_news
    page = sheet(desk, written)
    assert page.index("New from the patient") < page.index("And one more")
    assert page.index("And one more") < page.index("Mark as read")


@pytest.mark.parametrize("version", ["", "0"])
def test_a_note_of_who_saw_no_version_is_kept_and_leaves_the_mark(desk, written, version):
    add_note(desk, written, version=version)
    assert written.has_news


def test_a_note_where_nothing_is_new_says_nothing_of_reading(desk):
    enquiry = ask()
    add_note(desk, enquiry, version=enquiry.version)
    assert (enquiry.timeline.last().kind, enquiry.version) == (Entry.Kind.NOTED, 1)


def test_a_message_in_the_moment_of_a_note_stays_new(desk, written, monkeypatch):
    def first_write(enquiry, text, *, by):
        store(enquiry, text, by=by)
        add_message(enquiry, "And one more")

    store = workflow.add_note
    monkeypatch.setattr(forms, "add_note", first_write)
    add_note(desk, written, version=written.version)
    assert written.has_news


def test_a_note_on_what_was_erased_meanwhile_is_given_back(desk, written):
    tombstone = kept(erased(written))
    answer = desk.post(address(written, "note/"), {"text": "Called.\nNo <b>answer</b>"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This was erased while you were reading" in page
    assert "Called.<br>No &lt;b&gt;answer&lt;/b&gt;" in page
    assert kept(written) == tombstone


def test_a_note_in_the_moment_of_erasing_is_given_back(desk, written, monkeypatch):
    def first_erase(enquiry, text, *, by):
        erased(enquiry)
        return workflow.add_note(enquiry, text, by=by)

    monkeypatch.setattr(forms, "add_note", first_erase)
    answer = desk.post(address(written, "note/"), {"text": "Called"})
    assert answer.status_code == 409
    assert b"Called" in answer.content
    assert not written.notes.exists()


def test_a_step_on_what_was_erased_meanwhile_says_what_was_chosen(desk, written):
    step = {"version": written.version, "reason": "declined"}
    erased(written)
    answer = desk.post(address(written, "move/closed/"), step)
    assert answer.status_code == 409
    assert "You had chosen: Closed, Declined." in answer.content.decode()


def test_a_tombstone_has_its_dates_and_nothing_to_do(desk, written):
    page = sheet(desk, erased(written))
    assert "Erased on" in page
    assert written.shown_code in page
    assert "/move/" not in page
    assert "/note/" not in page
    assert not Message.objects.exists()
