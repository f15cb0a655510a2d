"""By when a person answers, over closures: on the form, after sending, on the own page."""

import datetime
from dataclasses import replace

import pytest
from django import db
from django.db import IntegrityError, transaction

from mesosite.enquiries import answer_times
from mesosite.enquiries.digits import opened
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import ClinicValues, Closure, OutgoingMail
from mesosite.pages.catalogue import content
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, said, send, stored

pytestmark = pytest.mark.django_db

TODAY = NOON.date()  # a Tuesday; the clinic of `open_clinic` is in Athens, at 14:00 then
LINE = "Dr Nikos answers urgent calls on <b>Friday</b>."


def close(first, last, line=""):
    days = [TODAY + datetime.timedelta(days=n) for n in (first, last)]
    return Closure.objects.create(first_day=days[0], last_day=days[1], line=line)


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        ([], "Wednesday 11 March, 14:00"),
        ([(1, 1)], "Thursday 12 March, 14:00"),
        ([(0, 2)], "Friday 13 March, 17:00"),
        ([(1, 1), (2, 4)], "Sunday 15 March, 14:00"),
        ([(-9, -1), (30, 40)], "Wednesday 11 March, 14:00"),
    ],
)
def test_closed_days_move_the_promise_everywhere(client, open_clinic, at, closed, due):
    for days in closed:
        close(*days)
    form = said(client.get(FORM))
    sent = said(client.get(send()["Location"]))
    page = said(client.get(f"/consultation/r/{opened(stored())}/"))

    assert due.split(",")[0] in form
    assert due.split(" ", 1)[1] in form.replace("</b>", "")
    assert f"A person answers by {due}." in sent
    assert f"answer by {due}" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((0, 0), "We are closed on Tuesday 10 March."),
        ((-3, 5), "We are closed from Saturday 7 March to Sunday 15 March."),
        ((14, 20), "We are closed from Tuesday 24 March to Monday 30 March."),
        ((15, 20), ""),
        ((-9, -1), ""),
    ],
)
def test_patients_read_of_a_closure_from_two_weeks_before(client, open_clinic, at, days, words):
    close(*days, LINE)
    form = said(client.get(FORM))
    sent = said(client.get(send()["Location"]))
    page = said(client.get(f"/consultation/r/{opened(stored())}/"))

    for html in (form, sent, page):
        assert ("We are closed" in html) == bool(words)
        assert words in html
        assert ("Dr Nikos answers" in html) == bool(words)
        assert "<b>Friday" not in html


def test_a_changed_line_is_read_at_once(client, open_clinic, at):
    closure = close(1, 2, "First line.")
    assert "First line." in said(client.get(FORM))
    Closure.objects.filter(pk=closure.pk).update(line="Second line.")
    assert "Second line." in said(client.get(FORM))


def test_without_a_database_the_form_promises_nothing_and_stays(client, open_clinic, monkeypatch):
    def away(*args, **kwargs):
        raise db.OperationalError

    monkeypatch.setattr(answer_times.ClinicValues, "current", away)
    page = client.get(FORM)

    assert page.status_code == 200
    assert "A person at the clinic reads this and answers you." in said(page)


def test_the_hours_of_the_week_stand_on_the_page_after_sending(client, open_clinic):
    page = said(client.get(send()["Location"]))
    assert "Monday to Sunday" in page
    assert "09:00–17:00" in page


def test_the_first_day_without_a_promise_is_named(open_clinic, at):
    assert answer_times.without_promise() is None
    close(30, 200)
    assert answer_times.without_promise() == TODAY + datetime.timedelta(days=29)
    ClinicValues.objects.update(answer_within_hours=None)
    assert answer_times.without_promise() is None


def test_the_database_takes_over_once_what_the_file_says(as_clinic):
    ClinicValues.objects.all().delete()
    days = [TODAY + datetime.timedelta(days=n) for n in (0, 1, 2, 9)]
    own = as_clinic()
    vars(content())["clinic"] = replace(own, answer_within_hours=9, closed=frozenset(days))

    answer_times.take_over_from_file()
    answer_times.take_over_from_file()

    kept = [(c.first_day, c.last_day) for c in Closure.objects.all()]
    assert kept == [(days[0], days[2]), (days[3], days[3])]
    assert ClinicValues.current().answer_within_hours == 9


def test_what_a_manager_has_set_stays(as_clinic):
    ClinicValues.objects.update_or_create(pk=1, defaults={"answer_within_hours": 5})
    own = as_clinic()
    vars(content())["clinic"] = replace(own, closed=frozenset([TODAY]))
    answer_times.take_over_from_file()

    assert not Closure.objects.exists()
    assert ClinicValues.current().answer_within_hours == 5


@pytest.mark.parametrize(
    "make",
    [
        lambda: close(2, 1),
        lambda: ClinicValues.objects.create(pk=2),
    ],
)
def test_the_database_refuses_what_no_page_makes(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("urgent_email", "told"),
    [
        ("", ["desk@clinic.example"]),
        ("duty@clinic.example", ["desk@clinic.example", "duty@clinic.example"]),
        ("Desk@Clinic.example", ["desk@clinic.example"]),
    ],
)
def test_an_urgent_mail_goes_to_its_address_too(mailoutbox, as_clinic, urgent_email, told):
    ClinicValues.objects.update_or_create(pk=1, defaults={"urgent_email": urgent_email})
    as_clinic()
    send(problem="yes")
    send_due()

    [mail] = [mail for mail in mailoutbox if mail.subject.startswith("URGENT")]
    assert mail.to == told


def test_an_ordinary_mail_does_not_go_there(mailoutbox):
    ClinicValues.objects.update_or_create(pk=1, defaults={"urgent_email": "duty@clinic.example"})
    send()
    send_due()

    assert OutgoingMail.objects.filter(sent_at__isnull=False).count() == 2
    assert not any("duty@clinic.example" in mail.to for mail in mailoutbox)
