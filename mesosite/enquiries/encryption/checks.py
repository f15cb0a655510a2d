"""Whether DATA_KEYS has every key that the stored values name: without one the site stops."""

import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import Error
from django.db import connection
from django.db.models import CharField, Model
from django.db.models.functions import Substr

from mesosite.enquiries.encryption.fields import EncryptedTextField
from mesosite.enquiries.encryption.keys import PREFIX_LENGTH, key_id_of, keys


def stop_on_unknown_keys() -> None:
    """Ends the process (SystemExit) with a message where a stored value names a missing key.

    Raises django.db.Error where the database does not answer.
    """
    if message := _missing():
        sys.exit(message)


def check_keys(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **options: Any
) -> list[Error]:
    """E001: the same as a system check, for `migrate` and `check --database`."""
    message = _missing() if "default" in (databases or ()) else ""
    return [Error(message, id="enquiries.E001")] if message else []


def encrypted_columns() -> list[tuple[type[Model], EncryptedTextField]]:
    return [
        (model, field)
        for model in apps.get_app_config("enquiries").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def prefix_of(field: EncryptedTextField) -> Substr:
    """The expression for the part of a stored value that names its key: "1.<key id>."."""
    return Substr(field.name, 1, PREFIX_LENGTH, output_field=CharField())


def keys_in_use() -> dict[str, list[str]]:
    """{key id: ["<table>.<column>", …]} of all stored values; damaged ones name no key."""
    found: dict[str, list[str]] = {}
    there = _columns({model._meta.db_table for model, _field in encrypted_columns()})
    for model, field in encrypted_columns():
        if (model._meta.db_table, field.column) in there:
            rows = model._base_manager.order_by().annotate(prefix=prefix_of(field))
            for prefix in rows.values_list("prefix", flat=True).distinct():
                found.setdefault(key_id_of(prefix or ""), []).append(field.bound_to)
    found.pop("", None)
    return found


def _missing() -> str:
    missing = sorted(keys_in_use().keys() - keys().keys())
    if not missing:
        return ""
    return (
        f"The database holds values encrypted with key {', '.join(missing)}, which is not among "
        "DATA_KEYS. Put that key back, into DATA_KEYS or, where that is not set, into the file "
        "data_keys in VAR_DIR: without it nobody can read them. A key that is new here goes "
        "before it, with a comma between."
    )


def _columns(tables: set[str]) -> set[tuple[str, str]]:
    """(table, column) of those that exist yet: an older database is checked before it is migrated.

    Django's `get_table_description` parses the SQL of a table on SQLite: 20 milliseconds for each.
    """
    found = set()
    with connection.cursor() as cursor:
        for table in tables.intersection(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")  # noqa: S608
            found |= {(table, column[0]) for column in cursor.description}
    return found
