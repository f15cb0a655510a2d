"""The triggers by which the database itself keeps the record append-only.

No UPDATE and no TRUNCATE; no DELETE of a row before its `until`, by the database's own clock; no
INSERT of a row that is kept less than MIN_DAYS_OF_RECORD, or in place of another (OR REPLACE).
Whoever owns the database can drop a trigger: `intact` tells.

A migration that alters the table ends with RunPython(create): on SQLite, Django makes an altered
table anew, without its triggers.
"""

from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mesosite.pages.content.clinic import MIN_DAYS_OF_RECORD

TABLE = "enquiries_auditevent"
_REFUSED = "SELECT RAISE(ABORT, 'The record is append-only.');"

_SQLITE = {
    "audit_no_update": f"BEFORE UPDATE ON {TABLE} BEGIN {_REFUSED} END",
    "audit_no_early_delete": f"BEFORE DELETE ON {TABLE} "
    "WHEN NOT coalesce(julianday(OLD.until) <= julianday('now'), 0) "
    f"BEGIN {_REFUSED} END",
    "audit_insert": f"BEFORE INSERT ON {TABLE} "
    f"WHEN NOT coalesce(julianday(NEW.until) - julianday(NEW.at) >= {MIN_DAYS_OF_RECORD}, 0) "
    f"OR EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) "
    f"BEGIN {_REFUSED} END",  # noqa: S608 (no value in it)
}
_SQLITE_SQL = {name: f"CREATE TRIGGER {name} {rest}" for name, rest in _SQLITE.items()}

_FUNCTION = f"""
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.until <= clock_timestamp() THEN RETURN OLD; END IF;
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.until >= NEW.at + interval '{MIN_DAYS_OF_RECORD} days' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'The record is append-only.' USING ERRCODE = 'restrict_violation';
END
"""
_POSTGRESQL = {
    "audit_rows": "BEFORE INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW",
    "audit_truncate": "BEFORE TRUNCATE ON {} FOR EACH STATEMENT",
}
_TYPES = (("audit_rows", 31), ("audit_truncate", 34))  # pg_trigger.tgtype: the bits of the above
    ("audit_rows", 31),
    ("audit_truncate", 34),
)  # pg_trigger.tgtype: when, what, for each what

# An expression, with its values: whether every trigger is there, in force and of this very text.
INTACT: dict[str, tuple[str, list[Any]]] = {
    "sqlite": (
        "(SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND sql IN (%s, %s, %s)) = 3",
        list(_SQLITE_SQL.values()),
    ),
    "postgresql": (
        "(SELECT COUNT(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        f"WHERE tgrelid = to_regclass('{TABLE}') AND tgenabled = 'A' AND tgqual IS NULL "
        f"AND (tgname, tgtype) IN {_TYPES} AND prosrc = %s) = 2",  # noqa: S608 (no value in it)
        [_FUNCTION],
    ),
}


def intact() -> bool:
    with connection.cursor() as cursor:
        expression, values = INTACT[connection.vendor]
        cursor.execute(f"SELECT {expression}", values)
        return bool(cursor.fetchone()[0])


def create(_apps: Any = None, editor: BaseDatabaseSchemaEditor | None = None) -> None:
    """Makes the triggers anew. For RunPython too."""
    database = editor.connection if editor else connection
    drop(_apps, editor)
    with database.cursor() as cursor:
        for statement in _statements(database.vendor):
            cursor.execute(statement)


def drop(_apps: Any = None, editor: BaseDatabaseSchemaEditor | None = None) -> None:
    database = editor.connection if editor else connection
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name in _POSTGRESQL:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")


def _statements(vendor: str) -> list[str]:
    """Those of PostgreSQL are in force in every session_replication_role (ENABLE ALWAYS)."""
    if vendor == "sqlite":
        return list(_SQLITE_SQL.values())
    statements = [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger "
        f"LANGUAGE plpgsql AS $${_FUNCTION}$$"
    ]
    for name, when in _POSTGRESQL.items():
        statements += [
            f"CREATE TRIGGER {name} {when.format(TABLE)} EXECUTE FUNCTION audit_append_only()",
            f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}",
        ]
    return statements
