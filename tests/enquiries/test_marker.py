"""What a patient writes is nowhere but in its encrypted row and on the envelope of the own mail.

A marker is put into everything that a browser can send; every error is provoked; then the marker
is looked for in all that the site keeps or prints.
"""

import pytest
from django.db import OperationalError
from django.urls import reverse

from mesosite.enquiries import rate_limits
from mesosite.enquiries.digits import opened
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import AuditEvent, Enquiry, Event, OutgoingMail
from mesosite.http.sessions import SessionStore
from mesosite.inbox.enquiry import views
from tests.enquiries import marked
from tests.enquiries.filled_in import FORM, stored
from tests.enquiries.marked import MARK, browser, has_mark, post, send, traces
from tests.enquiries.patient.requests import correction
from tests.log_records import logged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def printed(capfd):
    """Everything that was printed until now, the log first."""
    with logged() as log:
        yield lambda: log() + "".join(capfd.readouterr())


@pytest.fixture
def own(db):
    """The address of a patient's own page of an enquiry that is there: own("message")."""
    send({})
    return lambda name: reverse(f"enquiries:{name}", args=[opened(stored())])


@pytest.fixture(autouse=True)
def _held_by_sessions(monkeypatch):
    def encode(store, content, encode=SessionStore.encode):
        marked.HELD_BY_SESSIONS.append(repr(content))
        return encode(store, content)

    marked.HELD_BY_SESSIONS.clear()
    monkeypatch.setattr(SessionStore, "encode", encode)


@pytest.fixture
def desk(db):
    return marked.at_desk()


def test_the_marker_is_found_wherever_it_is_put(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "x").write_text(MARK.upper())
    session = SessionStore()
    session["x"] = MARK
    session.save()
    Enquiry.objects.create(topics=[MARK])
    found = traces(f"a\nb {MARK}\n")

    places = ["printed", "enquiries_enquiry", "session", str(tmp_path / "x")]
    assert [one.split(":")[0] for one in found] == places


