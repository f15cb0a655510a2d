import datetime

import pytest
from django.utils import timezone

from mesosite.enquiries.models import AuditEvent, Event
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic
from tests.inbox.asking import address, ask, erased, kept, press

VISIT = {"visit_at": "2026-12-01T14:30"}


@pytest.fixture(autouse=True)
def _before_the_visits(monkeypatch):
    at = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr("mesosite.inbox.enquiry.forms.timezone.now", lambda: at)


def row(state):
    """What the database asks of a row in this state."""
    return {
        "state": state,
        "visit_at": timezone.now() if state == State.BOOKED else None,
        "close_reason": "visited" if state == State.CLOSED else "",
    }


def ask_everything():
    """The enquiry of a patient who filled in everything."""
    return ask(
        topics=["platelets"],
        contact={"phone": "+306912345678", "contact_by": "text", "best_time": ["morning"]}
        | {"leave_message": "no", "help_needed": ["interpreter"]},
        problem=True,
        answers={"message": "Line one\nLine two", "health": ["cold_sores"]}
        | {"scar_types": ["boxcar"], "questions": [{"id": "a", "text": "What is in it?"}]},
    )


@pytest.fixture
def full(desk):
    """The page of `ask_everything`, as reception sees it."""
    return desk.get(address(ask_everything())).content.decode()


@pytest.fixture
def full_for_clinicians(surgery):
    return surgery.post(address(ask_everything(), "health/")).content.decode()


def test_staff_are_told_that_a_code_proves_nothing_about_who_calls(full):
    assert "A code, a name or an address proves nothing about who is calling." in full


CONTACT = ["Μαρία Παπά", "mailto:m@example.org", 'href="tel:+306912345678"', "+30 691 234 5678"]
ANSWERS = ["A problem after a treatment, Your own platelets", "An interpreter", "Boxcar"]
ANSWERS += ["I get cold sores", "Line one<br>Line two"]


@pytest.mark.parametrize(
    "words", [*CONTACT, "Morning", "Text message", "Leave no message", "English"]
)
def test_the_page_shows_how_to_reach_the_patient(full, words):
    assert words in full


@pytest.mark.parametrize("words", ANSWERS)
def test_a_clinician_reads_all_that_the_patient_wrote(full_for_clinicians, words):
    assert words in full_for_clinicians


def test_the_questions_stand_first_and_the_message_last(full_for_clinicians):
    places = ["What is in it?", "I get cold sores", "Line one"]
    assert sorted(places, key=full_for_clinicians.index) == places


def test_what_was_left_out_is_said_to_be(surgery):
    page = surgery.get(address(ask(topics=[]))).content.decode()
    assert page.count("Not said") == 2  # what it is about; health and scars


@pytest.mark.parametrize("field", ["name", "email", "phone", "contact_by", "language"])
def test_contact_is_never_markup(desk, field):
    page = desk.get(address(ask(contact={field: '"><script>x</script>'}))).content
    assert b"<script>x" not in page


@pytest.mark.parametrize("field", ["message", "health", "scar_types", "questions"])
def test_answers_are_never_markup(surgery, field):
    text = "<script>x</script>"
    value = {"message": text, "questions": [{"id": "a", "text": text}]}.get(field, [text])
    shown = surgery.post(address(ask(answers={field: value}), "health/")).content
    assert b"&lt;script&gt;x" in shown
    assert b"<script>x" not in shown


def test_health_answers_stand_behind_a_button_which_is_recorded(surgery, clinician):
    enquiry = ask_everything()
    typed = {"text": "I ring her at six", "to": "note"}

    before = surgery.get(address(enquiry)).content.decode()
    after = surgery.post(address(enquiry, "health/"), typed).content.decode()

    assert "The record keeps who reads them." in before
    assert not any(words in before for words in ("I get cold sores", "Boxcar"))
    assert all(words in after for words in ("I get cold sores", "Boxcar", "I ring her at six"))
    assert AuditEvent.objects.filter(
        what=Event.HEALTH_READ, person=clinician, code=enquiry.code
    ).exists()
    assert "I get cold sores" not in surgery.get(address(enquiry)).content.decode()


def test_health_answers_that_were_not_given_have_no_button(surgery):
    page = surgery.post(address(ask(), "health/")).content.decode()
    assert "The record keeps who reads them." not in page
    assert not AuditEvent.objects.filter(what=Event.HEALTH_READ).exists()


def test_a_code_nobody_has_is_not_there(desk):
    assert desk.get("/staff/e/0000000000/").status_code == 404


# The state after each step, from each state: None where the step is refused.
NEW, WORK, WAITS = State.NEW, State.IN_PROGRESS, State.WAITING
BOOKED, CLOSED, SPAM = State.BOOKED, State.CLOSED, State.SPAM
STATES = (NEW, WORK, WAITS, BOOKED, CLOSED, SPAM)
LEADS_TO = {
    "take": (WORK, WORK, WAITS, BOOKED, WORK, SPAM),
    "hand_over": (WORK, WORK, WAITS, BOOKED, WORK, SPAM),
    "spoke": (WORK, WORK, WORK, BOOKED, WORK, SPAM),
    "no_answer.tomorrow": (WORK, WORK, WORK, BOOKED, WORK, SPAM),
    "wrong_number": (WORK, WORK, WORK, BOOKED, WORK, SPAM),
    "next_day.later": (WORK, WORK, WORK, BOOKED, WORK, SPAM),
    "wait": (WAITS, WAITS, WAITS, None, WAITS, WAITS),
    "book": (BOOKED, BOOKED, BOOKED, None, BOOKED, BOOKED),
    "close": (CLOSED, CLOSED, CLOSED, CLOSED, None, CLOSED),
    "write_and_close": (CLOSED, CLOSED, CLOSED, CLOSED, None, CLOSED),
    "cancel_visit": (WORK, None, WORK, WORK, WORK, WORK),
    "spam": (SPAM, SPAM, SPAM, SPAM, SPAM, None),
    "not_spam": (None, None, None, None, None, NEW),
    "read": STATES,
    "note": STATES,
    "urgent": STATES,
}
CASES = [
    (step, old, new)
    for step, after in LEADS_TO.items()
    for old, new in zip(STATES, after, strict=1)
]


