"""The people page: inviting, roles, disabling, the second step, absences, sessions."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.utils import timezone

from mesosite.enquiries.mail.checks import SMTP
from mesosite.enquiries.models import AuditEvent, Event, OutgoingMail
from mesosite.inbox.accounts import make_login
from mesosite.inbox.models import Absence, StaffSession
from mesosite.inbox.roles import Role, roles_of, set_roles
from tests.inbox.asking import Browser, ask
from tests.inbox.conftest import PASSWORD

PEOPLE = "/staff/people/"
INVITED = {"email": "new@clinic.example", "name": "New Person", "roles": ["clinician"]}
TODAY = timezone.localdate()


def said(answer):
    return answer.content.decode()


def page_of(person, step=""):
    return f"{PEOPLE}{person.pk}/{step}"


def log_in(person, agent=""):
    browser = Browser(headers={"user-agent": agent})
    browser.post("/staff/login/", {"login": person.email, "password": PASSWORD})
    assert browser.get("/staff/me/").status_code == 200
    return browser


def is_out(browser):
    return browser.get("/staff/").status_code == 302


def day(number):
    return (TODAY + datetime.timedelta(days=number)).isoformat()


def test_the_list_says_who_there_is(office, receptionist, clinician):
    TOTP.activate(clinician, "ABCDEFGHIJKLMNOP")
    make_login("nobody@clinic.example", name="Rolf Ohne")
    Absence.objects.create(
        person=receptionist, until=TODAY + datetime.timedelta(days=3), stand_in=clinician
    )
    make_login("both@clinic.example", name="Both", roles=["manager", "receptionist"])
    page = re.sub(r"\s+", " ", said(office.get(PEOPLE)))

    assert "Eleni Kosta" in page
    assert "Reception" in page
    assert page.count("Has a second step") == 1
    assert page.count("No second step yet") == 4
    assert "No role yet" in page
    assert "Reception, Manager" in page
    assert "Never logged in" in page
    assert "<bdi>Nikos Ralli</bdi> stands in." in page


def test_an_absence_that_is_over_is_not_said(office, receptionist):
    Absence.objects.create(person=receptionist, until=TODAY - datetime.timedelta(days=3))
    assert "Away until" not in said(office.get(PEOPLE)) + said(office.get(page_of(receptionist)))


def test_an_invited_person_sets_a_password_by_a_link_that_is_shown_once(office, client, caplog):
    page = said(office.post(PEOPLE + "invite/", INVITED))
    link = urlsplit(re.search(r"http://\S+/staff/password/[^<]+", page)[0]).path
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    person = User.objects.get(email="new@clinic.example")

    assert (person.first_name, roles_of(person)) == ("New Person", {Role.CLINICIAN})
    assert log_in(person).get("/staff/").status_code == 200
    assert not OutgoingMail.objects.exists()
    assert link not in said(office.get(page_of(person)))
    assert AuditEvent.objects.filter(what=Event.INVITED, details__of=person.pk).exists()
    assert not any("new@clinic" in line for line in caplog.messages)


def test_where_mail_leaves_the_link_is_mailed_and_shown_to_nobody(office, settings):
    settings.EMAIL_BACKEND = SMTP
    ask(contact={"name": "Zoë Quill"})
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    answer = office.post(PEOPLE + "invite/", INVITED, follow=True)
    mail = OutgoingMail.objects.exclude(pk__in=before).get()

    assert "A link is on its way" in said(answer)
    assert "/staff/password/" not in said(answer)
    assert mail.content["to"] == "new@clinic.example"
    assert mail.content["body"].count("http") == 1
    assert "/staff/password/" in mail.content["body"]
    assert "Zoë" not in str(mail.content)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "Give the email address."),
        ({"email": "new@"}, "Enter an email address"),
        ({"email": "a" * 250 + "@clinic.example"}, "Shorten the email address"),
        ({"email": "new@\u202eclinic.example"}, "invisible sign"),
        ({"email": "ELENI@clinic.example"}, "has a login already"),
        ({"name": ""}, "Give the name."),
        ({"name": "\u200b\u2060"}, "Give the name."),
        ({"name": "New\nPerson"}, "Write this on one line"),
        ({"name": "x" * 151}, "150"),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["owner"]}, "Choose from the roles"),
    ],
)
def test_a_wrong_invitation_makes_nobody_and_loses_nothing(office, receptionist, changes, words):
    before = User.objects.count()
    answer = office.post(PEOPLE + "invite/", INVITED | changes)

    assert answer.status_code == 422
    assert words in said(answer)
    assert User.objects.count() == before
    kept = INVITED | changes
    if "\n" not in kept["name"] and kept["name"].strip("\u200b\u2060"):
        assert f'value="{kept["name"]}"' in said(answer)


def test_an_address_is_stored_in_its_normal_form(office):
    office.post(PEOPLE + "invite/", INVITED | {"email": "New@Παράδειγμα.ελ\u200f", "name": "A  B "})
    person = User.objects.get(first_name="A B")
    assert person.email == "new@xn--hxajbheg2az3al.xn--qxam"


def test_roles_are_changed_and_add_up(office, receptionist, caplog):
    office.post(page_of(receptionist), {"roles": ["clinician", "manager"]})
    assert roles_of(User.objects.get(pk=receptionist.pk)) == {Role.CLINICIAN, Role.MANAGER}
    assert AuditEvent.objects.filter(what=Event.ROLES_CHANGED).exists()

    office.post(page_of(receptionist), {})
    assert roles_of(User.objects.get(pk=receptionist.pk)) == set()


@pytest.mark.parametrize("step", ["", "disable/"])
def test_the_last_manager_stays(office, manager, another_manager, step):
    another_manager.set_unusable_password()  # who cannot log in does not count
    another_manager.save()
    set_roles(another_manager, ["manager"])
    other = Browser()
    other.force_login(another_manager)
    answer = other.post(page_of(manager, step), {"roles": ["clinician"]}, follow=True)

    assert "Nobody else is a manager who can log in." in said(answer)
    assert User.objects.get(pk=manager.pk).is_active
    assert Role.MANAGER in roles_of(User.objects.get(pk=manager.pk))


def test_a_disabled_person_is_out_at_once_and_back_by_a_new_link(office, receptionist, caplog):
    browser = log_in(receptionist)
    assert "Disable the login of <bdi>Eleni Kosta</bdi>?" in said(
        office.get(page_of(receptionist, "disable/"))
    )
    assert not is_out(browser)

    office.post(page_of(receptionist, "disable/"))
    assert is_out(browser)
    assert not StaffSession.objects.filter(person=receptionist).exists()
    assert "This login is disabled." in said(office.get(page_of(receptionist)))
    assert AuditEvent.objects.filter(what=Event.DISABLED).exists()

    assert "/staff/password/" in said(office.post(page_of(receptionist, "enable/")))
    assert User.objects.get(pk=receptionist.pk).is_active
    assert is_out(browser)


def test_a_reset_second_step_is_gone_and_so_are_the_sessions(office, receptionist):
    browser, other = log_in(receptionist), log_in(receptionist)
    TOTP.activate(receptionist, "ABCDEFGHIJKLMNOP")
    assert "Reset the second step" in said(office.get(page_of(receptionist, "second-step/")))
    assert Authenticator.objects.filter(user=receptionist).exists()

    office.post(page_of(receptionist, "second-step/"))
    assert not Authenticator.objects.filter(user=receptionist).exists()
    assert is_out(browser)
    assert is_out(other)
    assert not is_out(office)


@pytest.mark.parametrize("step", ["disable/", "enable/", "link/", "second-step/"])
def test_nobody_takes_such_a_step_on_the_own_login(office, manager, another_manager, step):
    TOTP.activate(manager, "ABCDEFGHIJKLMNOP")
    answer = office.post(page_of(manager, step), follow=True)

    assert "This is your own login" in said(answer)
    assert Authenticator.objects.filter(user=manager).exists()


@pytest.mark.parametrize("step", ["disable/", "enable/", "link/", "second-step/"])
def test_a_person_that_is_not_there_is_404(office, step):
    visitor = User.objects.create_user("visitor")
    for number in (visitor.pk, 999_999):
        assert office.post(f"{PEOPLE}{number}/{step}").status_code == 404


@pytest.mark.parametrize("whose", ["me/away/", "people/{}/away/"])
def test_who_is_away_and_who_stands_in(office, manager, receptionist, clinician, whose):
    person = manager if whose.startswith("me") else receptionist
    path = "/staff/" + whose.format(receptionist.pk)
    office.post(path, {"until": day(9), "stand_in": clinician.pk})
    absence = Absence.objects.get(person=person)

    assert (absence.until.isoformat(), absence.stand_in) == (day(9), clinician)
    assert day(9) in said(office.get(path))

    office.post(path, {"until": "", "stand_in": ""})
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": day(-1)}, "This day is over."),
        ({"until": day(800)}, "more than two years away"),
        ({"until": "31.02.2027"}, "Give a day, such as 24.12.2026."),
        ({"until": "9" * 5000}, "Give a day"),
        ({"until": ""}, "Say until when."),
        ({"stand_in": "999999"}, "Choose a colleague"),
        ({"stand_in": "x"}, "Choose a colleague"),
    ],
)
def test_a_wrong_absence_is_refused_in_words(office, clinician, changes, words):
    data = {"until": day(3), "stand_in": clinician.pk}
    answer = office.post("/staff/me/away/", data | changes)

    assert (answer.status_code, Absence.objects.count()) == (422, 0)
    assert words in said(answer)
    if "stand_in" not in changes:
        assert f'<option value="{clinician.pk}" selected>' in said(answer)


def test_nobody_stands_in_for_oneself(office, manager):
    data = {"until": day(3), "stand_in": manager.pk}
    assert office.post("/staff/me/away/", data).status_code == 422


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


def test_a_person_sees_the_own_sessions_and_ends_the_others(receptionist, clinician):
    desk, phone, strangers = log_in(receptionist, FIREFOX), log_in(receptionist, IPHONE), None
    strangers = log_in(clinician, "<script>x</script>")
    page = said(desk.get("/staff/me/"))
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    assert page.count("this one") == 1
    assert "<script>x" not in said(strangers.get("/staff/me/"))

    desk.post("/staff/me/sessions/end/")

    assert is_out(phone)
    assert not is_out(desk)
    assert not is_out(strangers)
    assert "End the others" not in said(desk.get("/staff/me/"))


def test_a_session_stays_recorded_when_its_key_changes(receptionist):
    desk = log_in(receptionist)
    before = StaffSession.objects.get(person=receptionist)
    new = {"oldpassword": PASSWORD, "password1": "three new words"} | {
        "password2": "three new words"
    }
    desk.post("/staff/security/password/", new)
    assert said(desk.get("/staff/me/")).count("this one") == 1
    assert StaffSession.objects.get(person=receptionist).pk == before.pk


def test_another_person_takes_over_at_the_same_page(desk, clinician):
    page = f"/staff/e/{ask().code}/"
    address = re.search(r'name="next" value="([^"]+)"', said(desk.get(page)))[1]
    assert desk.post("/staff/logout/", {"next": address})["Location"] == address
    data = {"login": clinician.email, "password": PASSWORD}
    form = said(desk.get(address))
    data["next"] = re.search(r'name="next" value="([^"]+)"', form)[1]

    assert desk.post("/staff/login/", data)["Location"] == page


@pytest.mark.parametrize(
    ("who", "shown"),
    [("desk", ()), ("surgery", ()), ("office", ("/staff/people/", "/staff/clinic/"))],
)
def test_the_menu_leads_where_a_role_may_go(request, who, shown):
    page = said(request.getfixturevalue(who).get("/staff/"))
    for path in ("/staff/people/", "/staff/clinic/"):
        assert (f'href="{path}"' in page) == (path in shown)


@pytest.mark.parametrize(
    "page", ["people/", "people/invite/", "clinic/", "figures/", "me/", "find/"]
)
def test_each_page_has_the_whole_menu_and_says_where_one_is(office, page):
    ask(state="waiting", next_on="2030-01-01")
    shown = " ".join(said(office.get(f"/staff/{page}")).split())
    menu = re.search('<nav class="desk-menu".*?</nav>', shown)[0]

    assert re.search(r'href="/staff/waiting/">Waiting <b>1</b>', menu)
    here = "desk-menu__here" in menu, f'<a href="/staff/{page}" aria-current="page">' in menu
    assert here == (page != "find/", page != "people/invite/")
