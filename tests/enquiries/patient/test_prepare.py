"""“Help us prepare”: answers about health on the patient's own page, with their own consent."""

import pytest

from mesosite.enquiries import rate_limits
from mesosite.enquiries.choices import ScarType
from mesosite.enquiries.consultation import consent
from mesosite.enquiries.consultation.consent import health_consent_version, health_statement
from mesosite.enquiries.models import Entry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.pages.markup.drawings import drawing, with_files
from tests.enquiries.filled_in import post, said, stored
from tests.enquiries.patient.requests import (
    ANSWERS,
    asked,
    booked,
    copy_of,
    correct,
    damage,
    page,
    raw,
    withdraw,
)

pytestmark = pytest.mark.django_db

FIRST_FORM = {name: ANSWERS[name] for name in ("message", "questions")}
GIVEN = {"scar_types": ["rolling", "flat"], "health": ["cold_sores"]}


@pytest.fixture
def enquiry(db):
    """A request as the form stores it: nothing about health."""
    return asked(answers=dict(FIRST_FORM))


def prepare(enquiry, **changes):
    shown = {**GIVEN, "consent": "on", "agreed_to": health_consent_version()} | changes
    data = {name: value for name, value in shown.items() if value is not None}
    return post(page(enquiry, "prepare/"), data)


def take_back(enquiry):
    return post(page(enquiry, "prepare/"), {"take_back": "yes"})


def kinds():
    return [entry.kind for entry in stored().timeline.all()]


def test_each_shape_is_a_card_with_its_drawing_and_nothing_is_ticked(client, enquiry):
    html = said(client.get(page(enquiry, "prepare/")))
    cards = html.split('class="card"')[1:]

    assert len(cards) == len(ScarType)
    for card, shape in zip(cards, ScarType, strict=True):
        assert with_files(drawing(shape.drawing)) in card
        assert f">{shape.label}<" in card
    assert " checked" not in html
    assert health_statement() in html


def test_the_answers_are_stored_with_the_words_agreed_to(enquiry):
    response = prepare(enquiry)

    assert response.headers["Location"] == page(enquiry) + "#prepare"
    assert stored().answers == FIRST_FORM | GIVEN
    assert stored().health_consent.statement == health_statement()
    assert stored().health_consent.privacy == stored().consent.privacy
    assert stored().health_consented_at > stored().consented_at
    assert "cold_sores" not in raw("answers")


def test_staff_see_that_there_is_something_new_and_no_promise_moves(enquiry):
    prepare(enquiry)

    assert kinds() == [Entry.Kind.RECEIVED, Entry.Kind.HEALTH_GIVEN]
    assert (stored().has_news, stored().asked_at) == (True, enquiry.asked_at)
    assert not OutgoingMail.objects.filter(kind="new_message").exists()


