import datetime

import pytest
from django.utils import timezone

from mesosite.enquiries.models.states import TRANSITIONS, State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic
from tests.inbox.search_terms import ask, erased, kept

STEP = {State.BOOKED: {"visit_at": "2026-12-01T14:30"}, State.CLOSED: {"reason": "visited"}}


@pytest.fixture(autouse=True)
def _before_the_visits(monkeypatch):
    at = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr("mesosite.inbox.forms.timezone.now", lambda: at)


def address(enquiry, step=""):
    return f"/staff/e/{enquiry.code}/{step}"


def take(browser, enquiry, to, **data):
    return browser.post(address(enquiry, f"move/{to}/"), {"version": enquiry.version} | data)


def row(state):
    """What the database asks of a row in this state."""
    return {
        "state": state,
        "visit_at": timezone.now() if state == State.BOOKED else None,
        "close_reason": "visited" if state == State.CLOSED else "",
    }


@pytest.fixture
def full(desk):
    """The page of an enquiry of a patient who filled in everything."""
    enquiry = ask(
        topics=["platelets"],
        contact={"phone": "+306912345678", "contact_by": "text", "best_time": ["morning"]}
        | {"leave_message": "no", "help_needed": ["interpreter"]},
        problem=True,
        answers={"message": "Line one\nLine two", "health": ["cold_sores"]}
        | {"scar_types": ["boxcar"], "questions": [{"id": "a", "text": "What is in it?"}]},
    )
    return desk.get(address(enquiry)).content.decode()


def test_staff_are_told_that_a_code_proves_nothing_about_who_calls(full):
    assert "A code, a name or an address proves nothing about who is calling." in full


CONTACT = ["Μαρία Παπά", "mailto:m@example.org", 'href="tel:+306912345678"', "+30 691 234 5678"]
ANSWERS = ["A problem after a treatment, Your own platelets", "An interpreter", "Boxcar"]
ANSWERS += ["I get cold sores", "Line one<br>Line two"]


@pytest.mark.parametrize("words", [*CONTACT, "Morning", "Text message", "<dd>No</dd>", "English"])
def test_the_page_shows_how_to_reach_the_patient(full, words):
    assert words in full


@pytest.mark.parametrize("words", ANSWERS)
def test_the_page_shows_all_that_the_patient_wrote(full, words):
    assert words in full


def test_the_questions_stand_first_and_the_message_last(full):
    places = ["What is in it?", "I get cold sores", "Line one"]
    assert sorted(places, key=full.index) == places


def test_what_was_left_out_is_said_to_be(desk):
    page = desk.get(address(ask(topics=[]))).content.decode()
    assert page.count("Not said") == 3  # what it is about, health, scars


@pytest.mark.parametrize("field", ["name", "email", "phone", "contact_by", "language"])
def test_contact_is_never_markup(desk, field):
    page = desk.get(address(ask(contact={field: '"><script>x</script>'}))).content
    assert b"<script>x" not in page


@pytest.mark.parametrize("field", ["message", "health", "scar_types", "questions"])
def test_answers_are_never_markup(desk, field):
    text = "<script>x</script>"
    value = {"message": text, "questions": [{"id": "a", "text": text}]}.get(field, [text])
    assert b"<script>x" not in desk.get(address(ask(answers={field: value}))).content


def test_a_code_nobody_has_is_not_there(desk):
    assert desk.get("/staff/e/0000000000/").status_code == 404


@pytest.mark.parametrize(("old", "new"), [(old, new) for old in State for new in TRANSITIONS[old]])
def test_every_step_of_the_table_can_be_taken(desk, old, new, receptionist):
    enquiry = ask(**row(old))
    answer = take(desk, enquiry, new, **STEP.get(new, {}))
    assert (answer.status_code, answer["Location"]) == (302, address(enquiry))
    enquiry.refresh_from_db()
    entry = enquiry.timeline.last()
    assert (enquiry.state, enquiry.version) == (new, 2)
    assert (entry.person, entry.from_state, entry.to_state) == (receptionist, old, new)


@pytest.mark.parametrize("old", [state for state in State if state != State.ERASED])
def test_no_other_step_can_be_taken(desk, old):
    enquiry = ask(**row(old))
    before = kept(enquiry)
    for new in {*State} - {*enquiry.next_states}:
        assert take(desk, enquiry, new, **STEP.get(new, {})).status_code == 422
    assert desk.post(address(enquiry, "move/eaten/"), {"version": 1}).status_code == 404
    assert kept(enquiry) == before


