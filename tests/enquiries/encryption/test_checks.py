"""A key that is gone stops the start, in words, before anything is written with another one."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from mesosite.enquiries.encryption.checks import (
    check_keys,
    encrypted_columns,
    keys_in_use,
    stop_on_unknown_keys,
)
from mesosite.enquiries.models import Enquiry
from tests.enquiries.stored import KEY, LOST, NEW, key_id, write
from tests.site import PATIENCE, free_port


def check():
    call_command("check", databases=["default"])


def test_with_the_key_it_starts(enquiry, settings):
    for keys in ([KEY], [NEW, KEY]):
        settings.DATA_KEYS = keys

        assert stop_on_unknown_keys() is None  # else SystemExit
        assert check_keys(None, ["default"]) == []


def test_without_the_key_it_says_which_one_is_missing(enquiry, settings):
    settings.DATA_KEYS = [NEW]

    with pytest.raises(SystemExit) as stopped:
        stop_on_unknown_keys()
    assert str(stopped.value).startswith(
        f"The database holds values encrypted with key {key_id(KEY)}, which is not among DATA_KEYS."
    )
    assert "Put that key back" in str(stopped.value)


def test_the_system_check_says_it_too(enquiry, settings):
    settings.DATA_KEYS = [NEW]

    with pytest.raises(SystemCheckError, match="Put that key back"):
        check()
    call_command("check")  # asks no database


@pytest.mark.parametrize("column", ["contact", "answers", "link"])
def test_one_value_in_any_column_is_enough(enquiry, column):
    write(enquiry, **{column: f"1.{key_id(LOST)}.AAAA"})

    with pytest.raises(SystemExit, match=key_id(LOST)):
        stop_on_unknown_keys()


@pytest.mark.parametrize("text", ["garbage", '{"name": "Ana"}', "1.2.3", "1.ABCDEFGH.x", "é"])
def test_damage_does_not_stop_the_site(enquiry, text):
    write(enquiry, answers=text)

    assert keys_in_use().keys() == {key_id(KEY)}
    assert stop_on_unknown_keys() is None  # else SystemExit


def test_every_encrypted_column_is_looked_at(db):
    assert {column.bound_to for _model, column in encrypted_columns()} == {
        "enquiries_enquiry.contact",
        "enquiries_enquiry.answers",
        "enquiries_enquiry.link",
        "enquiries_enquiry.own_digits",
        "enquiries_enquiry.found_by",
        "enquiries_note.text",
        "enquiries_answer.text",
        "enquiries_message.text",
        "enquiries_outgoingmail.content",
    }


def test_an_empty_database_needs_no_key(db, settings):
    settings.DATA_KEYS = [NEW]
    stop_on_unknown_keys()

    assert keys_in_use() == {}


def run(folder, *command):
    """Python in a VAR_DIR of its own, where the keys are made on the first run."""
    environment = os.environ | {"VAR_DIR": str(folder), "DATA_KEYS": "", "SECRET_KEY": ""}
    environment |= {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "PORT": str(free_port())}
    return subprocess.run(
        [sys.executable, *command],
        cwd=site.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def lost(tmp_path_factory):
    """A VAR_DIR with an enquiry in the database, whose key was lost: (folder, the key)."""
    folder = tmp_path_factory.mktemp("var")
    assert run(folder, "manage.py", "migrate").returncode == 0
    assert run(folder, "manage.py", "sample_enquiries", "1", "--force").returncode == 0
    key = (folder / "data_keys").read_text()
    (folder / "data_keys").unlink()
    return folder, key


@pytest.mark.parametrize("command", [("manage.py", "migrate"), ("-m", "mesosite.serve")])
def test_a_lost_key_file_is_noticed_though_another_one_is_made(lost, command):
    folder, _key = lost
    stopped = run(folder, *command)

    assert stopped.returncode == 1
    assert "which is not among DATA_KEYS. Put that key back" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_with_the_key_put_back_it_starts(lost):
    folder, key = lost
    (folder / "data_keys").write_text(key)
    started = run(folder, "manage.py", "check", "--database", "default")
    (folder / "data_keys").unlink()

    assert started.returncode == 0


def test_a_new_row_is_looked_at_as_well(db, settings):
    settings.DATA_KEYS = [NEW]
    Enquiry(contact={"name": "Ana"}).store()
    settings.DATA_KEYS = [KEY]

    with pytest.raises(SystemExit, match=key_id(NEW)):
        stop_on_unknown_keys()
