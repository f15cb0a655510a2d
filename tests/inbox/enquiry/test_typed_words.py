"""What staff type is stored once, or comes back in the page: whatever became of the login."""

import datetime
import re

import pytest
from django.db import OperationalError
from django.utils import timezone

from mesosite.enquiries.models import Note
from mesosite.enquiries.models.states import State
from mesosite.inbox.accounts import make_login
from tests.inbox.asking import Browser, ask, erased, kept, press
from tests.inbox.conftest import PASSWORD

WORDS = "Called. Prefers mornings; ask about <isotretinoin>"
SHOWN = "Called. Prefers mornings; ask about &lt;isotretinoin&gt;</textarea>"
STEPS = [
    ("wait", {}),
    ("close", {"reason": "against"}),
    ("book", {"visit_at": ""}),
    ("take", {}),
    ("hand_over", {}),
    ("no_answer.tomorrow", {}),
    ("spoke", {}),
    ("next_day.later", {}),
]
AFTER = {"wait": State.WAITING, "close": State.CLOSED, "book": State.BOOKED}
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def visit(hour=14):
    day = timezone.localdate() + datetime.timedelta(days=30)
    return f"{day}T{hour:02}:30"


def post(browser, enquiry, step="note", **data):
    return press(browser, enquiry, step, **{"text": WORDS} | data)


def page(browser, enquiry):
    return browser.get(f"/staff/e/{enquiry.code}/").content.decode()


def notes(enquiry):
    return [note.text for note in enquiry.notes.all()]


def test_every_button_of_the_page_belongs_to_the_form_of_the_note(desk):
    """A button of another form would leave the note behind. Return presses the disabled one."""
    main = page(desk, ask(has_news=True)).partition("<main")[2]
    before, work = main.partition('id="work"')[::2]
    inside, after = work.partition("</form>")[::2]
    assert "disabled" in re.findall(r"<button[^>]*>", inside)[0]
    outside = re.findall(r"<button[^>]*>", before + after)
    assert len(outside) == 2  # I take this, Mark as read
    assert all('form="work"' in button for button in outside)


@pytest.mark.parametrize(("to", "data"), STEPS)
def test_a_step_takes_the_note_along(desk, receptionist, to, data):
    enquiry = ask()
    given = {name: value or visit() for name, value in data.items()}
    assert post(desk, enquiry, to, **given).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, notes(enquiry)) == (AFTER.get(to, State.IN_PROGRESS), [WORDS])
    assert enquiry.notes.get().person == receptionist


def test_marking_as_read_takes_the_note_along(desk):
    enquiry = ask(has_news=True)
    assert post(desk, enquiry, "read").status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.has_news, notes(enquiry)) == (False, [WORDS])


@pytest.mark.parametrize(
    ("step", "data", "status"),
    [
        ("book", {"visit_at": "soon"}, 422),
        ("close", {"reason": ""}, 422),
        ("close", {"reason": "declined"}, 422),  # of old closings alone
        ("not_spam", {}, 422),
        ("wait", {"wait_until": "2020-01-01"}, 422),
        ("next_day.chosen", {"call_on": "soon"}, 422),
        ("no_answer.chosen", {"try_on": ""}, 422),
        ("no_answer", {}, 422),
        ("", {}, 422),
        ("dance", {}, 422),
        ("wait", {"version": "7"}, 409),
        ("take", {"version": ""}, 409),
        ("read", {"version": "7"}, 409),
    ],
)
def test_a_step_that_is_refused_stores_nothing_and_gives_the_note_back(desk, step, data, status):
    enquiry = ask(has_news=True)
    before = kept(enquiry)
    answer = post(desk, enquiry, step, **data)
    assert answer.status_code == status
    assert SHOWN in answer.content.decode()
    assert kept(enquiry) == before


def test_a_note_too_long_for_a_step_keeps_both_back(desk):
    enquiry = ask()
    before = kept(enquiry)
    answer = post(desk, enquiry, "book", text="x" * 2001, visit_at=visit())
    assert (answer.status_code, kept(enquiry)) == (422, before)
    assert "x" * 2001 in answer.content.decode()
    assert visit() in answer.content.decode()


@pytest.mark.parametrize(("to", "data"), STEPS)
def test_a_double_click_is_one_step_and_no_problem(desk, to, data):
    enquiry = ask()
    given = {name: value or visit() for name, value in data.items()}
    for _click in range(2):
        assert post(desk, enquiry, to, **given).status_code == 302
    assert (notes(enquiry), enquiry.timeline.count()) == ([WORDS], 2)  # it arrived, and the step


