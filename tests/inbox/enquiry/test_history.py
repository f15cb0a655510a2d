"""What the sheet says beside the patient's words: mails, duplicates, consent, how long."""

import datetime

import pytest
from django.utils import timezone

from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.models.states import State
from mesosite.enquiries.workflow import change_state
from tests.inbox.asking import ask, erased

NOW = timezone.now()


def sheet(desk, enquiry):
    return " ".join(desk.get(f"/staff/e/{enquiry.code}/").content.decode().split())


MAILS = [
    ({}, "Waiting to be sent"),
    ({"tries": 3, "error": "451"}, "Waiting, tried 3 times (451)"),
    ({"tries": 1, "failed_at": NOW, "error": "550"}, "Could not be delivered (550)"),
    ({"tries": 1, "sent_at": datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)}, "Sent "),
]


@pytest.mark.parametrize(("changes", "words"), MAILS)
def test_a_mail_says_how_far_it_has_come(desk, changes, words):
    enquiry = ask()
    enquiry.mails.filter(kind="confirmation").update(**changes)
    assert f"Confirmation to the patient <small>{words}" in sheet(desk, enquiry).replace(
        ' class="inbox-urgent"', ""
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("confirmation", "email to the patient could not be delivered (550). Call, or check"),
        ("new_enquiry", "email to the clinic could not be delivered (550). Tell whoever"),
    ],
)
def test_a_failed_mail_says_what_to_do(desk, kind, words):
    enquiry = ask()
    assert words not in sheet(desk, enquiry)
    enquiry.mails.filter(kind=kind).update(failed_at=NOW, error="550")
    assert words in sheet(desk, enquiry)


def test_a_possible_duplicate_leads_to_the_other_one(desk):
    first = ask()
    assert f'<a href="/staff/e/{first.code}/">{first}</a>, new.' in sheet(
        desk, ask(resembles=first)
    )


def test_a_duplicate_of_an_erased_one_says_so(desk):
    second = ask(resembles=erased(ask()))
    assert "which was erased" in sheet(desk, second)


def test_what_the_patient_agreed_to_is_said(desk):
    words = ("I agree", "All of the privacy page", "en")
    enquiry = submit(topics=[], contact={"name": "Ana"}, answers={}, consent=words).enquiry
    assert f"in English, text {enquiry.consent.version}" in sheet(desk, enquiry)


def test_it_says_until_when_it_is_kept(desk, monkeypatch):
    until = datetime.datetime(2031, 3, 3, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr(
        "mesosite.enquiries.maintenance.retention.kept_until", lambda enquiry: until
    )
    assert "3 Mar 2031, if nothing more is done" in sheet(desk, ask())
    assert "it is erased on 3 Mar 2031" in sheet(desk, ask(warned_at=NOW))


def test_spam_says_its_score_and_that_mails_were_held_back(desk):
    page = sheet(desk, ask(suspect=True))
    assert "Spam score 5; from 5 on it is held back." in page
    assert "Mails were held back. “Not spam” sends them." in page
    assert "Kept until somebody has looked at it" in page


def test_spam_whose_mails_went_before_holds_none_back(desk, receptionist):
    enquiry = ask()
    change_state(enquiry, State.SPAM, by=receptionist)
    assert "held back" not in sheet(desk, enquiry)
    assert "Kept until " in sheet(desk, enquiry)
