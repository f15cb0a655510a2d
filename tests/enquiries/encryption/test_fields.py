"""A damaged value: words instead of ciphertext, no error, and it stays as it was."""

import copy
import json
import pickle

import pytest
from django.core.exceptions import FieldError
from django.core.serializers import serialize
from django.template import engines

from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import OF_ROW, encrypt
from mesosite.enquiries.models import Enquiry, Note
from mesosite.enquiries.workflow import change_state
from tests.enquiries.stored import LOST, key_id, write, written

COLUMN = "enquiries_enquiry.answers"
WORDS = "cannot be read"
GIVEN = {"name": "Ana", "email": "ana@example.com"}


def flipped(encrypted):
    at = len(encrypted) // 2
    return encrypted[:at] + ("B" if encrypted[at] == "A" else "A") + encrypted[at + 1 :]


DAMAGE = {
    "one bit": flipped,
    "its end is missing": lambda encrypted: encrypted[:-40],
    "only its prefix is left": lambda encrypted: encrypted[:11],
    "a key that is not there": lambda encrypted: f"2.{key_id(LOST)}.{encrypted[11:]}",
    "bound to the column alone": lambda encrypted: encrypt('{"message": "Πονάει;"}', COLUMN),
    "the format of one that is": lambda encrypted: f"1{encrypted[1:]}",
    "plain text": lambda encrypted: '{"message": "in the open"}',
    "no text of ours": lambda encrypted: "é.é.é",
}
INSIDE = {"no JSON": "Ana", "no dict": "[1]", "nothing": "null"}


@pytest.fixture(params=[*DAMAGE, *INSIDE, "moved from the contact"])
def damaged(request, db):
    """An enquiry whose answers are damaged, and nothing else."""
    enquiry = Enquiry(contact=GIVEN, answers={"message": "Πονάει;"})
    enquiry.store()
    if change := DAMAGE.get(request.param):
        answers = change(written(enquiry, "answers"))
    elif text := INSIDE.get(request.param):
        answers = encrypt(text, f"{COLUMN}.{enquiry.place}", OF_ROW)
    else:
        answers = written(enquiry, "contact")
    write(enquiry, answers=answers)
    return enquiry


def shown(value):
    template = engines["django"].from_string("{{ value }}|{{ value|linebreaks }}|{{ value.name }}")
    return template.render({"value": value})


def test_it_reads_as_words_wherever_it_is_shown(damaged):
    value = damaged.answers

    assert (str(value), f"{value}", repr(value)) == (WORDS, WORDS, f"<{WORDS}>")
    assert shown(value) == f"{WORDS}|<p>{WORDS}</p>|"
    assert value
    assert value.unreadable


def test_it_can_be_asked_like_the_dict_that_it_was(damaged):
    assert (damaged.answers.get("message"), list(damaged.answers)) == (None, [])
    assert json.dumps(damaged.answers) == "{}"


def test_it_is_words_however_it_is_queried(damaged):
    rows = Enquiry.objects.filter(pk=damaged.pk)

    assert str(rows.only("answers").get().answers) == WORDS
    assert str(rows.defer("answers", "row_id").get().answers) == WORDS
    (raw,) = Enquiry.objects.raw("SELECT * FROM enquiries_enquiry WHERE id = %s", [damaged.pk])
    assert str(raw.answers) == WORDS


def test_saving_the_row_leaves_it_as_it_was(damaged):
    before = written(damaged, "answers")
    damaged.contact = GIVEN | {"name": "Maria"}
    damaged.save()

    assert written(damaged, "answers") == before
    assert Enquiry.objects.get(pk=damaged.pk).contact["name"] == "Maria"


def test_checking_the_row_and_updating_it_leave_it_as_it_was(damaged):
    before = written(damaged, "answers")
    damaged.answers = Enquiry._meta.get_field("answers").clean(damaged.answers, damaged)
    Enquiry.objects.filter(pk=damaged.pk).update(**damaged.encrypted(answers=damaged.answers))

    assert written(damaged, "answers") == before


def test_a_move_leaves_it_as_it_was(damaged, receptionist):
    before = written(damaged, "answers")
    change_state(damaged, "in_progress", by=receptionist)

    assert written(damaged, "answers") == before


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))]
)
def test_a_copy_leaves_it_as_it_was(damaged, copied):
    before = written(damaged, "answers")
    damaged.answers = copied(damaged.answers)
    damaged.save()

    assert written(damaged, "answers") == before


def test_its_neighbours_are_read(damaged):
    assert damaged.contact == GIVEN
    assert len(damaged.link) > 20


@pytest.mark.parametrize("damage", DAMAGE.values())
def test_text_is_no_other(enquiry, receptionist, damage):
    note = Note.objects.create(enquiry=enquiry, person=receptionist, text="Called")
    write(note, text=damage(written(note, "text")))
    before = written(note, "text")
    note.clean_fields()
    note.save()

    assert isinstance(note.text, Unreadable)
    assert (shown(note.text), written(note, "text")) == (f"{WORDS}|<p>{WORDS}</p>|", before)


def test_what_is_empty_is_no_damage(enquiry):
    write(enquiry, answers="", link="")

    assert (enquiry.answers, enquiry.link) == ({}, "")


def test_nothing_plain_stands_in_the_database(enquiry):
    enquiry.answers = {"message": "Πονάει;"}
    enquiry.save()

    assert "Ana" not in written(enquiry, "contact")
    assert not any(word in written(enquiry, "answers") for word in ("Πονάει", "message"))


@pytest.mark.parametrize("lookup", ["answers", "answers__contains", "link__startswith"])
def test_nobody_searches_ciphertext(db, lookup):
    with pytest.raises(FieldError):
        Enquiry.objects.filter(**{lookup: "Ana"})


def test_nothing_is_written_out_by_dumpdata(enquiry):
    with pytest.raises(TypeError, match="not written out"):
        serialize("json", [enquiry])