def test_the_same_answers_sent_twice_are_stored_once(enquiry):
    prepare(enquiry)
    version = stored().version

    assert prepare(enquiry).status_code == 302
    assert stored().version == version


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"consent": None}, "id_consent", "Tick the box if you agree"),
        ({"consent": "no"}, "id_consent", "Tick the box if you agree"),
        ({"agreed_to": "other"}, "id_consent", "The words beside this box have changed"),
        ({"agreed_to": None}, "id_consent", "The words beside this box have changed"),
        ({"health": "fine"}, "id_health_0", "Choose from the answers that are listed"),
        ({"scar_types": "deep"}, "id_scar_types_0", "Choose from the answers that are listed"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(enquiry, changes, where, words):
    response = prepare(enquiry, **changes)

    assert response.status_code == 422
    assert [id_ for id_, _words in response.context["problems"]] == [where]
    assert words in said(response)
    assert 'value="cold_sores" id="id_health_5" checked' in said(response) or "health" in changes
    assert stored().answers == FIRST_FORM


def test_words_that_changed_meanwhile_are_asked_about_again(enquiry, monkeypatch):
    old = health_consent_version()
    monkeypatch.setattr(consent, "health_statement", lambda: "I agree to something else.")
    response = prepare(enquiry, agreed_to=old)
    again = response.context["form"]["agreed_to"].value()

    assert response.context["form"]["consent"].value() is not True
    assert prepare(enquiry, agreed_to=again).status_code == 302
    assert stored().health_consent.statement == "I agree to something else."


def test_the_page_and_both_copies_show_them(client, enquiry):
    prepare(enquiry)

    for below in ("", "download/html"):
        html = said(client.get(page(enquiry, below)))
        assert all(words in html for words in ("Rolling", "I get cold sores", health_statement()))
    copy = copy_of(client, enquiry)
    assert copy["to_prepare"]["health"] == ["I get cold sores"]
    assert "health" not in copy["answers"]
    assert copy["agreed_on_health"]["to"] == health_statement()


def test_a_correction_of_the_request_leaves_them_alone(enquiry):
    prepare(enquiry)
    correct(enquiry, message="Corrected")

    assert stored().answers == FIRST_FORM | GIVEN | {"message": "Corrected"}


def test_they_can_be_changed(client, enquiry):
    prepare(enquiry)
    shown = said(client.get(page(enquiry, "prepare/")))
    assert 'value="cold_sores" id="id_health_5" checked' in shown
    prepare(enquiry, health=["none"])

    assert stored().answers["health"] == ["none"]


@pytest.mark.parametrize("state", [State.NEW, State.CLOSED])
def test_they_are_taken_back_alone_and_the_request_stays(client, enquiry, state):
    prepare(enquiry)
    type(enquiry).objects.update(
        state=state, close_reason="visited" if state == State.CLOSED else ""
    )
    assert "Erase these answers" in said(client.get(page(enquiry, "prepare/")))
    response = take_back(enquiry)

    assert response.headers["Location"] == page(enquiry) + "#prepare"
    assert (stored().answers, stored().state) == (FIRST_FORM, state)
    assert (stored().health_consent, stored().health_consented_at) == (None, None)
    assert stored().consent
    assert kinds()[-1] == Entry.Kind.HEALTH_ERASED


def test_to_take_back_nothing_writes_nothing(enquiry):
    assert take_back(enquiry).status_code == 302
    assert kinds() == [Entry.Kind.RECEIVED]


def test_answers_of_an_older_form_can_be_taken_back_as_well(client):
    enquiry = asked()
    assert "I get cold sores" in said(client.get(page(enquiry)))
    take_back(enquiry)

    assert stored().answers == FIRST_FORM


def test_the_limit_of_a_day_keeps_what_was_ticked_and_lets_it_be_taken_back(enquiry, monkeypatch):
    prepare(enquiry)
    monkeypatch.setattr(rate_limits, "CHANGES", (0, rate_limits.CHANGES[1]))
    response = prepare(enquiry, health=["pregnant"])

    assert response.status_code == 429
    assert 'value="pregnant" id="id_health_0" checked' in said(response)
    assert take_back(enquiry).status_code == 302
    assert stored().answers == FIRST_FORM


def test_what_cannot_be_read_is_not_written_over(client, enquiry):
    sealed = damage(enquiry, "answers")

    assert "cannot be read just now" in said(client.get(page(enquiry, "prepare/")))
    assert prepare(enquiry).status_code == 422
    assert raw("answers") == sealed


def test_a_booked_visit_asks_for_them_first(client):
    enquiry = booked()
    enquiry.answers = dict(FIRST_FORM)
    enquiry.save()
    html = said(client.get(page(enquiry)))

    assert html.index('id="prepare"') < html.index('id="messages"')
    assert html.count('id="prepare"') == 1


def test_back_finds_what_was_ticked_and_no_cache_keeps_what_is_stored(client, enquiry):
    def cache():
        return client.get(page(enquiry, "prepare/")).headers["Cache-Control"]

    assert "no-store" not in cache()
    prepare(enquiry)
    assert "no-store" in cache()


def test_erasing_the_request_erases_them(enquiry):
    prepare(enquiry)
    withdraw(enquiry)

    assert (stored().state, stored().answers) == (State.ERASED, {})
    assert (stored().health_consent, stored().health_consented_at) == (None, None)
