"""What stands in the database of an encrypted column, and keys as tests need them."""

import base64

from django.db.models import TextField
from django.db.models.functions import Cast

from mesosite.enquiries.encryption.fields import EncryptedTextField, Stored
from mesosite.enquiries.encryption.keys import Key

KEY = base64.urlsafe_b64decode("dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG8=")
NEW, LOST = bytes(range(32)), bytes(32)


def key_id(master):
    return Key(master).id


def written(row, column):
    """The stored value itself, as it is in the database."""
    rows = type(row)._base_manager.annotate(written=Cast(column, TextField()))
    return rows.values_list("written", flat=True).get(pk=row.pk)


def as_stored(rows):
    """[{column: value}] of a QuerySet, with encrypted values as they are in the database."""
    fields = {field.name: field for field in rows.model._meta.concrete_fields}
    encrypted = {f for f, field in fields.items() if isinstance(field, EncryptedTextField)}
    raw = {f"written_{name}": Cast(name, TextField()) for name in encrypted}
    return list(rows.annotate(**raw).values(*fields.keys() - encrypted, *raw))


def write(row, **columns):
    """Put values into the database as they are, past every field."""
    values = {name: Stored(text) for name, text in columns.items()}
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