@pytest.mark.parametrize("to", State)
def test_no_step_leads_out_of_erased(desk, to):
    enquiry = erased(ask())
    before = kept(enquiry)
    assert take(desk, enquiry, to, **STEP.get(to, {})).status_code == 409
    assert kept(enquiry) == before


@pytest.mark.parametrize(
    ("to", "data"),
    [
        (State.BOOKED, {}),
        (State.BOOKED, {"visit_at": "tomorrow"}),
        (State.BOOKED, {"visit_at": "0001-01-01T00:00"}),
        (State.BOOKED, {"visit_at": "9999-12-31T23:59"}),
        (State.BOOKED, {"visit_at": "2027-03-28T03:30"}),  # left out by the clocks in Athens
        (State.CLOSED, {}),
        (State.CLOSED, {"reason": "bored"}),
        (State.WAITING, {"version": "x"}),
        (State.WAITING, {"version": ""}),
    ],
)
def test_a_step_with_a_wrong_answer_changes_nothing(desk, to, data):
    enquiry = ask()
    before = kept(enquiry)
    answer = take(desk, enquiry, to, **data)
    assert answer.status_code == 422
    assert b"There is a problem" in answer.content
    assert kept(enquiry) == before


def book(desk, visit_at):
    enquiry = ask()
    page = take(desk, enquiry, "booked", visit_at=visit_at).content.decode()
    enquiry.refresh_from_db()
    return enquiry.state, page


def test_a_visit_more_than_a_day_ago_is_not_booked(desk):
    state, page = book(desk, "2026-11-19T10:59")
    assert state == State.NEW
    assert "This is in the past. Check the day." in page


def test_a_visit_of_the_last_day_is_still_booked(desk):
    assert book(desk, "2026-11-19T11:01")[0] == State.BOOKED


def test_a_visit_in_another_decade_is_taken_for_a_slip(desk):
    state, page = book(desk, "2062-12-01T10:00")
    assert state == State.NEW
    assert "Check the year: this is more than two years away." in page


def test_the_visit_is_at_the_clinics_time(desk):
    enquiry = ask()
    take(desk, enquiry, "booked", visit_at="2026-12-01T14:30")
    enquiry.refresh_from_db()
    assert enquiry.visit_at == datetime.datetime(2026, 12, 1, 14, 30, tzinfo=clinic().tz)
    assert b"Tue 1 Dec, 14:30" in desk.get(address(enquiry)).content


def test_who_saw_an_older_version_changes_nothing(desk):
    enquiry = ask()
    take(desk, enquiry, "waiting")
    before = kept(enquiry)
    answer = take(desk, enquiry, "booked", visit_at="2026-12-01T14:30")
    assert answer.status_code == 409
    assert b"Someone changed this while you were reading" in answer.content
    assert kept(enquiry) == before


def test_what_was_typed_stays_and_goes_through_the_second_time(desk):
    enquiry = ask()
    take(desk, enquiry, "waiting")
    page = take(desk, enquiry, "booked", visit_at="2026-12-01T14:30").content.decode()
    assert 'value="2026-12-01T14:30"' in page
    assert "Tue 1 Dec 2026, 14:30" in page
    enquiry.refresh_from_db()
    assert f'name="version" value="{enquiry.version}"' in page


def test_a_change_between_reading_and_writing_is_not_overwritten(desk, monkeypatch):
    enquiry = ask()

    def meanwhile():
        type(enquiry).objects.filter(pk=enquiry.pk).update(version=7, state=State.SPAM)
        return write()

    monkeypatch.setattr("mesosite.inbox.views.write", meanwhile)
    assert take(desk, enquiry, "waiting").status_code == 409
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.timeline.count()) == (State.SPAM, 1)


def test_a_note_is_kept_with_who_wrote_it(desk, receptionist):
    enquiry = ask()
    answer = desk.post(address(enquiry, "note/"), {"text": "Called.\nNo <b>answer</b>"})
    assert (answer.status_code, answer["Location"]) == (302, address(enquiry))
    assert enquiry.notes.get().person == receptionist
    assert (enquiry.timeline.last().kind, enquiry.timeline.last().person) == ("noted", receptionist)
    page = desk.get(address(enquiry)).content.decode()
    assert "Called.<br>No &lt;b&gt;answer&lt;/b&gt;" in page
    assert page.count("Eleni Kosta") == 3  # above, at the note, in the timeline


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "\u200b\u2060"])
def test_a_note_that_cannot_be_kept_changes_nothing(desk, text):
    enquiry = ask()
    before = kept(enquiry)
    answer = desk.post(address(enquiry, "note/"), {"text": text})
    assert answer.status_code == 422
    assert text.strip().encode() in answer.content
    assert kept(enquiry) == before
