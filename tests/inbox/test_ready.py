"""Ready to go live? The page and the command say the same, and each line follows what is so."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import html

from mesosite.enquiries.mail.checks import SMTP
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import Enquiry, Upkeep
from mesosite.enquiries.models.states import State
from mesosite.inbox import readiness
from mesosite.inbox.accounts import disable_login, make_login
from tests.enquiries.conftest import WORKDAY
from tests.enquiries.filled_in import code_of, send

CLINIC = {
    "phone": "+30 210 000 0000",
    "country": "GR",
    "helpline": "116 123, free",
    "hours": dict.fromkeys(range(5), WORKDAY),
    "answer_within_hours": 8,
    "responsible": "Example Clinic Ltd",
    "stored": ("Server: Example Host",),
    "authority": "Example Authority",
    "publisher": "Example Clinic Ltd",
}


def page(office):
    """(what is to do, what is done), each a list of the page's words."""
    shown = html.fromstring(office.get("/staff/ready/").content)
    to_do = [p.text_content() for p in shown.xpath("//ol/li/p[1]")]
    return to_do, [li.text_content() for li in shown.xpath("//main//ul/li")]


def said(*options):
    out = StringIO()
    try:
        call_command("ready", *options, stdout=out)
    except SystemExit:
        return out.getvalue(), False
    return out.getvalue(), True


@pytest.fixture
def everything(as_clinic, settings, receptionist, tmp_path):
    """A clinic that is ready."""
    settings.SECURE, settings.SECOND_FACTOR = True, True
    settings.CLINIC_EMAIL, settings.VAR_DIR = "desk@clinic.example", tmp_path
    as_clinic(**CLINIC)
    nikos = make_login("nikos@clinic.example", roles=["clinician"])
    for user in (receptionist, nikos):
        user.set_password("seven-green-needles")
        user.save()
        user.authenticator_set.create(type="totp", data={})
    readiness.queue_test()
    send_due()
    settings.EMAIL_BACKEND = SMTP
    Upkeep.done(Upkeep.Task.BACKUP)
    Upkeep.done(Upkeep.Task.KEYS_COPIED, readiness.keys_fingerprint())


@pytest.mark.usefixtures("everything")
def test_a_clinic_that_has_done_everything_is_ready():
    text, ready = said()

    assert ready
    assert "to do" not in text
    assert text.count("done ") == len(readiness.lines()) == 13


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(
    ("changes", "title", "where"),
    [
        ({"name": ""}, "has a name", "name"),
        ({"phone": ""}, "can be dialled", "phone"),
        ({"hours": {}}, "day of its answer", "hours"),
        ({"answer_within_hours": 0}, "day of its answer", "/staff/clinic/"),
        ({"closed_from_now": 200}, "day of its answer", "/staff/clinic/"),
        ({"helpline": ""}, "helpline is named", "helpline"),
        ({"responsible": ""}, "law asks", "responsible"),
        ({"stored": ()}, "law asks", "stored"),
        ({"authority": ""}, "law asks", "authority"),
        ({"publisher": ""}, "who publishes", "publisher"),
    ],
)
def test_what_clinic_yaml_leaves_out_is_to_do(as_clinic, changes, title, where):
    days = changes.pop("closed_from_now", 0)
    today = timezone.localdate()
    closed = frozenset(today + datetime.timedelta(n) for n in range(days))
    as_clinic(**CLINIC | {"closed": closed} | changes)

    to_do = [line for line in readiness.lines() if not line.done]

    assert [title in line.title for line in to_do] == [True]
    assert where in to_do[0].where


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(
    ("name", "value", "title"),
    [
        ("SECURE", False, "https"),
        ("SECOND_FACTOR", False, "second factor"),
        ("CLINIC_EMAIL", "", "test mail"),
        ("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend", "test mail"),
        ("SECRET_KEY", "another", "keys are copied"),
        ("DATA_KEYS", [b"another-" * 5], "keys are copied"),
    ],
)
def test_a_setting_that_is_not_for_patients_is_to_do(settings, name, value, title):
    setattr(settings, name, value)

    to_do = [line.title for line in readiness.lines() if not line.done]

    assert len(to_do) == 1
    assert title in to_do[0]


@pytest.mark.usefixtures("everything")
def test_one_person_alone_or_one_without_a_second_factor_is_to_do(receptionist):
    receptionist.authenticator_set.all().delete()
    assert [line.todo for line in readiness.lines() if not line.done] == [
        "1 person has no second factor yet: it is asked for at the next login."
    ]
    disable_login(receptionist)
    assert [line.title for line in readiness.lines() if not line.done] == ["Two people can log in"]


@pytest.mark.usefixtures("everything")
def test_yesterdays_backup_is_too_old():
    Upkeep.objects.filter(task=Upkeep.Task.BACKUP).update(
        at=timezone.now() - datetime.timedelta(hours=25)
    )

    assert [line.where for line in readiness.lines() if not line.done] == ["manage.py backup FILE"]


@pytest.mark.usefixtures("everything")
def test_requests_of_the_demonstration_are_erased_and_those_of_patients_stay(as_clinic):
    as_clinic(**CLINIC | {"name": ""})
    demonstrated = code_of(send(name="Ana"))
    as_clinic(**CLINIC)
    real = code_of(send(name="Ben", email="ben@example.com"))
    title = "The demonstration’s requests are gone"
    assert [line.title for line in readiness.lines() if not line.done] == [title]

    out = StringIO()
    call_command("purge", "--demonstration", "--dry-run", stdout=out)
    call_command("purge", "--demonstration", stdout=out)

    assert out.getvalue().split("\n") == ["1 would be erased", "1 erased", ""]
    states = dict(Enquiry.objects.values_list("code", "state"))
    assert states == {demonstrated: State.ERASED, real: State.NEW}
    assert said()[1]


def test_the_page_sends_a_test_mail_and_says_where_to(office, settings, mailoutbox):
    settings.CLINIC_EMAIL = "desk@clinic.example"

    answer = office.post("/staff/ready/", follow=True)
    send_due()

    assert "on its way to desk@clinic.example" in answer.content.decode()
    assert [mail.to for mail in mailoutbox] == [["desk@clinic.example"]]
    assert mailoutbox[0].subject == "A test"


def test_without_an_address_no_test_mail_is_offered_or_sent(office, settings, mailoutbox):
    settings.CLINIC_EMAIL = ""

    assert "Send a test mail to" not in office.get("/staff/ready/").content.decode()
    office.post("/staff/ready/")
    with pytest.raises(CommandError, match="CLINIC_EMAIL"):
        call_command("ready", "--test-mail")
    send_due()
    assert not mailoutbox


def test_the_page_and_the_command_say_the_same(office, as_clinic):
    as_clinic(**CLINIC | {"publisher": "", "phone": ""})

    to_do, done = page(office)
    text, ready = said()

    assert not ready
    assert [row[7:] for row in text.split("\n") if row.startswith("to do")] == to_do
    assert [row[7:] for row in text.split("\n") if row.startswith("done ")] == done
