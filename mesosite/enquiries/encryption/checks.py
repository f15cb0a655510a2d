"""Whether DATA_KEYS has all the keys that the stored values name: without one the site stops."""

import sys

from django.apps import apps
from django.core.checks import Error
from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Substr

from mesosite.enquiries.encryption.fields import EncryptedTextField
from mesosite.enquiries.encryption.keys import PREFIX_LENGTH, key_id_of, keys


def stop_on_unknown_keys():
    """Ends the process (SystemExit), in words, where a stored value names a key that is not there.

    Raises django.db.Error where the database cannot be asked.
    """
    if said := _missing():
        sys.exit(said)


def check_keys(app_configs, databases, **options):
    """The same as a system check, for `manage.py migrate` and `manage.py check --database`."""
    said = _missing() if "default" in (databases or ()) else ""
    return [Error(said, id="enquiries.E001")] if said else []


def encrypted_columns():
    """[(model, field)]: every encrypted column."""
    models = apps.get_app_config("enquiries").get_models()
    return [
        (model, field)
        for model in models
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def prefix_of(field):
    """The expression for what names the key in a stored value: "1.<key id>."."""
    return Substr(field.name, 1, PREFIX_LENGTH, output_field=CharField())


def keys_in_use():
    """{key id: ["<table>.<column>", …]} of all that is stored. What is no sealed value has none."""
    found = {}
    for model, field in encrypted_columns():
        if _is_there(field):
            rows = model._base_manager.order_by().annotate(beginning=prefix_of(field))
            for beginning in rows.values_list("beginning", flat=True).distinct():
                found.setdefault(key_id_of(beginning or ""), []).append(field.bound_to)
    found.pop("", None)
    return found


def _missing():
    missing = sorted(keys_in_use().keys() - keys().keys())
    if not missing:
        return ""
    return (
        f"The database holds values encrypted with key {', '.join(missing)}, which is not among "
        "DATA_KEYS. Put that key back, into DATA_KEYS or, where that is not set, into the file "
        "data_keys in VAR_DIR: without it nobody can read them. A key that is new here goes "
        "before it, with a comma between."
    )


def _is_there(field):
    """Whether the column exists yet: an older database is checked before it is migrated."""
    table = field.model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        columns = connection.introspection.get_table_description(cursor, table)
    return field.column in {column.name for column in columns}