@pytest.mark.parametrize(("step", "old", "new"), CASES)
def test_each_step_from_each_state(desk, receptionist, step, old, new):
    enquiry = ask(**row(old), has_news=True)
    before = kept(enquiry)
    answer = press(desk, enquiry, step, text="x", reason="visited", **VISIT)
    enquiry.refresh_from_db()
    if new is None:
        assert (answer.status_code, kept(enquiry)) == (422, before)
        return
    assert (answer.status_code, enquiry.state) == (302, new)
    entry = enquiry.timeline.last()
    changed = new if new != old or step == "not_spam" else ""
    assert (entry.person, entry.to_state) == (receptionist, changed)


@pytest.mark.parametrize("step", LEADS_TO)
def test_no_step_leads_out_of_erased(desk, step):
    enquiry = erased(ask())
    before = kept(enquiry)
    answer = press(desk, enquiry, step, text="x", reason="visited", **VISIT)
    assert answer.status_code == (302 if step == "read" else 409)
    assert kept(enquiry) == before


@pytest.mark.parametrize(
    ("to", "data"),
    [
        ("book", {}),
        ("book", {"visit_at": "tomorrow"}),
        ("book", {"visit_at": "0001-01-01T00:00"}),
        ("book", {"visit_at": "9999-12-31T23:59"}),
        ("book", {"visit_at": "2027-03-28T03:30"}),  # left out by the clocks in Athens
        ("close", {}),
        ("close", {"reason": "bored"}),
        ("wait", {"version": "x"}),
    ],
)
def test_a_step_with_a_wrong_answer_changes_nothing(desk, to, data):
    enquiry = ask()
    before = kept(enquiry)
    answer = press(desk, enquiry, to, **data)
    assert answer.status_code == 422
    assert b"There is a problem" in answer.content
    assert kept(enquiry) == before


def book(desk, visit_at):
    enquiry = ask()
    page = press(desk, enquiry, "book", visit_at=visit_at).content.decode()
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
    press(desk, enquiry, "book", visit_at="2026-12-01T14:30")
    enquiry.refresh_from_db()
    assert enquiry.visit_at == datetime.datetime(2026, 12, 1, 14, 30, tzinfo=clinic().tz)
    assert b"Tue 1 Dec, 14:30" in desk.get(address(enquiry)).content


def test_who_saw_an_older_version_changes_nothing(desk):
    enquiry = ask()
    press(desk, enquiry, "wait")
    before = kept(enquiry)
    answer = press(desk, enquiry, "book", visit_at="2026-12-01T14:30")
    assert answer.status_code == 409
    assert b"Someone changed this while you were reading" in answer.content
    assert kept(enquiry) == before


def test_what_was_typed_stays_and_goes_through_the_second_time(desk):
    enquiry = ask()
    press(desk, enquiry, "wait")
    page = press(desk, enquiry, "book", visit_at="2026-12-01T14:30").content.decode()
    assert 'value="2026-12-01T14:30"' in page
    assert "Tue 1 Dec 2026, 14:30" in page
    enquiry.refresh_from_db()
    assert f'name="version" value="{enquiry.version}"' in page


def test_a_change_between_reading_and_writing_is_not_overwritten(desk, monkeypatch):
    enquiry = ask()

    def meanwhile():
        type(enquiry).objects.filter(pk=enquiry.pk).update(version=7, state=State.SPAM)
        return write()

    monkeypatch.setattr("mesosite.enquiries.steps.write", meanwhile)
    assert press(desk, enquiry, "wait").status_code == 409
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.timeline.count()) == (State.SPAM, 1)


def test_a_note_is_kept_with_who_wrote_it(desk, receptionist):
    enquiry = ask()
    answer = press(desk, enquiry, "note", text="Called.\nNo <b>answer</b>")
    assert (answer.status_code, answer["Location"]) == (302, address(enquiry))
    assert enquiry.notes.get().person == receptionist
    assert (enquiry.timeline.last().kind, enquiry.timeline.last().person) == ("noted", receptionist)
    page = desk.get(address(enquiry)).content.decode()
    assert "Called.<br>No &lt;b&gt;answer&lt;/b&gt;" in page
    assert "<b>Clinic only</b> · <bdi>Eleni Kosta</bdi>" in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "\u200b\u2060"])
def test_a_note_that_cannot_be_kept_changes_nothing(desk, text):
    enquiry = ask()
    before = kept(enquiry)
    answer = press(desk, enquiry, "note", text=text)
    assert answer.status_code == 422
    assert text.strip().encode() in answer.content
    assert kept(enquiry) == before
