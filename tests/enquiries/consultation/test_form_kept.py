"""What is kept of the form's page: what is shown is as if all of it were made anew."""

import re
from datetime import timedelta

import pytest
from django.utils.translation import override

from mesosite.enquiries.answer_times import promise
from mesosite.enquiries.consultation import form_page
from mesosite.enquiries.consultation.tokens import is_good_token
from mesosite.enquiries.models import Closure
from mesosite.pages.catalogue import all_questions
from tests.enquiries.conftest import NOON
from tests.enquiries.filled_in import FORM, answers, post, said

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'(?<=name="token" value=")[^"]+')
TYPED = {"message": "Πονάει; <b>\0name\0</b>", "name": "token-of-the-form", "email": "ana@"}
EVERY_CHOICE = {
    "adult": "perhaps",
    "problem": "yes",
    "topics": ["peel", "unknown"],
    "contact_by": "text",
    "leave_message": "no",
    "best_time": ["evening"],
    "language": "el",
    "help_needed": ["interpreter"],
    "phone": "123",
    "website": "x",
    "token": "forged",
}


@pytest.fixture(autouse=True)
def nothing_kept():
    form_page.frame.cache_clear()


@pytest.fixture
def anew(monkeypatch):
    """anew(show): what `show()` answers where nothing is kept, and each field is made for it."""

    def showing(show):
        with monkeypatch.context() as patch:
            patch.setattr(form_page, "frame", form_page.frame.__wrapped__)
            patch.setattr(form_page, "_value", lambda *_field: object())
            return without_token(show())

    return showing


def without_token(response):
    return TOKEN.sub("", said(response))


def empty(client):
    return lambda: client.get(FORM)


def refused(**changes):
    given = answers(**{"name": ""} | changes)
    return lambda: post(FORM, given)


def brought(**given):
    return lambda: post(FORM + "questions/", given)


def some_questions():
    return list(all_questions())[:2]


@pytest.mark.parametrize("language", ["en", "el"])
def test_each_showing_is_as_if_it_were_made_anew(client, open_clinic, at, anew, language):
    shows = [
        empty(client),
        refused(),
        refused(**TYPED, questions=some_questions()),
        refused(**EVERY_CHOICE),
        refused(**dict.fromkeys(answers())),
        brought(questions=some_questions()),
        brought(**TYPED),
    ]
    with override(language):
        for show in (*shows, *shows):
            assert without_token(show()) == anew(show)
        assert f'<html lang="{language}"' in said(client.get(FORM))


def test_a_closure_that_is_set_is_told_at_once(client, open_clinic, at, anew):
    shows = {"empty": empty(client), "refused": refused(name="Ana", consent=None)}
    before = {name: without_token(show()) for name, show in shows.items()}
    today = NOON.date()
    Closure.objects.create(first_day=today, last_day=today + timedelta(days=2), line="Painters.")

    for show in shows.values():
        assert "Painters." in without_token(show()) == anew(show)
        assert "We are closed until Fri 09:00" in without_token(show())
    Closure.objects.all().delete()
    assert {name: without_token(show()) for name, show in shows.items()} == before


def test_another_clinic_and_another_day_are_told_at_once(client, open_clinic, as_clinic, at, anew):
    at(NOON.replace(hour=20))
    assert "We are closed until Wed 09:00" in without_token(client.get(FORM))
    at(NOON.replace(day=11, hour=1))
    assert "We are closed until 09:00" in without_token(client.get(FORM)) == anew(empty(client))

    as_clinic(name="Second")
    assert "Second uses what I send here" in without_token(client.get(FORM)) == anew(empty(client))


def test_nothing_that_somebody_typed_or_chose_is_kept(client, open_clinic, at):
    clean = without_token(client.get(FORM))
    own = said(refused(**TYPED, **EVERY_CHOICE | {"questions": some_questions()})())

    made = form_page.frame.cache_info().misses
    kept = form_page.frame(*form_page.made_from(promise(NOON), NOON, is_wrong=True))
    assert form_page.frame.cache_info().misses == made
    page = "".join([*kept.parts, *kept.fields.values()])
    for words in ("Πονάει;", 'value="ana@"', TOKEN.search(own)[0]):
        assert words in own
        assert words not in page
    assert re.findall(r'name="(\w+)" [^>]* checked', page) == ["language"]
    assert without_token(client.get(FORM)) == clean


def test_each_showing_has_a_token_of_its_own(client):
    tokens = [TOKEN.search(said(client.get(FORM)))[0] for _showing in range(2)]

    assert all(map(is_good_token, tokens))
    assert tokens[0] != tokens[1]


def test_a_page_with_something_wrong_asks_for_closures_and_the_time_to_answer_alone(
    client, open_clinic, at, django_assert_num_queries
):
    """And the page before; the frame of each is made for the first who sees it."""
    for show in (empty(client), refused(**TYPED, **EVERY_CHOICE), brought(**TYPED)):
        show()
        with django_assert_num_queries(2):
            assert said(show())


def test_a_clinic_without_hours_is_asked_for_its_closures_alone(client, django_assert_num_queries):
    client.get(FORM)
    with django_assert_num_queries(1):
        assert "answers by" not in said(client.get(FORM))