def test_a_request_is_in_its_encrypted_row_and_on_its_envelope_alone(printed, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.VAR_DIR, settings.EMAIL_FILE_PATH = tmp_path, str(tmp_path / "mail")
    response = send({})
    contents = [mail.content for mail in OutgoingMail.objects.order_by("id")]
    send_due()

    assert has_mark(stored().contact["name"] + stored().answers["message"])
    assert [has_mark(content.pop("to")) for content in contents] == [True, False]
    assert not has_mark(str(contents) + response.headers["Location"])
    assert sum(has_mark(path.read_text()) for path in tmp_path.glob("mail/*")) == 1
    assert traces(printed()) == []


REFUSED = [
    ({"website": MARK}, 302),
    ({"phone": MARK}, 422),
    ({"problem": MARK, "topics": MARK, "help_needed": MARK, "best_time": MARK}, 422),
    ({"contact_by": MARK, "language": MARK, "leave_message": MARK, "consent": MARK}, 422),
    ({"adult": "no"}, 200),
    ({"token": MARK}, 422),
    ({"questions": MARK}, 302),
    ({"name": [MARK, MARK]}, 400),
    ({"name": f"{MARK}\0\ud83d".encode("utf-8", "surrogatepass")}, 400),
    ({f"{MARK}{n}": MARK for n in range(400)}, 400),
    ({"message": MARK * 9999}, 422),
    ({"message": MARK * 150_000}, 400),
]


@pytest.mark.parametrize(("changes", "status"), REFUSED)
def test_what_is_refused_or_held_leaves_no_trace(changes, status, printed):
    response = send(changes)

    assert response.status_code == status
    assert not has_mark(str(response.headers))
    assert traces(printed()) == []


def test_another_sites_page_leaves_no_trace(printed):
    assert send({}, origin=f"https://{MARK}.example").status_code == 403
    assert traces(printed()) == []


FAILURES = [
    ("mesosite.enquiries.models.Entry.save", OperationalError(f"Failing row: {MARK}"), 503),
    ("mesosite.enquiries.consultation.forms.submit", ValueError(MARK), 500),
    ("mesosite.enquiries.mail.messages.get_template", KeyError(MARK), 500),
    ("mesosite.enquiries.consultation.views.ConsultationForm", TypeError(MARK), 500),
    ("mesosite.enquiries.consultation.views.ticket_for", UnicodeError(MARK), 500),
]


@pytest.mark.parametrize(("place", "error", "status"), FAILURES)
def test_a_failure_leaves_a_line_without_a_trace(place, error, status, printed, monkeypatch):
    monkeypatch.setattr(place, marked.failing(error))
    response = send({})
    said = printed()

    assert response.status_code == status
    assert has_mark(response.content.decode()) == (status == 503)  # everything typed is still there
    assert type(error).__name__ in said
    assert traces(said) == []


ADDRESSES = [
    (f"/{MARK}/", {}, 404),
    (f"/?{MARK}={MARK}", {}, 200),
    (f"/consultation/?name={MARK}", {}, 200),
    (f"/consultation/?name={MARK}%ff", {}, 400),
    (f"/consultation/sent/?e={MARK}", {}, 200),
    (f"/consultation/r/{MARK}/", {}, 404),
    (f"/consultation/r/{MARK}", {}, 404),
    (f"/consultation/r/{MARK}/message/", {"method": "POST"}, 400),
    (f"/search/?q={MARK}", {}, 200),
    (f"/staff/e/{MARK}/", {}, 302),
    (f"/static/{MARK}.css", {}, 404),
    ("/", {"HTTP_HOST": MARK}, 400),
    ("/", {"HTTP_HOST": f"127.0.0.1:{MARK}"}, 400),
    (FORM, {"method": MARK}, 405),
    (FORM, {"method": "POST", "CONTENT_TYPE": MARK}, 400),
    (FORM, {"method": "POST", "CONTENT_LENGTH": MARK}, 400),
    (FORM, {"method": "POST", "CONTENT_LENGTH": "1048577", "body": MARK.encode() * 104_858}, 413),
]


@pytest.mark.parametrize(("address", "asked", "status"), ADDRESSES)
def test_an_address_or_a_header_leaves_no_trace(address, asked, status, printed):
    assert marked.ask_server(address, **asked).status == status
    assert traces(printed()) == []


CHANGES = [
    ("message", {"problem": "no", "message": MARK}, 302),
    ("message", {"problem": MARK, "message": MARK * 300}, 422),
    ("message", {"problem": "no", "message": f"{MARK}\0", "unknown": MARK}, 302),
    ("prepare", {"scar_types": MARK, "health": MARK, "consent": MARK, "agreed_to": MARK}, 422),
    ("prepare", {"unknown": MARK}, 302),
    ("correct", correction(name=MARK, email=f"{MARK}@new.example", message=MARK), 302),
    ("correct", correction(phone=MARK, topics=MARK, contact_by=MARK), 422),
    ("correct", correction(name=[MARK, MARK]), 400),
    ("withdraw", {"cancel_visit": MARK, "unknown": MARK}, 302),
    ("patient", {"message": MARK}, 302),
    ("patient", {"digits": MARK}, 302),
]


@pytest.mark.parametrize(("where", "changes", "status"), CHANGES)
def test_what_comes_through_the_patients_link_leaves_no_trace(where, changes, status, own, printed):
    link = stored().link
    response = post(browser(), own(where), changes)
    said = printed()

    assert response.status_code == status
    assert not has_mark(str(response.headers))
    assert link not in said
    assert traces(said) == []


@pytest.mark.parametrize(
    "where",
    ["patient", "message", "prepare", "correct", "patient_json", "patient_html", "withdraw"],
)
def test_reading_through_the_patients_link_leaves_no_trace(where, own, printed):
    assert browser().get(own(where), {"q": MARK}).status_code == 200
    said = printed()

    assert stored().link not in said
    assert traces(said) == []


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError(MARK), 503), (KeyError(MARK), 500)],
)
def test_a_failure_at_the_patients_link_leaves_a_line_without_a_trace(
    error, status, own, printed, monkeypatch
):
    monkeypatch.setattr("mesosite.enquiries.patient.actions.add_message", marked.failing(error))
    response = post(browser(), own("message"), {"problem": "no", "message": MARK})
    said = printed()

    assert response.status_code == status
    assert "/consultation/r/<str:link>/message/" in said
    assert stored().link not in said
    assert traces(said) == []