def test_a_double_click_on_an_answer_is_one_answer(desk):
    enquiry = ask()
    for _click in range(2):
        assert post(desk, enquiry, "answer", to="answer").status_code == 302
    assert enquiry.replies.get().text == WORDS
    assert enquiry.mails.filter(kind="answer").count() == 1


def test_another_persons_same_step_or_another_visit_time_is_no_double_click(desk, client):
    enquiry = ask()
    post(desk, enquiry, "book", visit_at=visit(14))
    assert post(desk, enquiry, "book", visit_at=visit(15)).status_code == 409
    other = Browser()
    other.force_login(make_login("jonas@clinic.example", roles=["receptionist"]))
    assert post(other, enquiry, "book", visit_at=visit(14)).status_code == 409


def test_the_same_note_within_minutes_is_stored_once(desk):
    enquiry = ask()
    for _click in range(2):
        assert post(desk, enquiry).status_code == 302
    assert (notes(enquiry), enquiry.timeline.filter(kind="noted").count()) == ([WORDS], 1)

    Note.objects.update(at=timezone.now() - datetime.timedelta(minutes=11))
    post(desk, enquiry)
    assert notes(enquiry) == [WORDS, WORDS]


def test_the_same_words_of_another_person_are_another_note(desk):
    enquiry, other = ask(), Browser()
    other.force_login(make_login("jonas@clinic.example", roles=["receptionist"]))
    post(desk, enquiry)
    post(other, enquiry)
    assert notes(enquiry) == [WORDS, WORDS]


def test_spam_marked_by_a_double_click_is_not_said_to_have_changed(desk):
    enquiry = ask(state=State.SPAM)
    for _click in range(2):
        desk.post("/staff/spam/seen/", {"seen": f"{enquiry.code}.{enquiry.version}"})
        assert "1 marked as looked at." in desk.get("/staff/spam/").content.decode()


def log_in(browser, answer):
    """Follows the answer to the login, logs in, and returns the page where that leads."""
    assert answer["Location"].startswith("/staff/login/?next=")
    login = browser.get(answer["Location"]).content.decode()
    assert "Your login had ended. What you typed is there again after you log in." in login
    data = {"login": "eleni@clinic.example", "password": PASSWORD}
    answer = browser.post(answer["Location"], data | {"next": answer["Location"].split("=")[1]})
    assert answer.status_code == 302
    return browser.get(answer["Location"], follow=True).content.decode()


@pytest.mark.parametrize(
    ("step", "data"), [("note", {}), ("wait", {}), ("book", {"visit_at": "v"})]
)
def test_words_that_meet_an_ended_login_are_there_after_the_next(client, desk, step, data):
    enquiry = ask()
    before = kept(enquiry)
    given = dict.fromkeys(data, visit())
    shown = log_in(client, post(client, enquiry, step, **given))
    assert kept(enquiry) == before
    assert SHOWN in shown
    assert "This is not stored" in shown
    assert all(f'value="{value}"' in shown for value in given.values())

    assert post(client, enquiry, step, **given).status_code == 302
    assert notes(enquiry) == [WORDS]
    assert "This is not stored" not in page(client, enquiry)


def test_words_are_kept_encrypted_and_shown_at_their_own_enquiry_only(client, receptionist):
    enquiry, other = ask(), ask()
    post(client, enquiry)
    assert "isotretinoin" not in str(dict(client.session.items()))
    client.force_login(receptionist)
    assert "isotretinoin" not in page(client, other)
    assert SHOWN in page(client, enquiry)
    client.post("/staff/logout/")
    client.force_login(receptionist)
    assert "isotretinoin" not in page(client, enquiry)


def test_words_for_an_enquiry_that_was_erased_meanwhile_are_shown(client, receptionist):
    enquiry = ask()
    post(client, enquiry)
    client.force_login(receptionist)
    erased(enquiry)
    assert "ask about &lt;isotretinoin&gt;</blockquote>" in page(client, enquiry)


@pytest.fixture
def strict(receptionist):
    """The desk's browser, whose forms have a token from before its last login."""
    browser = Browser(enforce_csrf_checks=True, headers=SAME_ORIGIN)
    browser.force_login(receptionist)
    return browser


def test_words_that_meet_an_old_token_come_back_in_the_page(strict):
    enquiry = ask()
    answer = post(strict, enquiry, "wait", csrfmiddlewaretoken="old")
    assert answer.status_code == 302
    shown = strict.get(answer["Location"], follow=True).content.decode()
    assert SHOWN in shown
    assert (enquiry.timeline.count(), notes(enquiry)) == (1, [])


