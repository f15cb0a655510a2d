"""Who reaches a patient's own page, what an answer leaves behind, and what guessing brings."""

import pytest
from django.utils import timezone

from mesosite.enquiries.digits import parted
from mesosite.enquiries.models import Rate
from mesosite.enquiries.models.enquiry import EnquiryQuerySet
from mesosite.logs import CodesOnly
from tests.enquiries.filled_in import FORM, post, said
from tests.enquiries.patient.requests import asked, correct, gone, heading, page, say, withdraw

pytestmark = pytest.mark.django_db

PUBLIC = ("", "message/", "correct/", "withdraw/", "download/json", "download/html")
WRONG = FORM + "r/not-a-link/"
STORED, TYPED = "max-age=0, no-cache, no-store, must-revalidate, private", "no-cache, private"


def answers():
    """Every kind of answer that an address of the link gives."""
    enquiry = asked()
    yield say(enquiry, "")
    yield say(enquiry, "Hello")
    yield correct(enquiry, name="")
    yield correct(enquiry, name=["Ana", "Maria"])
    yield post(page(enquiry), {"x": "y"})
    yield post(WRONG, {"x": "y"})
    yield withdraw(enquiry)


def test_back_finds_what_was_typed_and_no_cache_keeps_what_is_stored(client):
    enquiry = asked()
    kept = {below: client.get(page(enquiry, below)).headers["Cache-Control"] for below in PUBLIC}
    assert kept == dict.fromkeys(PUBLIC, STORED) | {"message/": TYPED}
    for refused in (say(enquiry, ""), correct(enquiry, name="")):
        assert (refused.status_code, refused.headers["Cache-Control"]) == (422, TYPED)
    assert say(enquiry, "Hello").headers["Cache-Control"] == STORED


def test_no_answer_is_listed_named_elsewhere_or_has_a_cookie(client):
    enquiry = asked()
    reached = [client.get(page(enquiry, below)) for below in (*PUBLIC, "nothing", "nothing/")]
    reached += [client.get(page(enquiry)[:-1]), client.get(WRONG), client.get(FORM + "erased/")]
    for response in [*reached, *answers()]:
        assert response.headers["Cache-Control"] in (STORED, TYPED)
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not response.cookies


def test_it_is_never_compressed(client):
    response = client.get(page(asked()), headers={"accept-encoding": "gzip, br"})

    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("below", ["nothing", "nothing/at/all/", "download/pdf"])
def test_an_address_below_the_link_that_is_none_leads_to_its_page(client, below):
    enquiry = asked()

    assert client.get(page(enquiry, below)).headers["Location"] == page(enquiry)


def test_the_link_without_its_last_stroke_leads_to_its_page(client):
    enquiry = asked()

    assert client.get(page(enquiry)[:-1]).headers["Location"] == page(enquiry)


@pytest.mark.parametrize("below", PUBLIC)
def test_an_unknown_link_is_answered_kindly(client, below):
    response = client.get(WRONG + below)

    assert response.status_code == 404
    assert heading(said(response)) == "This link leads to no request"


def test_guessing_ends_and_who_has_a_right_link_goes_on(client, at):
    enquiry = asked()
    for _i in range(20):
        assert client.get(WRONG).status_code == 404

    assert client.get(WRONG).status_code == 429
    assert client.get(WRONG, REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get(page(enquiry)).status_code == 200
    assert say(enquiry, "Hello").status_code == 302


def test_guessing_is_over_when_its_time_is(client):
    for _i in range(20):
        client.get(WRONG)
    Rate.objects.update(until=timezone.now())

    assert client.get(WRONG).status_code == 404


def test_the_right_link_counts_for_nothing(client):
    enquiry = asked()
    Rate.objects.all().delete()
    client.get(page(enquiry))

    assert not Rate.objects.exists()


def test_a_wrong_link_is_a_wrong_link_even_when_nothing_can_be_written(client, monkeypatch):
    monkeypatch.setattr(Rate, "count_one", gone)

    assert client.get(WRONG).status_code == 404


def logged(caplog):
    """What the site's log holds of what was logged."""
    return "\n".join(map(CodesOnly().format, caplog.records))


def test_without_a_database_it_says_so_and_logs_neither_link_nor_words(
    client, monkeypatch, caplog, open_clinic
):
    enquiry = asked()
    monkeypatch.setattr(EnquiryQuerySet, "with_link", gone)

    response = client.get(page(enquiry))
    assert response.status_code == 503
    assert open_clinic.phone in said(response)
    assert not any(word in logged(caplog) for word in (enquiry.link, "secret words"))
    assert "OperationalError" in logged(caplog)


def test_a_fault_of_ours_does_not_log_the_link(client, monkeypatch, caplog):
    enquiry = asked()
    monkeypatch.setattr("mesosite.enquiries.patient.views.summary", lambda enquiry: 1 / 0)
    client.raise_request_exception = False

    assert client.get(page(enquiry)).status_code == 500
    assert "ZeroDivisionError" in logged(caplog)
    assert enquiry.link not in logged(caplog)
    assert parted(page(enquiry).split("/")[3])[1] not in logged(caplog)
