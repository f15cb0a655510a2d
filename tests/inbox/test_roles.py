"""Who may do what: every staff address, for every role, by every method."""

import pytest
from django.contrib.auth.models import User

from mesosite.enquiries.models import AuditEvent, Event
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.inbox.accounts import make_login
from mesosite.inbox.roles import ADDRESSES, RIGHTS, Right, Role, rights_of, set_roles
from tests.inbox.asking import Browser, ask, kept, press
from tests.inbox.test_access import VALUES, address

ROLES = [(), *([role] for role in Role), list(Role)]
HEALTH = ("I get cold sores", "cold_sores", "Boxcar", "boxcar")


def browser_of(roles):
    browser = Browser()
    browser.force_login(make_login("somebody@clinic.example", roles=roles))
    return browser


def is_refused(answer):
    return "inbox/without_right.html" in [template.name for template in answer.templates]


def ask_with_health(**changes):
    answers = {"health": ["cold_sores"], "scar_types": ["boxcar"]}
    return ask(answers=answers, **changes)


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("roles", ROLES, ids=lambda roles: "+".join(roles) or "none")
def test_an_address_opens_to_those_who_have_its_right(manager, roles, method):
    """What is refused changes nothing and shows nobody; what is open never breaks."""
    enquiry = ask_with_health(code=VALUES["code"])
    other = make_login("other@clinic.example", name="Other Person", roles=["receptionist"])
    rights = {right for role in roles for right in RIGHTS[role]} | {Right.OWN_LOGIN}
    browser = browser_of(roles)
    for name, right in ADDRESSES.items():
        before = kept(enquiry)
        answer = getattr(browser, method)(address(name, person=other.pk))
        body = answer.content.decode()

        assert is_refused(answer) == (right not in rights), name
        if is_refused(answer):
            assert answer.status_code == 403
            assert kept(enquiry) == before
            assert User.objects.get(pk=other.pk).is_active
            assert not any(words in body for words in ("Μαρία", "other@", "Other")), name
        else:
            assert answer.status_code < 500, name
        if name != "inbox:by_phone":  # the site's own questions, which name shapes of scars
            assert Right.HEALTH in rights or not any(words in body for words in HEALTH), name


def test_roles_add_up(manager):
    set_roles(manager, ["manager", "clinician"])
    assert rights_of(manager) == set(Right)
    assert Right.HEALTH not in RIGHTS[Role.MANAGER]


@pytest.mark.parametrize("state", [state for state in State if state != State.ERASED])
@pytest.mark.parametrize("who", ["desk", "office"])
def test_health_answers_are_nowhere_for_who_is_no_clinician(request, who, state):
    row = {"visit_at": "2027-01-01T10:00Z"} if state == State.BOOKED else {}
    row |= {"close_reason": "visited"} if state == State.CLOSED else {}
    enquiry, browser = ask_with_health(state=state, **row), request.getfixturevalue(who)
    page = f"/staff/e/{enquiry.code}/"
    shown = [
        browser.get(page),
        press(browser, enquiry, "note"),
        browser.post(page + "step/", {"step": "take", "version": 9, "text": "x"}),
        browser.post("/staff/find/", {"text": "Παπά"}, follow=True),
    ]
    shown += [browser.get(f"/staff/{tab}") for tab in ("", "in-progress/", "visits/", "spam/")]

    assert "Clinicians only" in shown[0].content.decode()
    assert [answer.status_code for answer in shown[1:2]] == [422]
    for answer in shown:
        assert not any(words in answer.content.decode() for words in HEALTH)


def test_corrected_health_answers_are_for_clinicians_too(desk, surgery):
    enquiry = ask()
    given = {"problem": False, "topics": [], "contact": enquiry.contact, "answers": enquiry.answers}
    given["answers"] = enquiry.answers | {"health": ["cold_sores"], "scar_types": ["boxcar"]}
    actions.correct(enquiry, **given)
    page = f"/staff/e/{enquiry.code}/"

    assert "Corrected by the patient" in desk.get(page).content.decode()
    assert not any(words in desk.get(page).content.decode() for words in HEALTH)
    assert not any(words in surgery.get(page).content.decode() for words in HEALTH)
    assert "I get cold sores" in surgery.post(page + "health/").content.decode()


def test_a_role_that_is_taken_away_closes_its_pages_at_once(surgery, clinician):
    page = f"/staff/e/{ask_with_health().code}/health/"
    assert "I get cold sores" in surgery.post(page).content.decode()

    set_roles(clinician, ["receptionist"])

    assert "I get cold sores" not in surgery.post(page).content.decode()


def test_a_refused_page_is_a_line_of_the_log(caplog):
    browser_of(()).get("/staff/")
    assert AuditEvent.objects.get(what=Event.REFUSED).details == {"page": "inbox:list"}