@pytest.mark.parametrize("path", ["/staff/login/", "/staff/logout/", "/staff/login/passkey/"])
def test_an_old_token_elsewhere_leads_back_and_says_so(path):
    browser = Browser(enforce_csrf_checks=True, headers=SAME_ORIGIN)
    answer = browser.post(path, {"password": PASSWORD})
    assert answer.status_code == 302
    shown = browser.get(answer["Location"], follow=True).content.decode()
    assert "This page was open from before a login. Nothing was done: do it again." in shown


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {}])
def test_a_form_of_another_site_is_refused_and_keeps_nothing(receptionist, headers):
    browser, enquiry = Browser(enforce_csrf_checks=True, headers=headers), ask()
    browser.force_login(receptionist)
    assert post(browser, enquiry).status_code == 403
    assert "isotretinoin" not in page(browser, enquiry)


@pytest.mark.parametrize("step", ["note", "wait", "read"])
def test_words_that_meet_a_locked_database_come_back(desk, monkeypatch, step):
    def locked():
        raise OperationalError("database is locked")

    enquiry = ask(has_news=True)
    monkeypatch.setattr("mesosite.inbox.enquiry.views._find", lambda code: locked())
    desk.raise_request_exception = False
    answer = post(desk, enquiry, step)
    shown = answer.content.decode()
    assert (answer.status_code, notes(enquiry)) == (503, [])
    assert SHOWN in shown
    assert f'action="/staff/e/{enquiry.code}/step/"' in shown
    assert f'name="step" value="{step}"' in shown
    assert f'name="version" value="{enquiry.version}"' in shown
    assert "database is locked" not in shown


BOOKED_AT = [
    ("24.11.2026 14:30", (24, 11)),
    ("12/11/2026 14:30", (12, 11)),
    ("12-11-2026, 14.30", (12, 11)),
    ("2026-11-12T14:30", (12, 11)),
    ("2026-11-12 14:30:00", (12, 11)),
]


@pytest.mark.parametrize(("typed", "day"), BOOKED_AT)
def test_the_day_stands_before_the_month(desk, monkeypatch, typed, day):
    at = datetime.datetime(2026, 11, 10, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr("mesosite.inbox.enquiry.forms.timezone.now", lambda: at)
    enquiry = ask()
    assert post(desk, enquiry, "book", visit_at=typed).status_code == 302
    enquiry.refresh_from_db()
    here = timezone.localtime(enquiry.visit_at, datetime.timezone(datetime.timedelta(hours=2)))
    assert ((here.day, here.month), f"{here:%H:%M}") == (day, "14:30")


@pytest.mark.parametrize("typed", ["24.11.2026", "2026-11-24", "11/24/2026 14:30", "20261124", "0"])
def test_a_day_without_a_time_is_refused_with_an_example_that_is_read(desk, typed):
    enquiry = ask()
    answer = post(desk, enquiry, "book", visit_at=typed)
    assert answer.status_code == 422
    assert "such as 24.11.2026 14:30." in answer.content.decode()
    assert "24.11.2026 14:30" in dict(BOOKED_AT)
    enquiry.refresh_from_db()
    assert enquiry.state == State.NEW


FORMS = [
    ("clinic/replies/new/", {"language": "el", "title": "Hello", "text": "Dear {name}"}),
    ("clinic/closures/new/", {"first_day": "soon", "last_day": "", "line": "Ring us"}),
    ("clinic/answers/", {"answer_within_hours": "nine", "urgent_email": "duty@"}),
    ("people/invite/", {"email": "new@", "name": "New Person", "roles": ["clinician"]}),
    ("me/away/", {"until": "2099-01-01", "stand_in": ""}),
]


@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_a_form_of_a_manager_is_there_again_after_the_next_login(client, manager, path, typed):
    address = f"/staff/{path}"
    assert client.post(address, typed)["Location"] == f"/staff/login/?next={address}"
    data = {"login": manager.email, "password": PASSWORD, "next": address}
    page = client.post("/staff/login/", data, follow=True).content.decode()

    assert "This was not stored yet" in page
    for value in typed.values():
        words = value[0] if isinstance(value, list) else value
        assert words in page
    assert "This was not stored yet" not in client.get("/staff/people/").content.decode()
    assert "This was not stored yet" in client.get(address).content.decode()


def test_a_form_that_was_stored_is_not_typed_any_more(client, manager):
    path, typed = FORMS[0]
    client.post(f"/staff/{path}", typed)
    client.force_login(manager)
    client.post(f"/staff/{path}", typed)
    assert "This was not stored yet" not in client.get(f"/staff/{path}").content.decode()
