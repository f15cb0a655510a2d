"""The form as it is shown: what it says before the first question, and how it is built."""

import datetime
import re

import pytest

from mesosite.pages.catalogue import all_questions
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, post, said

pytestmark = pytest.mark.django_db  # the form says when the clinic is closed
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def html(client):
    return said(client.get(FORM))


def test_it_asks_in_an_order_that_patients_finish(html):
    headings = re.findall(r'form__heading">([^<]+)<', html)
    order = ["adult", "problem", "topics", "message", "questions", "name", "email", "phone"]
    order += ["contact_by", "leave_message", "best_time", "language", "help_needed", "consent"]
    asked = dict.fromkeys(re.findall(r'\sname="(\w+)"', html[html.index("<form") :]))

    assert headings == [
        "First",
        "What can we do for you?",
        "How do we reach you?",
        "Before you send",
    ]
    assert [name for name in asked if name in order] == order
    assert "Nothing is booked yet" in html[: html.index("<form")]


def test_nothing_about_health_is_asked_before_sending(html):
    assert not {"health", "scar_types"} & set(re.findall(r'\sname="(\w+)"', html))
    assert "a problem after a treatment can say something about my health" in html


def test_questions_are_those_that_people_ask_or_those_that_were_brought_along(html):
    assert "Questions people ask" in html
    first = next(iter(all_questions()))
    brought = said(post(FORM + "questions/", {"questions": [first]}))
    assert "More questions people ask" in brought


def test_a_demonstration_says_so_and_promises_no_day(html):
    assert "Demonstration: no clinic reads this." in html
    assert "answers by" not in html


def test_a_clinic_with_hours_names_the_day(client, open_clinic):
    html = said(client.get(FORM))

    assert re.search(r"answers by\s+<b>\w+day \d+ \w+, \d\d:\d\d</b>", html)
    assert "Demonstration" not in html
    assert "Example Clinic uses what I send here" in html


def test_the_form_follows_the_clinic_and_the_clock(client, as_clinic, at):
    hours = dict.fromkeys(range(7), ((datetime.time(0), datetime.time(23)),))
    as_clinic(name="First", hours=hours, answer_within_hours=1, tz=datetime.UTC)
    assert ", 13:00</b>" in said(client.get(FORM))
    at(NOON + datetime.timedelta(minutes=1))
    assert ", 13:01</b>" in said(client.get(FORM))

    as_clinic(name="Second")
    assert "Second uses what I send here" in said(client.get(FORM))


def test_every_question_of_every_page_can_be_ticked(html):
    assert set(re.findall(r'name="questions" value="([^"]+)"', html)) == set(all_questions())


def test_every_input_has_a_label_and_ids_are_unique(html):
    form = html[html.index("<form") : html.index("</form>")]
    ids = re.findall(r' id="([^"]+)"', form)
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', form))

    assert len(ids) == len(set(ids))
    assert {"id_name", "id_email", "id_phone", "id_message", "id_website"} <= labelled


def test_personal_fields_can_be_filled_by_the_browser(html):
    for name, purpose in {"name": "name", "email": "email", "phone": "tel"}.items():
        field = re.search(rf'<input[^>]* name="{name}"[^>]*>', html).group()
        assert f'autocomplete="{purpose}"' in field
        assert "placeholder" not in field


def test_the_trap_is_out_of_reach_for_people(html):
    honeypot = html[: html.index('name="website"')].rpartition("<div")[2]

    assert 'aria-hidden="true"' in honeypot
    assert 'tabindex="-1" autocomplete="off"' in html
    assert "style=" not in html[html.index("<form") :]
