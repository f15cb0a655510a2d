"""Columns of the database that hold what a patient gave."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from mesosite.enquiries.encryption.keys import DecryptionError, decrypt, encrypt


class Unreadable(dict[str, Any]):
    """A damaged value: an empty dict that prints as words, never as ciphertext.

    `stored` is the database's value; saving the row writes it back unchanged.
    """

    unreadable = True

    def __init__(self, stored: str) -> None:
        super().__init__()
        self.stored = stored

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unreadable) and self.stored == other.stored

    __hash__ = None

    def __str__(self) -> str:
        return _("cannot be read")

    def __repr__(self) -> str:
        return "<cannot be read>"


class EncryptedTextField(models.TextField):
    """Text, encrypted in the database. "" and None are stored as they are."""

    @property
    def bound_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Any:
        if not value:
            return value
        try:
            return self._parse(decrypt(value, self.bound_to))
        except (DecryptionError, TypeError, ValueError):
            return Unreadable(value)

    def _parse(self, text: str) -> Any:
        return text

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Unreadable) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Unreadable):
            return value.stored
        return encrypt(value, self.bound_to) if value else value

    def get_lookup(self, name: str) -> Any:
        """Only `isnull`: two ciphertexts of the same text differ."""
        return super().get_lookup(name) if name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("Encrypted columns are not written out: use `manage.py backup`.")


class EncryptedJSONField(EncryptedTextField):
    """A JSON dict, encrypted in the database. {} is stored as ""."""

    # The attribute's types, by the names of django-stubs; a subclass of TextField has str there.
    _pyi_private_set_type: dict[str, Any]  # type: ignore[assignment]
    _pyi_private_get_type: dict[str, Any]  # type: ignore[assignment]

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> dict[str, Any]:
        return super().from_db_value(value, expression, connection) or {}

    def _parse(self, text: str) -> dict[str, Any]:
        if isinstance(found := json.loads(text), dict):
            return found
        raise ValueError

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        if not isinstance(value, Unreadable):
            text = json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
            value = text if value else ""
        return super().get_prep_value(value)
