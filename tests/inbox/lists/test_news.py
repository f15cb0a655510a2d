"""The patient writes again: staff see it, read it, and say so."""

import re

import pytest

from mesosite.enquiries import steps, workflow
from mesosite.enquiries.models import Entry, Message
from mesosite.enquiries.patient.actions import add_message, correct
from mesosite.inbox.enquiry import views
from tests.inbox.asking import address, ask, erased, kept, press

NOTED_ON = re.compile(r'name="version" value="(\d+)"')


def sheet(desk, enquiry):
    return desk.get(address(enquiry)).content.decode()


def mark_read(desk, enquiry, **data):
    return press(desk, enquiry, "read", **data)


@pytest.fixture
def written(receptionist):
    """An enquiry with a message that staff have read and one that they have not."""
    enquiry = add_message(ask(answers={"message": "The first words"}), "Monday is <b>fine</b>")
    enquiry.mark_read(by=receptionist)
    return add_message(enquiry, "Sorry, Tuesday\nat nine")


def test_the_story_is_told_from_its_beginning_and_what_is_new_is_marked(desk, written):
    page = sheet(desk, written)
    places = ["New from the patient", "Mark as read", "Questions", "The first words"]
    places += ["Monday is &lt;b&gt;fine&lt;/b&gt;", 'id="new"', "Tuesday<br>at nine"]
    places += ["The patient’s page says now", 'id="work"']
    assert sorted(places, key=page.index) == places
    assert page.count("<b>New</b> ·") == 1


def test_a_correction_is_news_too(desk):
    enquiry = ask()
    contact = enquiry.contact | {"name": "Maria Weber"}
    given = {"topics": enquiry.topics, "contact": contact, "answers": enquiry.answers}
    correct(enquiry, problem=False, **given)
    page = sheet(desk, enquiry)
    assert 'id="new">Corrected by the patient' in page
    assert "Maria Weber" in page


def test_read_is_news_no_more(desk, written, receptionist):
    answer = mark_read(desk, written)
    assert (answer.status_code, answer["Location"]) == (302, address(written))
    written.refresh_from_db()
    last = written.timeline.last()
    assert (written.has_news, last.kind, last.person) == (False, Entry.Kind.READ, receptionist)
    page = sheet(desk, written)
    assert "Mark as read" not in page
    assert 'id="new"' not in page
    assert "Tuesday<br>at nine" in page


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
    assert mark_read(desk, written, version=version).status_code in (409, 422)
    assert kept(written) == before


def test_marked_twice_is_marked_once(desk, written):
    mark_read(desk, written)
    before = kept(written)
    assert mark_read(desk, written).status_code == 302
    assert kept(written) == before


def add_note(desk, enquiry, **data):
    answer = press(desk, enquiry, "note", **{"text": "Called"} | data)
    assert (answer.status_code, enquiry.notes.get().text) == (302, "Called")
    enquiry.refresh_from_db()


def test_a_note_of_who_saw_all_that_is_new_takes_the_mark_off(desk, written):
    (version,) = NOTED_ON.findall(sheet(desk, written))
    add_note(desk, written, version=version)
    assert not written.has_news
    assert written.timeline.last().kind == Entry.Kind.NOTED
    assert "New from the patient" not in sheet(desk, written)


def test_a_note_leaves_a_message_new_that_came_meanwhile(desk, written):
    seen = written.version
    add_message(written, "And one more")
    add_note(desk, written, version=seen)
    assert written.has_news
    page = sheet(desk, written)
    assert page.index("Mark as read") < page.index('id="new"') < page.index("And one more")


@pytest.mark.parametrize("version", ["", "0"])
def test_a_note_of_who_saw_no_version_is_kept_and_leaves_the_mark(desk, written, version):
    add_note(desk, written, version=version)
    assert written.has_news


def test_a_note_where_nothing_is_new_says_nothing_of_reading(desk):
    enquiry = ask()
    add_note(desk, enquiry, version=enquiry.version)
    assert (enquiry.timeline.last().kind, enquiry.version) == (Entry.Kind.NOTED, 1)


def test_a_message_in_the_moment_of_a_note_stays_new(desk, written, monkeypatch):
    """The note is stored all the same."""

    def first_write(enquiry, press):
        add_message(enquiry, "And one more")
        return steps.take_step(enquiry, press)

    monkeypatch.setattr(views, "take_step", first_write)
    answer = press(desk, written, "note", text="Called")
    written.refresh_from_db()
    assert (answer.status_code, written.notes.get().text, written.has_news) == (302, "Called", True)


def test_a_note_on_what_was_erased_meanwhile_is_given_back(desk, written):
    tombstone = kept(erased(written))
    answer = press(desk, written, "note", text="Called.\nNo <b>answer</b>")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This was erased while you were reading" in page
    assert "Called.<br>No &lt;b&gt;answer&lt;/b&gt;" in page
    assert kept(written) == tombstone


def test_a_note_in_the_moment_of_erasing_is_given_back(desk, written, monkeypatch):
    def first_erase(enquiry, text, *, by):
        erased(enquiry)
        return workflow.add_note(enquiry, text, by=by)

    monkeypatch.setattr(views, "add_note", first_erase)
    answer = press(desk, written, "note", text="Called", version=0)
    assert answer.status_code == 409
    assert b"Called" in answer.content
    assert not written.notes.exists()


def test_a_step_on_what_was_erased_meanwhile_says_what_was_chosen(desk, written):
    seen = written.version
    erased(written)
    answer = press(desk, written, "close", reason="cannot_help", version=seen)
    assert answer.status_code == 409
    assert "You had chosen: Close, We cannot help." in answer.content.decode()


def test_a_tombstone_has_its_dates_and_nothing_to_do(desk, written):
    page = sheet(desk, erased(written))
    assert "Erased on" in page
    assert written.shown_code in page
    assert "/step/" not in page
    assert not Message.objects.exists()
