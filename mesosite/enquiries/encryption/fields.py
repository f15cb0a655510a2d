"""Columns of the database that hold what a patient gave."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt


class Unreadable(dict):
    """What a damaged value reads as: an empty dict that prints as words, never as ciphertext.

    `stored` is what stands in the database; saving the row writes it back as it is.
    """

    unreadable = True

    def __init__(self, stored):
        super().__init__()
        self.stored = stored

    def __bool__(self):
        return True

    def __eq__(self, other):
        return isinstance(other, Unreadable) and self.stored == other.stored

    __hash__ = None

    def __str__(self):
        return _("cannot be read")

    def __repr__(self):
        return "<cannot be read>"


class EncryptedTextField(models.TextField):
    """Text, encrypted in the database. "" and None are stored as they are."""

    @property
    def bound_to(self):
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value, expression, connection):
        if not value:
            return value
        try:
            return self._read(decrypt(value, self.bound_to))
        except (DecryptionError, TypeError, ValueError):
            return Unreadable(value)

    def _read(self, text):
        return text

    def to_python(self, value):
        return value if isinstance(value, Unreadable) else super().to_python(value)

    def get_prep_value(self, value):
        if isinstance(value, Unreadable):
            return value.stored
        return encrypt(value, self.bound_to) if value else value

    def get_lookup(self, name):
        """Only whether there is one: two sealings of the same text differ."""
        return super().get_lookup(name) if name == "isnull" else None

    def value_to_string(self, obj):
        raise TypeError("What is encrypted is not written out: use `manage.py backup`.")


class EncryptedJSONField(EncryptedTextField):
    """A JSON dict, encrypted in the database. {} is stored as ""."""

    def from_db_value(self, value, expression, connection):
        return super().from_db_value(value, expression, connection) or {}

    def _read(self, text):
        if isinstance(found := json.loads(text), dict):
            return found
        raise ValueError

    def to_python(self, value):
        return value

    def get_prep_value(self, value):
        if isinstance(value, Unreadable):
            return value.stored
        if not value:
            return ""
        return super().get_prep_value(json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder))
