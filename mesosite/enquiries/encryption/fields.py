"""Columns of the database that hold what a patient gave.

A value is bound to its table, its column and the random ids of `EncryptedRow.place`: copied into
another row, it cannot be read. It is encrypted when its row is saved, and decrypted when it is
first read. What would pass the row by (`values()`, expressions, `update()`, `bulk_update()`) is
refused with a TypeError.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext as _

from mesosite.enquiries.encryption.keys import OF_ROW, DecryptionError, decrypt, encrypt


def new_row_id() -> str:
    """16 random bytes, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


class EncryptedRow(models.Model):
    """A model with encrypted columns.

    `row_id` is made before the row is stored, and goes with it into backups and other databases.
    `within`: the foreign keys to the rows that this one must not be moved away from.
    """

    within: ClassVar[tuple[str, ...]] = ()
    row_id = models.CharField(max_length=32, unique=True, default=new_row_id, editable=False)

    class Meta:
        abstract = True

    @property
    def place(self) -> str:
        """What values are bound to beside table and column: the ids of the row and of `within`."""
        return ".".join([self.row_id, *(getattr(self, name).row_id for name in self.within)])

    def encrypted(self, **values: Any) -> dict[str, Any]:
        """`values` as `update()` takes them for this row: those of encrypted columns encrypted."""
        columns = {name: self._meta.get_field(name) for name in values}
        return values | {
            name: column.encrypted(values[name], self)
            for name, column in columns.items()
            if isinstance(column, EncryptedTextField)
        }


@dataclass(frozen=True)
class Stored:
    """A value as the database holds it: "" or ciphertext."""

    value: str = field(repr=False)


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


class DecryptedAttribute(DeferredAttribute):
    """The attribute of a row: decrypts what the database held when it is first read."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Stored):
            value = instance.__dict__[self.field.attname] = self.field.decrypted(value, instance)
        return value

    def __set__(self, instance: EncryptedRow, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text of an EncryptedRow, encrypted in the database. "" and None are stored as they are."""

    descriptor_class = DecryptedAttribute

    @property
    def bound_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def encrypted(self, value: Any, row: EncryptedRow) -> Stored | None:
        """What the database holds of `value` in `row`; an Unreadable goes back as it was."""
        if value is None or isinstance(value, Stored):
            return value
        if isinstance(value, Unreadable):
            return Stored(value.stored)
        if not isinstance(text := self._format(value), str):
            raise TypeError(f"{self.bound_to} takes no {type(value).__name__}.")
        return Stored(text and encrypt(text, f"{self.bound_to}.{row.place}", OF_ROW))

    def decrypted(self, stored: Stored, row: EncryptedRow) -> Any:
        return self.decrypted_at(stored.value, row.place)

    def decrypted_at(self, stored: str, place: str) -> Any:
        """The value of `stored` in the row with this `place`, or an Unreadable."""
        try:
            text = stored and decrypt(stored, f"{self.bound_to}.{place}", OF_ROW)
            return self._parse(text)
        except (DecryptionError, TypeError, ValueError):
            return Unreadable(stored)

    def _format(self, value: Any) -> Any:
        return value

    def _parse(self, text: str) -> Any:
        return text

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)  # as it was loaded, where nobody read it
        if not isinstance(value, Stored):
            value = getattr(model_instance, self.attname)
        return self.encrypted(value, model_instance)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, Stored):
            return value.value
        if value is None or value in ("", {}):
            return None if value is None else ""
        raise TypeError(
            f"{self.bound_to} is encrypted for each row: save() the row, or give update() of one "
            "row what its encrypted() returns."
        )

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Stored | None:
        return None if value is None else Stored(value)

    def select_format(self, compiler: SQLCompiler, sql: str, params: Any) -> Any:
        """Refuses what is no attribute of a row: values(), aggregates, annotations."""
        annotated = compiler.query.annotation_select.values()
        types = [getattr(one, "_output_field_or_none", None) for one in annotated]
        if not compiler.query.default_cols or any(isinstance(t, EncryptedTextField) for t in types):
            raise TypeError(f"{self.bound_to} is read from a row alone: take only(), not values().")
        return super().select_format(compiler, sql, params)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Unreadable) else super().to_python(value)

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

    def _format(self, value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder) if value else ""

    def _parse(self, text: str) -> dict[str, Any]:
        if isinstance(found := json.loads(text or "{}"), dict):
            return found
        raise ValueError

    def to_python(self, value: Any) -> Any:
        return value
