"""The database itself keeps the record: each attack is SQL of somebody who is in it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from mesosite.enquiries.audit import checks, triggers
from mesosite.enquiries.audit.record import record
from mesosite.enquiries.maintenance.retention import run_daily_job
from mesosite.enquiries.models import AuditEvent, Event
from mesosite.pages.content.clinic import MIN_DAYS_OF_RECORD
from tests.enquiries.audit.events import event, stored
from tests.enquiries.database_files import database_in
from tests.log_records import logged

pytestmark = pytest.mark.django_db
TABLE = triggers.TABLE
OVER = {"ago": timedelta(days=1096)}
SQLITE = connection.vendor == "sqlite"

SAME_ROW = "SELECT id, at, until, 'out', code, network, details, person_id"
COLUMNS = "(id, at, until, what, code, network, details, person_id)"
ATTACKS = [
    f"UPDATE {TABLE} SET what = 'out'",
    f"UPDATE {TABLE} SET until = at",
    f"UPDATE {TABLE} SET id = id + 1000",
    f"DELETE FROM {TABLE}",
    f"DELETE FROM {TABLE} WHERE id = (SELECT MIN(id) FROM {TABLE})",
    f"INSERT INTO {TABLE} {COLUMNS} {SAME_ROW} FROM {TABLE} WHERE true "
    "ON CONFLICT (id) DO UPDATE SET what = 'out'",
]
if SQLITE:
    ATTACKS += [
        f"REPLACE INTO {TABLE} {COLUMNS} {SAME_ROW} FROM {TABLE}",
        f"UPDATE OR REPLACE {TABLE} SET id = id + 1",
        f"DELETE FROM {TABLE} WHERE 1",
    ]
else:
    ATTACKS += [
        f"TRUNCATE {TABLE}",
        f"TRUNCATE {TABLE}, django_session CASCADE",
        f"SET LOCAL session_replication_role = replica;; DELETE FROM {TABLE}",
        f"WITH gone AS (DELETE FROM {TABLE} RETURNING *) SELECT * FROM gone",
    ]
WEAKENED = {
    "sqlite": [
        "DROP TRIGGER audit_no_update",
        "DROP TRIGGER audit_no_early_delete",
        "DROP TRIGGER audit_insert",
        "DROP TRIGGER audit_no_update;; CREATE TRIGGER audit_no_update "
        f"BEFORE UPDATE ON {TABLE} BEGIN SELECT 1; END",
        f"CREATE TRIGGER none_in BEFORE INSERT ON {TABLE} BEGIN SELECT RAISE(IGNORE); END",
        f"CREATE TRIGGER audit_more AFTER INSERT ON {TABLE.upper()} BEGIN SELECT 1; END",
    ],
    "postgresql": [
        f"DROP TRIGGER audit_rows ON {TABLE}",
        f"DROP TRIGGER audit_truncate ON {TABLE}",
        "DROP FUNCTION audit_append_only CASCADE",
        f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL",
        f"ALTER TABLE {TABLE} ENABLE TRIGGER audit_rows",
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS $$BEGIN RETURN COALESCE(NEW, OLD);END$$",
        f"CREATE OR REPLACE TRIGGER audit_rows BEFORE INSERT ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        f"CREATE RULE none_out AS ON DELETE TO {TABLE} DO INSTEAD NOTHING",
        "CREATE FUNCTION none_in() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL;END$$;; "
        f"CREATE TRIGGER none_in BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION none_in()",
    ],
}[connection.vendor]


def run(sql):
    """Runs the statements, which ";; " parts."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in sql.split(";; "):
            cursor.execute(statement)


@pytest.fixture
def rows():
    event(), event(Event.LOGGED_IN)
    event(**OVER)
    connection.check_constraints()  # PostgreSQL alters no table for which a check still waits
    return stored()


def test_after_all_migrations_the_triggers_are_there():
    assert triggers.intact()


@pytest.mark.parametrize("sql", ATTACKS)
def test_no_statement_changes_or_removes_what_is_recorded(rows, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        run(sql)
    assert stored() == rows


@pytest.mark.parametrize("sql", WEAKENED)
def test_a_weakened_trigger_is_noticed_and_put_back_and_told(rows, sql):
    run(sql)
    assert not triggers.intact()
    assert [found.id for found in checks.check_record(None, ["default"])] == ["enquiries.W001"]
    with logged() as printed:
        checks.protect()
    assert "ERROR mesosite.enquiries.audit.checks unprotected: " in printed()
    assert stored()[:-1] == rows
    assert stored()[-1]["what"] == Event.UNPROTECTED
    assert triggers.intact()
    assert checks.check_record(None, ["default"]) == []


@pytest.mark.parametrize("sql", WEAKENED)
def test_whoever_records_learns_that_the_record_is_not_protected(rows, sql):
    run(sql)
    with logged() as printed:
        assert record(Event.CHANGED, None, None) is False
    assert "unprotected: " in printed()
    assert len(stored()) == len(rows) + ("none_in" not in sql)


def test_protecting_what_is_protected_writes_nothing(rows):
    checks.protect()
    assert stored() == rows


def test_the_daily_job_puts_them_back_too(rows, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    triggers.drop()
    run_daily_job()
    assert triggers.intact()
    assert stored()[-1]["what"] == Event.UNPROTECTED


def test_the_daily_job_deletes_the_rows_whose_time_is_over_and_no_other(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    for ago in (1094, 1096, 2000):
        event(ago=timedelta(days=ago))
    left = stored()[:1]
    run_daily_job()
    assert stored() == left


def test_a_row_that_would_vanish_soon_is_not_taken(rows):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event(kept=timedelta(days=MIN_DAYS_OF_RECORD) - timedelta(minutes=1))
    event(kept=timedelta(days=MIN_DAYS_OF_RECORD))
    assert len(stored()) == len(rows) + 1


def test_a_row_of_another_database_is_taken_with_its_times_and_never_twice():
    """As `loaddata` does, for a move from SQLite to PostgreSQL."""
    at = timezone.now() - timedelta(days=400)
    row = AuditEvent(id=4711, what="in", at=at, until=at + timedelta(days=500), details={"by": "x"})
    dump = serializers.serialize("json", [row])
    for loaded in serializers.deserialize("json", dump):
        loaded.save()
    before = stored()
    assert (before[0]["id"], before[0]["details"]) == (4711, {"by": "x"})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        next(serializers.deserialize("json", dump)).save()
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_alters_the_table_is_noticed_where_it_drops_triggers(settings, tmp_path):
    """On SQLite, Django makes the table anew and says nothing. On PostgreSQL it keeps them."""
    settings.VAR_DIR = tmp_path
    with database_in(tmp_path):
        event()
        old, new = AuditEvent._meta.get_field("network"), models.CharField(max_length=20)
        new.set_attributes_from_name("network")
        for change in ((old, new), (new, old)):
            with connection.schema_editor() as editor:
                editor.alter_field(AuditEvent, *change)
            assert triggers.intact() == (not SQLITE)
            checks.protect()
            assert triggers.intact()
        told = [row["what"] for row in stored()][1:]
        assert told == ["unprotected"] * (2 if SQLITE else 0)


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_by_a_command_is_refused(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    own = type(connection.ops).execute_sql_flush
    with database_in(tmp_path):
        event()
        monkeypatch.setattr(connection.ops, "execute_sql_flush", own.__get__(connection.ops))
        before = stored()
        with pytest.raises(Exception, match="flushed"):
            call_command("flush", interactive=False, stdout=StringIO())
        assert stored() == before
