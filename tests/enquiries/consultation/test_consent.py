"""What a patient agreed to is kept: in which words, when, in which language."""

import pytest

from mesosite.enquiries.consultation import consent
from mesosite.enquiries.models import ConsentText
from tests.enquiries.filled_in import FORM, answers, nothing_stored, post, said, send, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_anew():
    consent._privacy.cache_clear()
    yield
    consent._privacy.cache_clear()


def test_an_enquiry_keeps_the_words_the_time_and_the_language(client):
    shown = said(client.get(FORM))
    send()

    enquiry = stored()
    assert enquiry.consent.statement in shown
    assert "A cookie is a small file" in enquiry.consent.privacy
    assert "A request that led to a visit is kept for 30 days" in enquiry.consent.privacy
    assert (enquiry.consented_at, enquiry.consent.language) == (enquiry.created_at, "en")


def test_the_same_words_are_one_version():
    send()
    send(name="Somebody Else")

    assert ConsentText.objects.count() == 1


def test_another_word_is_another_version(monkeypatch):
    send()
    monkeypatch.setattr(consent, "statement", lambda: "I agree to something else.")
    send(name="Somebody Else")

    assert len(set(ConsentText.objects.values_list("version", flat=True))) == 2


def test_a_clinic_that_changes_what_it_says_makes_another_version(as_clinic):
    send()
    consent._privacy.cache_clear()
    as_clinic(authority="Data Office")
    send(name="Somebody Else")

    assert [text for text in ConsentText.objects.all() if "Data Office" in text.privacy]


def test_words_that_changed_while_the_form_was_open_are_asked_about_again(monkeypatch):
    data = answers(message="Still here")
    monkeypatch.setattr(consent, "statement", lambda: "I agree to something else.")
    response = post(FORM, data)

    assert response.status_code == 422
    assert "The words beside this box have changed" in said(response)
    assert 'id="id_consent" checked' not in said(response)
    assert "Still here" in said(response)
    assert nothing_stored()


def test_the_page_that_asks_again_can_be_sent(monkeypatch):
    data = answers()
    monkeypatch.setattr(consent, "statement", lambda: "I agree to something else.")
    shown = post(FORM, data).context["form"]

    assert shown["consent"].value() is not True
    assert post(FORM, data | {"token": shown["token"].value()}).status_code == 302


def test_without_the_tick_nothing_is_kept():
    assert send(consent=None).status_code == 422
    assert nothing_stored()


def test_the_privacy_page_says_that_there_is_no_cookie_and_sets_none(client):
    response = client.get("/privacy/")

    assert "We set no cookies while you read or ask." in said(response)
    assert not response.cookies
