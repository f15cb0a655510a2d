"""A copy is put back only while nobody uses the database."""

import fcntl
import subprocess
import sys

from mesosite.enquiries.maintenance.backups import RUNNING
from tests.site import FOLDER, Site


def run(site, *command):
    return subprocess.run(
        [sys.executable, *command],
        cwd=FOLDER,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_running_site_refuses_a_restore(site):
    copy = site.var / "copy"
    run(site, "manage.py", "backup", copy)
    refused = run(site, "manage.py", "restore", copy, "--yes")
    copy.unlink()

    assert refused.returncode == 1
    assert "Stop the site first" in refused.stderr


def test_a_mail_sender_alone_refuses_one_too(tmp_path):
    site = Site(tmp_path).after_a_run()
    run(site, "manage.py", "backup", tmp_path / "copy")
    command = [sys.executable, "manage.py", "send_mail"]
    with subprocess.Popen(
        command,
        cwd=FOLDER,
        env=site.environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/none"},
        stderr=subprocess.PIPE,
        text=True,
    ) as sender:
        sender.stderr.readline()
        refused = run(site, "manage.py", "restore", tmp_path / "copy", "--yes")
        sender.terminate()

    assert "Stop the site first" in refused.stderr


def test_the_site_does_not_start_while_a_copy_is_put_back(tmp_path):
    with open(tmp_path / RUNNING, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused = run(Site(tmp_path), "-m", "mesosite.serve")

    assert refused.returncode == 1
    assert refused.stderr == "A backup is being put back: start again when that is done.\n"
