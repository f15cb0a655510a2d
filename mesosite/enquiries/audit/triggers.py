"""The triggers by which the database itself keeps the record append-only.

No UPDATE and no TRUNCATE; no DELETE of a row before its `until`, by the database's own clock; no
INSERT of a row that is kept less than 30 days (clinic.yaml's minimum), or in place of another.
Whoever owns the database can drop a trigger: `intact` tells.

A migration that alters the table ends with RunPython(create): on SQLite, Django makes an altered
table anew, without its triggers.
"""

from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "enquiries_auditevent"

_SQLITE = {
    "audit_no_update": """BEFORE UPDATE ON enquiries_auditevent
BEGIN SELECT RAISE(ABORT, 'The record is append-only.'); END""",
    "audit_no_early_delete": """BEFORE DELETE ON enquiries_auditevent
WHEN NOT coalesce(julianday(OLD.until) <= julianday('now'), 0)
BEGIN SELECT RAISE(ABORT, 'The record is append-only.'); END""",
    "audit_insert": """BEFORE INSERT ON enquiries_auditevent
WHEN NOT coalesce(julianday(NEW.until) - julianday(NEW.at) >= 30, 0)
OR EXISTS (SELECT 1 FROM enquiries_auditevent WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'The record is append-only.'); END""",
}
_SQLITE_SQL = {name: f"CREATE TRIGGER {name} {rest}" for name, rest in _SQLITE.items()}

_FUNCTION = """
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.until <= clock_timestamp() THEN RETURN OLD; END IF;
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.until >= NEW.at + interval '30 days' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'The record is append-only.' USING ERRCODE = 'restrict_violation';
END
"""
_POSTGRESQL = {
    "audit_rows": "BEFORE INSERT OR UPDATE OR DELETE ON enquiries_auditevent FOR EACH ROW",
    "audit_truncate": "BEFORE TRUNCATE ON enquiries_auditevent FOR EACH STATEMENT",
}

# An expression, with its values: whether every trigger is there, in force and of this very text,
# and nothing else is. Another trigger, or a rule of PostgreSQL, could let no row in without an
# error.
# tgtype has the bits row 1, before 2, insert 4, delete 8, update 16, truncate 32.
INTACT: dict[str, tuple[str, list[str]]] = {
    "sqlite": (
        "(SELECT (COUNT(*), SUM(sql IN (%s, %s, %s))) = (3, 3) FROM sqlite_master "
        "WHERE type = 'trigger' AND lower(tbl_name) = 'enquiries_auditevent')",
        list(_SQLITE_SQL.values()),
    ),
    "postgresql": (
        "(SELECT COUNT(*) = 2 AND bool_and(tgenabled = 'A' AND tgqual IS NULL AND prosrc = %s "
        "AND (tgname, tgtype) IN (('audit_rows', 31), ('audit_truncate', 34))) "
        "AND NOT EXISTS (SELECT 1 FROM pg_rewrite "
        "WHERE ev_class = to_regclass('enquiries_auditevent')) "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = to_regclass('enquiries_auditevent') AND NOT tgisinternal)",
        [_FUNCTION],
    ),
}

# {database: {kind: the names of all that stand on the table}}.
_FOUND = {
    "sqlite": {
        "TRIGGER": "SELECT name FROM sqlite_master WHERE type = 'trigger' "
        "AND lower(tbl_name) = 'enquiries_auditevent'"
    },
    "postgresql": {
        "TRIGGER": "SELECT tgname FROM pg_trigger "
        "WHERE tgrelid = to_regclass('enquiries_auditevent') AND NOT tgisinternal",
        "RULE": "SELECT rulename FROM pg_rewrite "
        "WHERE ev_class = to_regclass('enquiries_auditevent')",
    },
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
    """Every trigger and rule of the table, ours or not."""
    database = editor.connection if editor else connection
    on_table = f" ON {TABLE}" if database.vendor == "postgresql" else ""
    with database.cursor() as cursor:
        for kind, names in _FOUND[database.vendor].items():
            cursor.execute(names)
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP {kind} {database.ops.quote_name(name)}{on_table}")


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
            f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_append_only()",
            f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}",
        ]
    return statements
