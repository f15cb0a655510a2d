"""The form as it is shown: what it says before the first question, and how it is built."""

import datetime
import re

import pytest

from mesosite.enquiries.choices import ScarType
from mesosite.enquiries.consultation import views
from mesosite.enquiries.consultation.tokens import is_good_token
from mesosite.pages.catalogue import all_questions
from mesosite.pages.markup.drawings import drawing
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, said

pytestmark = pytest.mark.django_db  # the form says when the clinic is closed
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def html(client):
    return said(client.get(FORM))


def test_it_opens_with_whom_it_is_for_and_help_for_who_is_ill(html):
    before = html[: html.index("<form")]

    assert "This form is for people of 18 or over, about themselves." in before
    assert "call 112" in before
    assert "Nothing is booked yet" in before


def test_a_demonstration_says_so_and_promises_no_day(html):
    assert "Demonstration: no clinic reads this." in html
    assert "answers by" not in html


def test_a_clinic_with_hours_names_the_day(client, open_clinic):
    html = said(client.get(FORM))

    assert re.search(r"answers by\s+<b>\w+day \d+ \w+, \d\d:\d\d</b>", html)
    assert "Demonstration" not in html
    assert "Example Clinic uses what I write here" in html


def test_the_empty_form_is_made_once_and_each_showing_has_its_own_token(client, monkeypatch):
    said(client.get(FORM))
    monkeypatch.setattr(views, "ConsultationForm", None)
    tokens = [TOKEN.search(said(client.get(FORM)))[1] for _showing in range(2)]

    assert all(map(is_good_token, tokens))
    assert tokens[0] != tokens[1]


def test_the_form_follows_the_clinic_and_the_clock(client, as_clinic, at):
    hours = dict.fromkeys(range(7), ((datetime.time(0), datetime.time(23)),))
    as_clinic(name="First", hours=hours, answer_within_hours=1, tz=datetime.UTC)
    assert ", 13:00</b>" in said(client.get(FORM))
    at(NOON + datetime.timedelta(minutes=1))
    assert ", 13:01</b>" in said(client.get(FORM))

    as_clinic(name="Second")
    assert "Second uses what I write here" in said(client.get(FORM))


def test_each_scar_type_is_a_card_with_its_drawing(html):
    cards = html.split('class="card"')[1:]

    assert len(cards) == len(ScarType)
    for card, shape in zip(cards, ScarType, strict=True):
        assert drawing(shape.drawing) in card
        assert f">{shape.label}<" in card
        assert f">{shape.look}<" in card


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
