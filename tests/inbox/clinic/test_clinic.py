"""The clinic page: closures, answer times and saved replies, as a manager sets them."""

import datetime
import re

import pytest
from django.utils import timezone

from mesosite.enquiries.models import AuditEvent, ClinicValues, Closure, Event, SavedReply

CLINIC = "/staff/clinic/"
NEW_CLOSURE, NEW_REPLY = CLINIC + "closures/new/", CLINIC + "replies/new/"
ANSWERS = CLINIC + "answers/"
TODAY = timezone.localdate()
REPLY = {"language": "en", "title": "Hello", "text": "Dear {name},\nby {due}. {visit}"}
TIMES = {"answer_within_hours": "9", "answer_urgent_within_hours": "2", "urgent_email": ""}


def said(answer):
    return answer.content.decode()


def day(number):
    return (TODAY + datetime.timedelta(days=number)).isoformat()


def closed(first, last, line=""):
    days = [TODAY + datetime.timedelta(days=n) for n in (first, last)]
    return Closure.objects.create(first_day=days[0], last_day=days[1], line=line)


def days_of(closure):
    return (closure.first_day.isoformat(), closure.last_day.isoformat())


def test_an_empty_page_says_what_it_is_for(office):
    page = said(office.get(CLINIC))
    assert "None to come." in page
    assert "No day is promised." in page
    assert "None yet." in page
    assert "The hours of the week stand in clinic.yaml." in page


def test_a_closure_is_added_changed_and_removed(office, caplog):
    office.post(NEW_CLOSURE, {"first_day": day(5), "last_day": day(8), "line": "Ring us."})
    closure = Closure.objects.get()
    assert (days_of(closure), closure.line) == ((day(5), day(8)), "Ring us.")
    assert "Ring us." in said(office.get(CLINIC))

    path = f"{CLINIC}closures/{closure.pk}/"
    assert day(5) in said(office.get(path))
    office.post(path, {"first_day": day(5), "last_day": day(5), "line": ""})
    assert days_of(Closure.objects.get()) == (day(5), day(5))

    assert "Remove this closure?" in said(office.get(path + "remove/"))
    assert Closure.objects.exists()
    office.post(path + "remove/")
    assert not Closure.objects.exists()
    assert AuditEvent.objects.filter(what=Event.CLINIC_CHANGED).count() == 3
    assert not any("Ring" in line for line in caplog.messages)


def test_a_day_may_be_typed_by_hand(office):
    typed = f"{TODAY + datetime.timedelta(days=5):%d.%m.%Y}\u200e "
    office.post(NEW_CLOSURE, {"first_day": typed, "last_day": typed})
    assert days_of(Closure.objects.get()) == (day(5), day(5))


def test_a_closure_that_began_can_be_entered(office):
    office.post(NEW_CLOSURE, {"first_day": day(-3), "last_day": day(1)})
    assert days_of(Closure.objects.get()) == (day(-3), day(1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_day": ""}, "Give the day."),
        ({"last_day": "soon"}, "Give a day, such as 24.12.2026."),
        ({"first_day": "2027-02-30"}, "Give a day, such as 24.12.2026."),
        ({"first_day": day(9)}, "The last day is before the first."),
        ({"first_day": day(-5), "last_day": day(-1)}, "This day is over."),
        ({"last_day": day(800)}, "more than two years away"),
        ({"last_day": day(500)}, "more than a year"),
        ({"first_day": day(20), "last_day": day(40)}, "You are closed from"),
        ({"first_day": day(32), "last_day": day(33)}, "You are closed from"),
        ({"line": "x" * 201}, "200"),
        ({"line": "Two\nlines"}, "Write this on one line"),
    ],
)
def test_a_wrong_closure_is_refused_and_nothing_typed_is_lost(office, changes, words):
    closed(30, 35)
    data = {"first_day": day(5), "last_day": day(8), "line": "Kept words."} | changes
    answer = office.post(NEW_CLOSURE, data)

    assert (answer.status_code, Closure.objects.count()) == (422, 1)
    assert words in said(answer)
    assert "There is a problem" in said(answer)
    for value in (data["first_day"], data["last_day"], data["line"]):
        assert "\n" in value or f'value="{value}"' in said(answer) or not value


def test_a_closure_does_not_overlap_itself(office):
    closure = closed(5, 9)
    answer = office.post(
        f"{CLINIC}closures/{closure.pk}/", {"first_day": day(6), "last_day": day(10)}
    )
    assert answer.status_code == 302


def test_invisible_signs_are_no_line(office):
    office.post(NEW_CLOSURE, {"first_day": day(1), "last_day": day(1), "line": "\u200b\u2060 "})
    assert Closure.objects.get().line == ""


@pytest.mark.parametrize(
    ("typed", "hours"), [("9", 9), ("1,5", 1.5), (" 1.25 ", 1.25), ("", None), ("９", 9)]
)
def test_the_time_to_answer_is_set(office, typed, hours):
    office.post(ANSWERS, TIMES | {"answer_within_hours": typed})
    assert ClinicValues.current().answer_within_hours == hours


