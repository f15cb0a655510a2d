"""Commands at a terminal: they work as a newcomer types them, or say what to do."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.site import FOLDER, Site

EMAIL = "eleni@clinic.example"
LINK = "http://localhost:"


def manage(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=FOLDER,
        env=Site(var, **environment).environment,
        capture_output=True,
        text=True,
    )


def staff_of(site: Site) -> list[tuple[str, ...]]:
    return site.sql(
        "SELECT email, first_name, name FROM auth_user LEFT JOIN auth_user_groups ON user_id ="
        " auth_user.id LEFT JOIN auth_group ON auth_group.id = group_id"
    )


def test_a_login_is_made_before_the_first_start(tmp_path: Path) -> None:
    """Its person has no name: NAME of the environment is the machine's."""
    site = Site(tmp_path, NAME="DESKTOP-7")
    printed = site.command("make", "staff", f"EMAIL={EMAIL}")

    assert printed.splitlines()[-1].startswith(LINK)
    assert staff_of(site) == [(EMAIL, "", None)]


def test_a_login_gets_its_name_and_role_through_make(tmp_path: Path) -> None:
    site = Site(tmp_path, NAME="DESKTOP-7").after_a_run()
    names = {EMAIL: "Eleni P.", "sian@clinic.example": """Siân "Nora" O'Connor; #1"""}
    for email, name in names.items():
        site.command("make", "staff", f"EMAIL={email}", f"NAME={name}", "ROLE=clinician")

    assert sorted(staff_of(site)) == [(email, name, "clinician") for email, name in names.items()]


def test_a_database_of_another_version_is_not_changed_by_making_a_login(tmp_path: Path) -> None:
    """The site that runs on it may be of that version still."""
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        database.execute("CREATE TABLE django_migrations (id integer)")
    stopped = manage(tmp_path, "staff", "--email", EMAIL)
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        tables = database.execute("SELECT name FROM sqlite_master").fetchall()

    assert stopped.returncode == 1
    assert "The database lacks a table" in stopped.stderr
    assert tables == [("django_migrations",)]


NOT_WRITABLE = "which cannot be used: File exists. It must be a folder in which this user may write"
STOPPED = [
    ({}, "The database lacks a table or a column. Run: make run"),
    ({"DATABASE_URL": "postgres://a:hush@127.0.0.1:1/x"}, "The database does not answer. Check"),
    ({"SITE_URL": "scars.example"}, "SITE_URL is the site's address, such as https://"),
    ({"PORT": "http"}, "PORT is a whole number from 1 to 65535."),
    ({"VAR_DIR": str(FOLDER / "manage.py")}, NOT_WRITABLE),
]


@pytest.mark.parametrize(("environment", "message"), STOPPED)
def test_a_command_that_fails_says_in_one_line_what_to_do(
    tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    stopped = manage(tmp_path, "purge", **environment)

    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert message in stopped.stderr
    assert stopped.stderr.count("\n") == 1
    assert "hush" not in stopped.stderr


def test_the_start_fails_in_words_too(tmp_path: Path) -> None:
    stopped = subprocess.run(
        ["make", "--silent", "run"],
        cwd=FOLDER,
        env=Site(tmp_path, WEB_WORKERS="two").environment,
        capture_output=True,
        text=True,
    )

    assert stopped.returncode == 2
    assert "WEB_WORKERS is a whole number from 1 to 256.\n" in stopped.stderr
    assert "Traceback" not in stopped.stderr
