"""A value is bound to its row: copied into another one it cannot be read, by whatever way."""

import pytest
from django.db import transaction
from django.db.models import F, Max, TextField, Value
from django.db.models.functions import Coalesce

from mesosite.enquiries.digits import opened
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.models import Enquiry, Message, Note
from tests.enquiries.filled_in import FORM, answers, post, said, send
from tests.enquiries.stored import as_stored, write, written

pytestmark = pytest.mark.django_db
HERS, HIS = {"name": "Maria"}, {"name": "Mallory"}


@pytest.fixture
def hers():
    enquiry = Enquiry(contact=HERS, answers={"message": "Πονάει;"})
    enquiry.store()
    enquiry.messages.create(text="Hers alone")
    return enquiry


@pytest.fixture
def his():
    enquiry = Enquiry(contact=HIS)
    enquiry.store()
    enquiry.messages.create(text="His")
    return enquiry


def page(client, enquiry):
    return client.get(f"/consultation/r/{opened(enquiry)}/")


def test_each_row_has_an_id_before_it_is_stored_and_keeps_it(hers):
    made = Enquiry()
    assert len({made.row_id, Enquiry().row_id, hers.row_id}) == 3
    assert len(bytes.fromhex(made.row_id)) == 16
    made.store()
    assert Enquiry.objects.get(pk=made.pk).row_id == made.row_id


@pytest.mark.parametrize("column", ["contact", "answers", "link", "found_by"])
def test_a_value_copied_into_another_row_is_unreadable(hers, his, column):
    hers.found_by = HERS
    hers.save()
    write(his, **{column: written(hers, column)})
    assert isinstance(getattr(his, column), Unreadable)


def test_what_she_wrote_is_not_read_through_his_link(client, hers, his):
    link = his.link
    write(his, answers=written(hers, "answers"), contact=written(hers, "contact"))
    assert "Πονάει" not in said(client.get(f"/consultation/r/{link}/"))
    assert "cannot be read" in said(client.get(f"/consultation/r/{link}/"))


def test_a_message_moved_to_another_enquiry_is_unreadable(client, hers, his):
    Message.objects.filter(enquiry=hers).update(enquiry=his)
    assert "Hers alone" not in said(page(client, his))
    assert [str(message.text) for message in his.messages.all()] == ["cannot be read", "His"]


def test_his_link_opens_no_row_to_which_its_hash_was_moved(client, hers, his):
    assert page(client, his).status_code == 200
    hashed, link = his.link_hash, his.link
    Enquiry.objects.filter(pk=his.pk).update(link_hash=None)
    Enquiry.objects.filter(pk=hers.pk).update(link_hash=hashed)
    assert client.get(f"/consultation/r/{link}/").status_code == 404
    write(hers, link=written(his, "link"))  # and its ciphertext with it
    assert client.get(f"/consultation/r/{link}/").status_code == 404


def test_his_ticket_shows_no_row_to_which_his_code_was_moved(client):
    ticket = send(name="Mallory").headers["Location"]
    his = Enquiry.objects.get()
    hers = Enquiry(contact=HERS)
    hers.store()
    assert his.link in said(client.get(ticket))
    code = his.code
    Enquiry.objects.filter(pk=his.pk).update(code="0123456789")
    Enquiry.objects.filter(pk=hers.pk).update(code=code)
    assert hers.link not in said(client.get(ticket))


def test_his_form_sent_again_shows_no_row_to_which_its_hashes_were_moved(client):
    form = answers(name="Mallory")
    post(FORM, form)
    his = Enquiry.objects.get()
    hers = Enquiry(contact=HERS)
    hers.store()
    hashes = {"sent_hash": his.sent_hash, "token_hash": his.token_hash}
    Enquiry.objects.filter(pk=his.pk).update(sent_hash=None)
    Enquiry.objects.filter(pk=hers.pk).update(**hashes)
    shown = said(client.get(post(FORM, form).headers["Location"]))
    assert hers.link not in shown
    assert Enquiry.objects.latest("pk").link in shown
    assert Enquiry.objects.latest("pk").contact["name"] == "Mallory"


@pytest.mark.parametrize(
    "read",
    [
        lambda rows: list(rows.values()),
        lambda rows: list(rows.values("contact")),
        lambda rows: list(rows.values_list("contact", flat=True)),
        lambda rows: list(rows.annotate(other=F("contact"))),
        lambda rows: list(rows.annotate(other=Coalesce("contact", "answers"))),
        lambda rows: list(Note.objects.values("enquiry__contact")),
        lambda rows: rows.aggregate(Max("contact")),
    ],
)
def test_nothing_is_read_past_its_row(hers, read):
    with pytest.raises(TypeError, match=r"is read from a row alone: take only\(\), not values\(\)"):
        read(Enquiry.objects.all())


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(contact=HIS),
        lambda rows: rows.update(link="abc"),
        lambda rows: rows.update(contact=F("answers")),
        lambda rows: rows.update(contact=F("contact")),
        lambda rows: rows.update(contact=Value("1.x", output_field=TextField())),
        lambda rows: rows.update(contact=rows.get().contact),
        lambda rows: rows.bulk_update(list(rows), ["contact"]),
        lambda rows: rows.bulk_update(list(rows), ["state", "link"]),
    ],
)
def test_nothing_is_written_past_its_row(hers, change):
    before = as_stored(Enquiry.objects.all())
    refused = pytest.raises(TypeError, match=r"what its encrypted\(\) returns")
    with refused, transaction.atomic():
        change(Enquiry.objects.all())
    assert as_stored(Enquiry.objects.all()) == before


def test_rows_stored_in_bulk_are_bound(hers):
    made = Enquiry.objects.bulk_create([Enquiry(contact=HIS), Enquiry(contact=HERS)])
    texts = [Message(enquiry=row, text=row.contact["name"]) for row in made]
    Message.objects.bulk_create(texts)
    assert [Enquiry.objects.get(pk=row.pk).contact for row in made] == [HIS, HERS]
    assert [row.messages.get().text for row in made] == ["Mallory", "Maria"]
    write(made[0], contact=written(made[1], "contact"))
    assert isinstance(made[0].contact, Unreadable)


def test_update_takes_what_was_encrypted_for_the_row_and_what_is_empty(hers):
    rows = Enquiry.objects.filter(pk=hers.pk)
    rows.update(state="in_progress", **hers.encrypted(contact=HIS))
    assert rows.get().contact == HIS
    rows.update(contact={}, link="")
    assert (written(hers, "contact"), rows.get().contact, rows.get().link) == ("", {}, "")


def test_a_row_that_nobody_read_is_saved_as_it_was(hers):
    before = as_stored(Enquiry.objects.all())
    Enquiry.objects.get().save()
    assert as_stored(Enquiry.objects.all()) == before


@pytest.mark.parametrize("text", [5, ["a"], Value("1.x"), F("link")])
def test_a_column_of_text_takes_text(hers, text):
    with pytest.raises(TypeError, match=r"enquiries_message\.text takes no"):
        hers.messages.create(text=text)


def test_a_value_read_with_its_row_needs_no_query(hers, django_assert_num_queries):
    with django_assert_num_queries(2):
        (message,) = Enquiry.objects.get(pk=hers.pk).messages.all()
        assert (message.text, message.enquiry.contact) == ("Hers alone", HERS)
