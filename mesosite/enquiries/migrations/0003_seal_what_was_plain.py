"""Encrypts what an older version of the site stored as plain text, and makes it findable."""

import json

from django.db import migrations

from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import lookup_hash
from mesosite.enquiries.models.enquiry import new_link
from mesosite.enquiries.search.index import terms_of


def seal_all(apps, schema_editor):
    enquiry, note, term = (
        apps.get_model("enquiries", name) for name in ("Enquiry", "Note", "SearchTerm")
    )
    for row in enquiry.objects.filter(link_hash=None).exclude(state="erased"):
        row.contact, row.answers = (_plain(value, json.loads) for value in (row.contact, row.answers))
        row.link = new_link()
        row.link_hash = lookup_hash("link", row.link)
        row.asked_at, row.touched_at = row.created_at, row.state_since
        row.save()
        term.objects.bulk_create(term(enquiry=row, term=found) for found in terms_of(row.contact))
    for row in note.objects.all():
        row.text = _plain(row.text, str)
        row.save()


def _plain(value, read):
    """What could not be unsealed is plain text still."""
    return read(value.stored) if isinstance(value, Unreadable) else value


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0002_private_and_once")]
    operations = [migrations.RunPython(seal_all, migrations.RunPython.noop)]
