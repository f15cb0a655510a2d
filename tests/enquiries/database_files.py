"""The database as a file of its own, and all bytes that it leaves on the disk."""

import sqlite3
from contextlib import closing, contextmanager

from django.apps import apps
from django.db import connection, connections

from mesosite.enquiries.models import Enquiry


@contextmanager
def database_in(folder):
    """SQLite: a copy of the tests' database as a file in `folder`. PostgreSQL: the tests' own."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, path = connections["default"], folder / "db.sqlite3"
    in_memory.ensure_connection()
    with closing(sqlite3.connect(path)) as empty:
        in_memory.connection.backup(empty)
    in_file = in_memory.copy()
    in_file.settings_dict["NAME"] = str(path)
    connections["default"] = in_file
    try:
        yield
    finally:
        in_file.close()
        connections["default"] = in_memory


def encrypted_values(enquiry):
    """What the database holds of an enquiry, as it stands there: ciphertexts and hashes."""
    with connection.cursor() as cursor:
        return {value for table in _tables() for value in _of(cursor, table, enquiry.pk)}


def bytes_on_disk(folder):
    """Of every file in `folder`; on PostgreSQL also of the tables' own files."""
    found = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            found += b"".join(_stored(cursor, table) for table in _tables())
    return found


def _tables():
    return [model._meta.db_table for model in apps.get_app_config("enquiries").get_models()]


def _of(cursor, table, key):
    column = "id" if table == Enquiry._meta.db_table else "enquiry_id"
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    if column not in [name for name, *_rest in cursor.description]:
        return
    cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s", [key])
    for row in cursor.fetchall():
        yield from (value for value in row if isinstance(value, str) and len(value) >= 22)


def _stored(cursor, table):
    cursor.execute(
        "SELECT pg_read_binary_file(pg_relation_filepath(part)) FROM ("
        "SELECT oid AS part FROM pg_class WHERE oid = %s::regclass UNION ALL "
        "SELECT reltoastrelid FROM pg_class WHERE oid = %s::regclass AND reltoastrelid > 0 "
        "UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass) AS parts",
        [table] * 3,
    )
    return b"".join(bytes(row[0]) for row in cursor.fetchall())
