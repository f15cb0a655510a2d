"""What was encrypted for its column is encrypted for its row, and enquiries are indexed anew.

In batches of a transaction each. A row without `row_id` is one whose turn has not come: a run that
was killed goes on with the next, and 0010 forbids such rows for ever. So no value that is bound to
its column alone is read again. A damaged value stays as it is.
"""

import json
import logging

from django.db import migrations
from django.db.models import F, TextField
from django.db.models.functions import Cast

from mesosite.enquiries.encryption.fields import Stored, new_row_id
from mesosite.enquiries.encryption.keys import OF_ROW, DecryptionError, decrypt, encrypt
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write

BATCH = 500
# Enquiries first: their row_id is part of what the texts about them are bound to.
COLUMNS = {
    "enquiry": ("contact", "answers", "link"),
    "note": ("text",),
    "message": ("text",),
    "outgoingmail": ("content",),
}
logger = logging.getLogger(__name__)


def bind(apps, schema_editor):
    live = apps.get_model("enquiries", "enquiry").objects.exclude(state="erased")
    bits = index.bits_for(live.count())
    for name, columns in COLUMNS.items():
        model = apps.get_model("enquiries", name)
        done, last, number = 0, 0, model.objects.filter(row_id=None).count()
        while batch := _unbound(model, name, columns, last):
            with write():
                for row in batch:
                    _bind(apps, model, name, columns, row, bits)
            done, last = done + len(batch), batch[-1]["pk"]
            logger.info("%s: %d of %d rows encrypted anew", name, done, number)


def _unbound(model, name, columns, after):
    extra = {"enquiry": ("state", "sent_hash", "token_hash")}.get(name, ())
    stored = {f"stored_{column}": Cast(column, TextField()) for column in columns}
    if name in ("note", "message"):
        stored["within"] = F("enquiry__row_id")
    rows = model.objects.filter(row_id=None, pk__gt=after).order_by("pk").annotate(**stored)
    return list(rows.values("pk", *stored, *extra)[:BATCH])


def _bind(apps, model, name, columns, row, bits):
    row_id = new_row_id()
    place = ".".join(filter(None, (row_id, row.get("within"))))
    values = {}
    for column in columns:
        stored, at = row[f"stored_{column}"], f"enquiries_{name}.{column}"
        try:
            row[column] = stored and decrypt(stored, at)
        except DecryptionError:
            row[column] = ""
        else:
            values[column] = Stored(stored and encrypt(row[column], f"{at}.{place}", OF_ROW))
    if name == "enquiry" and row["state"] != "erased":
        found_by = _found_by(row)
        text = json.dumps(found_by, ensure_ascii=False)
        values["found_by"] = Stored(encrypt(text, f"enquiries_enquiry.found_by.{place}", OF_ROW))
        _index(apps, row["pk"], index.hashes_of(found_by, row_id, bits), bits)
    model.objects.filter(pk=row["pk"]).update(row_id=row_id, **values)


def _found_by(row):
    contact = json.loads(row["contact"] or "{}")
    arrival = {"sent": row["sent_hash"], "form": row["token_hash"]}
    return index.terms_of(contact if isinstance(contact, dict) else {}) | arrival


def _index(apps, enquiry_id, hashes, bits):
    terms = apps.get_model("enquiries", "searchterm")
    terms.objects.bulk_create(
        terms(enquiry_id=enquiry_id, bits=bits, term=hashed) for hashed in hashes
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enquiries", "0010_row_ids")]

    operations = [migrations.RunPython(bind)]
