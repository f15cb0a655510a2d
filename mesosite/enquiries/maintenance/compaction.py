"""Erased rows leave the files of the database as well.

Until `compact`, ciphertext stays: on SQLite (secure_delete) copies of rows that it moved between
pages, on PostgreSQL dead rows. PostgreSQL's write-ahead log keeps them until it is recycled, base
backups and archived logs until they are deleted. For what nobody can delete there: `manage.py
rotate_keys`, then destroy the old key.
"""

import logging

from django import db
from django.apps import apps
from django.db import connection

from mesosite.enquiries.models import AuditEvent

logger = logging.getLogger(__name__)

LOCK_TIMEOUT = "2s"  # a VACUUM that waits for a table delays all that come after it


def compact() -> None:
    """Writes the tables of the enquiries anew, without what was deleted. Not in a transaction.

    An error of the database is logged; the next day tries again.
    """
    if connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            for statement in _compacting_sql():
                cursor.execute(statement)
    except db.Error as error:
        logger.error("The database could not be compacted: %s", type(error).__name__)
        connection.close()  # its lock_timeout ends with it


def _compacting_sql() -> list[str]:
    if connection.vendor == "sqlite":
        return ["VACUUM"]
    models = set(apps.get_app_config("enquiries").get_models()) - {AuditEvent}  # long, no words
    tables = sorted(connection.ops.quote_name(model._meta.db_table) for model in models)
    return [
        f"SET lock_timeout = '{LOCK_TIMEOUT}'",
        *(f"VACUUM (FULL) {table}" for table in tables),
        "RESET lock_timeout",
    ]
