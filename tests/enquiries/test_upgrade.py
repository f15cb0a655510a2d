"""A database of the version before: what stood in it as plain text is encrypted, and is found."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from mesosite.enquiries.models import Enquiry, Note
from mesosite.enquiries.search import index
from tests.enquiries.stored import written

CONTACTS = [{"name": "Μαρία Παπαδοπούλου", "email": "maria@example.com"}, {"name": "Ana Ruiz"}]
ANSWERS = {"message": "Πονάει;", "health": ["cold_sores"]}
PLAIN = ("Μαρία", "maria@example.com", "Ana", "Ruiz", "Πονάει", "cold_sores", "Called", "name")
BEFORE = ("enquiries", "0001_initial")


def migrate(*targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def newest():
    return MigrationExecutor(connection).loader.graph.leaf_nodes("enquiries")


@pytest.fixture
def upgraded(transactional_db, django_user_model):
    """Two enquiries and a note, stored by the version before; then this one took over."""
    staff = django_user_model.objects.create(username="eleni")
    old = migrate(BEFORE)
    try:
        for contact in CONTACTS:
            given = {"contact": contact, "answers": ANSWERS, "topics": ["peel"]}
            row = old.get_model("enquiries", "Enquiry").objects.create(**given)
        note = old.get_model("enquiries", "Note")
        note.objects.create(enquiry=row, person_id=staff.pk, text="Called. No answer. Again.")
        call_command("check", databases=["default"])  # as `manage.py migrate` does first
    finally:
        migrate(*newest())
    return list(Enquiry.objects.order_by("pk"))


def test_everything_says_what_it_said(upgraded):
    assert [enquiry.contact for enquiry in upgraded] == CONTACTS
    assert upgraded[0].answers == ANSWERS
    assert upgraded[0].topics == ["peel"]
    assert Note.objects.get().text == "Called. No answer. Again."


def test_nothing_plain_is_left_in_the_columns(upgraded):
    kept = [written(row, name) for row in upgraded for name in ("contact", "answers", "link")]
    kept.append(written(Note.objects.get(), "text"))

    assert not any(word in value for value in kept for word in PLAIN)


def test_each_has_a_link_of_its_own_that_leads_to_it(upgraded):
    first, second = upgraded

    assert first.link != second.link
    assert Enquiry.objects.with_link(first.link).get() == first
    assert Enquiry.objects.with_link(second.link).get() == second


def test_staff_find_them_by_name_and_email(upgraded):
    assert index.find("Papadopoulou") == upgraded[:1]
    assert index.find("maria@example.com") == upgraded[:1]
    assert index.find("Ruiz") == upgraded[1:]


def test_their_answers_are_due_as_they_were(upgraded):
    assert [row.asked_at for row in upgraded] == [row.created_at for row in upgraded]
    assert all(row.asked_at < timezone.now() for row in upgraded)
