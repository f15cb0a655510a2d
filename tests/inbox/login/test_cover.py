"""A session that nobody uses is covered, and opened again by whom it belongs to."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from mesosite.enquiries.models import AuditEvent, Event
from mesosite.inbox.roles import ADDRESSES
from tests.inbox.asking import Browser, ask, kept, press
from tests.inbox.conftest import PASSWORD
from tests.inbox.login.test_stolen import APP, code_at
from tests.inbox.test_access import VALUES, address

OPENS = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
COVER = "/staff/confirm/password/"


def said(answer):
    return " ".join(answer.content.decode().split())


def is_covered(browser):
    return browser.get("/staff/").headers.get("Location", "").startswith(COVER)


def happened(*events):
    rows = AuditEvent.objects.filter(what__in=events).order_by("id")
    return list(rows.values_list("what", flat=True))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OPENS - {"inbox:cover"}))
def test_a_covered_session_shows_and_changes_nothing(office, clock, name, method):
    enquiry = ask(code=VALUES["code"])
    before = kept(enquiry)
    clock(15)
    answer = getattr(office, method)(address(name))

    assert answer["Location"].startswith(f"{COVER}?next=/staff/")
    assert not answer.content
    assert kept(enquiry) == before


@pytest.mark.parametrize("name", sorted(OPENS))
def test_the_cover_shows_nobody(desk, receptionist, clock, name):
    """Nor a message that waits for the next page."""
    TOTP.activate(receptionist, APP)
    enquiry = ask(contact={"name": "Zoë Quill"})
    session = desk.session
    session["_messages"] = '[["__json_message",0,25,"Zoë Quill: booked",""]]'
    session.save()
    clock(15)
    page = said(desk.get(address(name), follow=True))

    assert "Are you still there?" in page
    assert not any(words in page for words in ("Zoë", enquiry.code, "Visits", "To do"))


def test_use_keeps_it_open_and_a_background_check_does_not(desk, clock):
    for _minutes in range(3):
        clock(14)
        assert not is_covered(desk)
    page = said(desk.get("/staff/"))
    since = page.partition('data-since="')[2].partition('"')[0].replace("&amp;", "&")
    clock(14)
    assert desk.get(since).json() == {"n": 0}
    clock(1)
    assert is_covered(desk)
    assert is_covered(desk)


@pytest.mark.parametrize("minutes", [5, 60])
def test_the_clinic_says_after_how_many_minutes(desk, clock, as_clinic, minutes):
    as_clinic(idle_minutes=minutes)
    clock(minutes - 1)
    assert not is_covered(desk)
    clock(minutes)
    assert is_covered(desk)


def test_a_code_opens_it_and_what_was_typed_is_there_again(desk, receptionist, clock):
    TOTP.activate(receptionist, APP)
    enquiry = ask()
    clock(15)
    covered = press(desk, enquiry, "note", text="Prefers mornings")
    page = desk.get(covered["Location"], follow=True)
    assert "What you typed is kept" in said(page)
    where = page.redirect_chain[-1][0] if page.redirect_chain else covered["Location"]
    assert where.startswith("/staff/confirm/code/")

    given = {"code": code_at(APP), "next": parse_qs(urlsplit(where).query)["next"][0]}
    opened = desk.post("/staff/confirm/code/", given, follow=True)
    assert "Prefers mornings" in said(opened)
    assert opened.redirect_chain[-1][0] == f"/staff/e/{enquiry.code}/"
    assert not enquiry.notes.exists()
    assert happened(Event.UNCOVERED) == [Event.UNCOVERED]
    assert not is_covered(desk)


def test_wrong_codes_are_limited_and_recorded(desk, receptionist, clock):
    TOTP.activate(receptionist, APP)
    clock(15)
    for _try in range(6):
        answer = desk.post("/staff/confirm/code/", {"code": "000000"})
    assert "Too many attempts" in said(answer)
    assert set(happened(Event.FAILED, Event.LOCKED)) == {Event.FAILED, Event.LOCKED}
    desk.post("/staff/confirm/code/", {"code": code_at(APP)})
    assert is_covered(desk)
    assert not happened(Event.UNCOVERED)


def test_a_password_opens_it_only_where_there_is_no_second_step(desk, receptionist, clock):
    clock(15)
    desk.post(COVER, {"password": "wrong"})
    assert is_covered(desk)
    desk.post(COVER, {"password": PASSWORD})
    assert not is_covered(desk)

    TOTP.activate(receptionist, APP)
    clock(15)
    desk.post(COVER, {"password": PASSWORD})
    assert is_covered(desk)


def test_one_press_on_the_cover_changes_the_person(desk, receptionist, clinician, clock):
    enquiry = ask()
    clock(15)
    press(desk, enquiry, "note", text="Prefers mornings")
    assert "Change person" in said(desk.get(COVER))
    desk.post("/staff/logout/")
    desk.post("/staff/login/", {"login": clinician.email, "password": PASSWORD})

    page = said(desk.get(f"/staff/e/{enquiry.code}/"))
    assert "Nikos Ralli" in page
    assert "Prefers mornings" not in page


def test_the_script_hands_over_what_was_typed_once_it_is_covered(desk, clock):
    enquiry = ask()
    typed = {"path": f"/staff/e/{enquiry.code}/step/", "to": "note", "text": "Prefers mornings"}
    assert desk.post("/staff/cover/", typed).json() == {"covered": False}
    assert "Prefers mornings" not in said(desk.get(f"/staff/e/{enquiry.code}/"))

    clock(15)
    assert desk.post("/staff/cover/", typed | {"here": "yes"}).json() == {"covered": True}
    desk.post(COVER, {"password": PASSWORD})
    assert "Prefers mornings" in said(desk.get(f"/staff/e/{enquiry.code}/"))


FORMS = [
    # address, what is typed, what stands in the form again
    ("/staff/me/away/", {"until": "2026-12-03"}, 'value="2026-12-03"'),
    ("/staff/find/", {"text": "Παπαδ <b>"}, 'value="Παπαδ &lt;b&gt;"'),
    ("/staff/record/", {"code": "7kq2m"}, 'value="7kq2m"'),
    ("/staff/e/CODE/lock/", {"until": "2026-12-03", "reason": "law"}, 'value="2026-12-03"'),
    ("/staff/e/CODE/erase/", {"reason": "asked"}, 'value="asked" selected'),
]


@pytest.mark.parametrize("by_script", [True, False])
@pytest.mark.parametrize(("page", "typed", "again"), FORMS)
def test_what_was_typed_into_a_form_is_there_again(office, clock, page, typed, again, by_script):
    page = page.replace("CODE", ask().code)
    clock(15)
    office.post("/staff/cover/" if by_script else page, typed | {"path": page})
    assert "What you typed is kept" in said(office.get(page, follow=True))
    office.post(COVER, {"password": PASSWORD})
    assert again in said(office.get(page))
    assert not AuditEvent.objects.filter(what=Event.SEARCHED).exists()


def test_a_search_that_waits_is_not_taken_for_one_that_found_nothing(desk, clock):
    clock(15)
    desk.post("/staff/find/", {"text": "Παπαδ"})
    desk.post(COVER, {"password": PASSWORD})
    page = said(desk.get("/staff/find/"))
    assert "Not looked for yet: press Find." in page
    assert "Nothing found" not in page


def test_what_was_searched_for_does_not_come_back_once_it_is_found(desk, clock):
    clock(15)
    desk.post("/staff/find/", {"text": "Παπαδ"})
    desk.post(COVER, {"password": PASSWORD})
    desk.post("/staff/find/", {"text": "Παπαδοπ"})
    assert "Παπαδ" not in said(desk.get("/staff/find/"))


def test_a_search_does_not_forget_what_waits_elsewhere(desk, clock):
    enquiry = ask()
    clock(15)
    press(desk, enquiry, "note", text="Prefers mornings")
    desk.post(COVER, {"password": PASSWORD})
    desk.post("/staff/find/", {"text": "Παπαδ"})
    assert "Prefers mornings" in said(desk.get(f"/staff/e/{enquiry.code}/"))


def test_who_types_is_there(desk, clock):
    for _minutes in range(3):
        clock(10)
        desk.post("/staff/cover/", {"here": "yes"})
    assert not is_covered(desk)


def test_what_is_typed_at_the_end_of_the_ten_hours_waits_for_the_login(desk, receptionist, clock):
    enquiry = ask()
    clock(10 * 60)
    typed = {"path": f"/staff/e/{enquiry.code}/step/", "to": "note", "text": "Prefers mornings"}
    assert desk.post("/staff/cover/", typed)["Location"].startswith("/staff/login/")
    desk.post("/staff/login/", {"login": receptionist.email, "password": PASSWORD})
    assert "Prefers mornings" in said(desk.get(f"/staff/e/{enquiry.code}/"))


@pytest.mark.parametrize("path", ["/nowhere/", "https://[", "/staff/logout/", ""])
def test_what_is_typed_nowhere_is_kept_nowhere(desk, clock, path):
    clock(15)
    assert desk.post("/staff/cover/", {"path": path, "text": "x"}).json() == {"covered": True}
    assert "draft" not in desk.session


def test_a_stranger_has_no_cover():
    assert Browser().post("/staff/cover/", {"here": "yes"})["Location"].startswith("/staff/login/")
