"""`manage.py rotate_keys`: everything under the first key, while the site goes on."""

import io

import pytest
from django.core.management import call_command

from mesosite.enquiries.encryption.checks import encrypted_columns, keys_in_use
from mesosite.enquiries.encryption.fields import EncryptedTextField
from mesosite.enquiries.erasure import replay
from mesosite.enquiries.maintenance import key_rotation
from mesosite.enquiries.models import Enquiry, OutgoingMail
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.enquiries.search import index
from mesosite.enquiries.steps import Press, Step, take_step
from mesosite.enquiries.workflow import add_note
from tests.enquiries.filled_in import send, stored
from tests.enquiries.stored import KEY, NEW, key_id, write, written

pytestmark = pytest.mark.django_db
PERSONAL = ("Μαρία", "maria@example.com", "Πονάει", "Called", "Thank you")
FREE = "The others can be taken out of DATA_KEYS."


@pytest.fixture
def asked(receptionist):
    """An enquiry with something in every encrypted column, under the old key."""
    send(message="Πονάει;")
    enquiry = stored()
    add_note(enquiry, "Called", by=receptionist)
    answer = Press(Step.ANSWER, receptionist, answer="Yes, a little")
    take_step(enquiry, answer)
    return actions.add_message(enquiry, "Thank you")


@pytest.fixture
def new_key(asked, settings):
    settings.DATA_KEYS = [NEW, KEY]


def rotate():
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def everything():
    """Every encrypted value of the database, as the site reads it."""
    return [
        [(row.pk, getattr(row, column.name)) for row in model.objects.order_by("pk")]
        for model, column in encrypted_columns()
    ]


def test_the_fixture_fills_every_encrypted_column(asked):
    assert len(keys_in_use()[key_id(KEY)]) == len(encrypted_columns()) == 9


def test_all_values_are_under_the_first_key_and_say_the_same(new_key):
    before = everything()
    said = rotate()

    assert list(keys_in_use()) == [key_id(NEW)]
    assert everything() == before
    assert FREE in said


def test_afterwards_the_old_key_is_not_needed(new_key, settings):
    before, link = everything(), stored().link
    rotate()
    settings.DATA_KEYS = [NEW]

    assert everything() == before
    assert Enquiry.objects.with_link(link) == stored()
    assert index.find("Papadopoulou") == [stored()]
    assert index.find("maria@example.com") == [stored()]


def test_before_and_in_the_middle_it_is_found_as_ever(new_key):
    link, other = stored().link, send(name="Ana Papadopoulou")
    assert (other.status_code, len(index.find("Papadopoulou"))) == (302, 2)
    for _model, column in encrypted_columns():
        for _done in key_rotation.reencrypt(column):
            assert Enquiry.objects.with_link(link)
            assert len(index.find("Papadopoulou")) == 2


def test_a_second_run_changes_nothing(new_key):
    rotate()
    before = [written(stored(), name) for name in ("contact", "answers", "link")]
    said = rotate()

    assert [written(stored(), name) for name in ("contact", "answers", "link")] == before
    assert "renewed" not in said


def test_one_that_stopped_goes_on_where_it_was(new_key, monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    send(name="Ana")
    (contact,) = [column for _model, column in encrypted_columns() if column.name == "contact"]
    next(key_rotation.reencrypt(contact))
    half = keys_in_use()

    assert FREE in rotate()
    assert (len(half), list(keys_in_use())) == (2, [key_id(NEW)])


def test_it_goes_batch_by_batch_through_all_rows(asked, settings, monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    monkeypatch.setattr(key_rotation, "HASH_BATCH", 2)
    for n in range(4):
        send(name=f"Ana{n}")
    settings.DATA_KEYS = [NEW, KEY]
    said = rotate()

    assert "enquiries_enquiry.contact: 2 renewed\n" in said
    assert "enquiries_enquiry.contact: 4 renewed\n" in said
    assert "enquiries_enquiry.contact: 5 renewed\n" in said
    assert list(keys_in_use()) == [key_id(NEW)]


def test_what_is_changed_meanwhile_is_not_overwritten(new_key, monkeypatch):
    def correct_first(column, value, row):
        if column.name == "contact" and row.contact["name"] != "Maria Anders":
            other = Enquiry.objects.get()
            other.contact = {"name": "Maria Anders"}
            other.save()
        return encrypted(column, value, row)

    encrypted = EncryptedTextField.encrypted
    monkeypatch.setattr(EncryptedTextField, "encrypted", correct_first)
    rotate()

    assert stored().contact == {"name": "Maria Anders"}


def test_a_process_that_encrypts_with_the_old_key_keeps_it_in_use(new_key, settings):
    rotate()
    settings.DATA_KEYS = [KEY, NEW]
    send(name="Ana")
    settings.DATA_KEYS = [NEW, KEY]

    assert keys_in_use().keys() == {key_id(NEW), key_id(KEY)}
    assert FREE in rotate()


def test_a_damaged_value_stays_and_is_named_and_keeps_its_key(new_key):
    write(stored(), answers=written(stored(), "answers")[:-20])
    before = written(stored(), "answers")
    said = rotate()

    assert written(stored(), "answers") == before
    assert f"Enquiry {stored().pk}: cannot be read" in said
    assert f"Key {key_id(KEY)} is still needed by enquiries_enquiry.answers." in said
    assert FREE not in said


def test_a_damaged_contact_keeps_what_it_was_found_by(new_key):
    write(stored(), contact=written(stored(), "contact")[:-20])
    rotate()

    assert index.find("maria@example.com") == [stored()]
    assert Enquiry.objects.with_link(stored().link)


def test_what_is_not_an_encrypted_value_needs_no_key(new_key):
    write(stored(), answers="garbage")

    assert FREE in rotate()
    assert written(stored(), "answers") == "garbage"


def test_nothing_personal_is_said(new_key):
    write(stored(), contact=written(stored(), "contact")[:-20], answers='{"message": "Πονάει"}')
    said = rotate()

    assert not any(word in said for word in PERSONAL)


def test_an_erased_enquiry_has_nothing_to_renew(new_key, settings):
    actions.withdraw(stored())
    rotate()

    assert stored().state == State.ERASED
    assert (stored().link_hash, stored().terms.count()) == (None, 0)
    assert not keys_in_use()


def test_what_was_erased_stays_so_when_the_old_key_is_gone(new_key, settings):
    code = stored().code
    actions.withdraw(stored())
    rotate()
    settings.DATA_KEYS = [NEW]
    Enquiry.objects.all().delete()
    Enquiry(code=code, contact={"name": "back again"}).store()

    assert (replay(), stored().state) == (1, State.ERASED)


def test_mails_that_were_sent_have_nothing_to_renew(new_key):
    OutgoingMail.objects.update(content={})
    rotate()

    assert {written(mail, "content") for mail in OutgoingMail.objects.all()} == {""}


def test_without_the_old_key_it_does_not_begin(asked, settings):
    settings.DATA_KEYS = [NEW]
    before = written(asked, "contact")

    with pytest.raises(SystemExit, match=f"key {key_id(KEY)}, which is not among DATA_KEYS"):
        rotate()
    assert written(asked, "contact") == before
