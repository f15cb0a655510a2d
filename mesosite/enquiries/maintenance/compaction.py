"""What was erased leaves the files of the database as well.

SQLite overwrites what is deleted (secure_delete), and its journal is a file that goes with the
transaction. What it moved between pages earlier can stay behind in their gaps, as ciphertext, until
`compact` writes the file anew.

PostgreSQL keeps dead rows, as ciphertext, until `compact` writes the tables anew. Its write-ahead
log keeps them until it is recycled, and base backups and archived logs until they are deleted. What
nobody can delete there ends with its key: `manage.py rotate_keys`, then throw the old key away.
"""

import logging

from django import db
from django.apps import apps
from django.db import connection

logger = logging.getLogger(__name__)

# Who waits for a table holds up all who come after.
LOCK_TIMEOUT = "2s"


def compact():
    """Write the tables of the enquiries anew, without what was deleted. Not in a transaction.

    Where the database has no time for it now, that is logged, and the next day tries again.
    """
    if connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            for statement in _statements():
                cursor.execute(statement)
    except db.Error as error:
        logger.error("The database could not be compacted: %s", type(error).__name__)
        connection.close()  # and with it what was set for this connection


def _statements():
    if connection.vendor == "sqlite":
        return ["VACUUM"]
    models = apps.get_app_config("enquiries").get_models()
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    return [
        f"SET lock_timeout = '{LOCK_TIMEOUT}'",
        *(f"VACUUM (FULL) {table}" for table in tables),
        "RESET lock_timeout",
    ]