def test_guessed_links_and_too_many_changes_leave_no_trace(own, printed, monkeypatch):
    monkeypatch.setattr(rate_limits, "WRONG_LINKS", (0, rate_limits.WRONG_LINKS[1]))
    monkeypatch.setattr(rate_limits, "CHANGES", (0, rate_limits.CHANGES[1]))
    often = post(browser(), own("message"), {"problem": "no", "message": MARK})
    guessed = browser().get(f"/consultation/r/{MARK}/")

    assert often.status_code == 429
    assert guessed.status_code in (404, 429)
    assert traces(printed()) == []


def test_what_staff_look_for_leaves_no_trace(own, desk, printed):
    asked = post(desk, "/staff/find/", {"text": MARK})
    found = desk.get(asked.headers["Location"])

    assert not has_mark(asked.headers["Location"])
    assert stored().shown_code in found.content.decode()
    assert AuditEvent.objects.filter(what=Event.SEARCHED, details={"kind": "name", "found": 1})
    assert traces(printed()) == []


def test_an_address_that_staff_made_up_is_in_no_record(own, desk, printed):
    """The word has the form of a code."""
    asked = [desk.get(f"/staff/e/{MARK}/"), post(desk, f"/staff/e/{MARK}/step/", {"text": MARK})]
    asked.append(desk.get(f"/staff/record/request/{MARK}/"))
    assert [answer.status_code for answer in asked] == [404, 404, 403]
    assert AuditEvent.objects.get(what=Event.REFUSED).details == {"page": "inbox:record_of_enquiry"}
    assert traces(printed()) == []


def test_what_a_manager_types_at_the_record_leaves_no_trace(own, printed):
    manager = marked.at_desk("manager")
    refused = post(manager, "/staff/record/", {"code": MARK, "unknown": MARK})

    assert (refused.status_code, has_mark(refused.content.decode())) == (422, True)
    assert AuditEvent.objects.filter(what=Event.RECORD_READ).exists()
    assert traces(printed()) == []


def test_what_staff_note_and_mistype_leaves_no_trace(own, desk, printed):
    step = f"/staff/e/{stored().code}/step/"
    noted = post(desk, step, {"step": "note", "text": MARK})
    refused = post(desk, step, {"step": "note", "text": MARK * 300})
    moved = post(desk, step, {"step": "book", "version": MARK, "visit_at": MARK})
    answer = {"step": "answer", "to": "answer", "text": MARK, "version": stored().version}
    answered = post(desk, step, answer)
    undone = post(desk, f"/staff/e/{stored().code}/undo/", {"entry": MARK})

    assert [noted.status_code, refused.status_code, moved.status_code] == [302, 422, 422]
    assert [answered.status_code, undone.status_code] == [302, 302]
    assert not has_mark(noted.headers["Location"])
    assert stored().mails.filter(kind="answer").exists()
    content = stored().mails.get(kind="answer").content
    assert not has_mark(content["subject"] + content["body"])
    assert has_mark(stored().notes.get().text)
    assert AuditEvent.objects.filter(what=Event.CHANGED, details={"change": "noted"}).exists()
    assert traces(printed()) == []


def test_a_failure_at_the_desk_leaves_a_line_without_a_trace(own, desk, printed, monkeypatch):
    monkeypatch.setattr(views, "add_note", marked.failing(ValueError(MARK)))
    response = post(desk, f"/staff/e/{stored().code}/step/", {"step": "note", "text": MARK})
    said = printed()

    assert response.status_code == 500
    assert "/staff/e/<slug:code>/step/ ValueError at " in said
    assert traces(said) == []


def test_a_stranger_at_the_login_leaves_no_trace(printed):
    typed = {"login": f"{MARK}@example.com", "password": MARK}
    tried = [post(browser(), "/staff/login/", typed).status_code for _n in range(12)]

    assert set(tried) == {200}
    assert traces(printed()) == []
