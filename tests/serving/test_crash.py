"""Web workers and mail senders are killed while requests come in: nothing is lost or doubled."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from mesosite.enquiries.search import index
from mesosite.pages.base32 import in_groups
from tests.enquiries.filled_in import answers
from tests.postgres import postgres
from tests.serving.clinics import Clinic, clinic

KILLS = (
    Clinic.kill_a_worker,
    Clinic.kill_the_sender_with_a_mail_in_hand,
    Clinic.kill_a_worker,
    Clinic.kill_the_sender,
)
SENDERS_KILLED = 2
PAIR = ("confirmation", "new_enquiry")


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """{database: Clinic} after the kills, with all mails sent. Both at once: it takes its time."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        settings = {"sqlite": {}, "postgresql": {"DATABASE_URL": stack.enter_context(postgres())}}
        both = {
            name: stack.enter_context(clinic(tmp_path_factory.mktemp(name), **set_up))
            for name, set_up in settings.items()
        }
        for each in both.values():
            stack.callback(each.site.kill)
        list(pool.map(lambda each: each.site.start(), both.values()))
        kill_in_step(pool, both.values())
        list(pool.map(Clinic.wait_for_mails, both.values()))
        yield both


def kill_in_step(pool, clinics):
    with ExitStack() as stack:
        for each in clinics:
            stack.enter_context(each.patients)
        for how in KILLS:
            list(pool.map(how, clinics))
    for each in clinics:
        each.end_leases()


@pytest.fixture(params=["sqlite", "postgresql"])
def after(request, clinics):
    return clinics[request.param]


def test_what_was_acknowledged_is_stored_once_and_nothing_else_is(after):
    codes = [code for (code,) in after.site.sql("SELECT code FROM enquiries_enquiry")]

    assert sorted(codes) == sorted(after.patients.codes.values())


def test_every_enquiry_has_its_first_entry(after):
    assert set(after.rows_of("enquiries_entry").values()) == {1}


def test_every_enquiry_is_found_by_all_that_was_sent(after):
    sent = {code: index.terms_of(answers(email=e)) for e, code in after.patients.codes.items()}
    stored = after.found_by()

    assert {code: {kind: stored[code][kind] for kind in sent[code]} for code in stored} == sent
    assert all(terms["email"] and terms["name"] for terms in sent.values())


def test_every_enquiry_has_all_its_hashes(after):
    (hashes,) = set(after.rows_of("enquiries_searchterm").values())

    assert hashes == 1  # all share the only one, as long as they are few


def test_every_enquiry_has_its_pair_of_mails(after):
    pairs = [(code, kind) for code in after.patients.codes.values() for kind in PAIR]

    assert sorted((code, kind) for code, kind, _id in after.mails()) == sorted(pairs)


def test_every_mail_arrived_and_no_other(after):
    """Of the mails to staff, one stands for all that were due with it."""
    stored = {message_id for _code, _kind, message_id in after.mails()}
    confirmations = {message_id for _code, kind, message_id in after.mails() if kind == PAIR[0]}
    arrived = set(after.server.message_ids())

    assert confirmations < arrived <= stored


def test_a_kill_doubles_one_mail_at_most_under_its_message_id(after):
    """The mail in hand was sent again for certain: without it this could not fail."""
    doubled = Counter(after.server.message_ids())
    doubled.subtract(set(doubled))

    assert 1 <= doubled.total() <= SENDERS_KILLED


def test_every_patient_has_the_code_of_the_own_request(after):
    subjects = {mail["To"]: mail["Subject"] for mail in after.server.arrived}

    for email, code in after.patients.codes.items():
        assert in_groups(code) in subjects[email]