def test_the_urgent_values_are_set(office):
    office.post(
        ANSWERS, TIMES | {"answer_urgent_within_hours": "1", "urgent_email": "A@Παράδειγμα.ελ"}
    )
    values = ClinicValues.current()
    assert values.answer_urgent_within_hours == 1
    assert values.urgent_email == "A@xn--hxajbheg2az3al.xn--qxam"
    assert "A@παράδειγμα.ελ" in said(office.get(CLINIC)) + said(office.get(ANSWERS))


def test_the_morning_mail_is_turned_off_and_on_again(office):
    ticked = re.compile('name="morning_mail"[^>]* checked')
    assert ticked.search(said(office.get(ANSWERS)))
    assert "on days on which you are open" in said(office.get(CLINIC))

    office.post(ANSWERS, TIMES)
    assert not ClinicValues.current().morning_mail
    assert not ticked.search(said(office.get(ANSWERS)))
    assert "on days on which you are open" not in said(office.get(CLINIC))

    office.post(ANSWERS, TIMES | {"morning_mail": "on"})
    assert ClinicValues.current().morning_mail
    assert AuditEvent.objects.filter(what=Event.CLINIC_CHANGED).count() == 2


@pytest.mark.parametrize(
    "typed", ["0", "-1", "nine", "nan", "inf", "1e3", "1_0", "1001", "٩", "9" * 999]
)
def test_hours_that_cannot_be_are_refused(office, typed):
    before = ClinicValues.current().answer_within_hours
    answer = office.post(ANSWERS, TIMES | {"answer_within_hours": typed})
    assert answer.status_code == 422
    assert "Give a number of hours above 0" in said(answer)
    assert f'value="{typed}"' in said(answer)
    assert ClinicValues.current().answer_within_hours == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer_urgent_within_hours": ""}, "Give a number of hours"),
        ({"urgent_email": "desk"}, "Enter an email address"),
        ({"urgent_email": "a@b.example, c@d.example"}, "Enter an email address"),
        ({"urgent_email": "desk@localhost"}, "We cannot send to this address"),
    ],
)
def test_wrong_urgent_values_are_refused(office, changes, words):
    answer = office.post(ANSWERS, TIMES | changes)
    assert answer.status_code == 422
    assert words in said(answer)


def test_a_reply_is_added_changed_and_removed(office):
    office.post(NEW_REPLY, REPLY)
    reply = SavedReply.objects.get()
    assert (reply.language, reply.title, reply.text) == tuple(REPLY.values())
    assert "Hello" in said(office.get(CLINIC))

    path = f"{CLINIC}replies/{reply.pk}/"
    office.post(path, REPLY | {"text": "Other words."})
    assert SavedReply.objects.get().text == "Other words."

    assert "Remove “Hello”?" in said(office.get(path + "remove/"))
    office.post(path + "remove/")
    assert not SavedReply.objects.exists()


def test_the_same_title_may_stand_in_each_language(office):
    for language in ("en", "el"):
        office.post(NEW_REPLY, REPLY | {"language": language})
    assert SavedReply.objects.count() == 2
    assert "Ελληνικά" in said(office.get(CLINIC))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "Dear {nmae}"}, "{nmae} stands for nothing. Use {name}, {due} or {visit}."),
        ({"text": "Dear {}"}, "{} stands for nothing."),
        ({"text": "{ name }"}, "{ name } stands for nothing."),
        ({"text": "{name.pk}"}, "{name.pk} stands for nothing."),
        ({"text": "{{name}}"}, "stands alone"),
        ({"text": "Dear {name"}, "stands alone"),
        ({"text": "Dear name}"}, "stands alone"),
        ({"text": ""}, "Write the text."),
        ({"text": "\u200b"}, "Write the text."),
        ({"text": "x" * 2001}, "2000"),
        ({"title": ""}, "Give it a title."),
        ({"title": "Taken"}, "There is a reply with this title already."),
        ({"title": "x" * 81}, "80"),
        ({"language": "fr"}, "Select a valid choice"),
    ],
)
def test_a_wrong_reply_is_refused_and_nothing_typed_is_lost(office, changes, words):
    SavedReply.objects.create(language="en", title="Taken", text="x")
    answer = office.post(NEW_REPLY, REPLY | changes)

    assert (answer.status_code, SavedReply.objects.count()) == (422, 1)
    assert words in said(answer)
    if "text" not in changes:
        assert "by {due}. {visit}</textarea>" in said(answer)
    if "title" not in changes:
        assert 'value="Hello"' in said(answer)


@pytest.mark.parametrize("place", ["closures/999/", "replies/999/", "closures/999/remove/"])
def test_what_is_gone_is_404(office, place):
    assert office.get(CLINIC + place).status_code == 404
    assert office.post(CLINIC + place, {}).status_code == 404
