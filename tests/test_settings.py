"""A setting that would lose requests, or tell somebody's secrets, stops the start in words."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

HTTPS = {"SITE_URL": "https://scars.example"}


def start(var, said="s.DEBUG", **environment):
    """Python that reads the settings, in a folder that others may read, under the umask 022."""
    env = {"VAR_DIR": str(var), "PATH": os.environ["PATH"]} | environment
    code = f"from mesosite import settings as s; print({said})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        cwd=settings.BASE_DIR,
        umask=0o022,
        capture_output=True,
        text=True,
    )


NOT_ONE_ADDRESS = "CLINIC_EMAIL is one address"
WRONG = [
    ({"CLINIC_EMAIL": "a@x.example, b@x.example"}, NOT_ONE_ADDRESS),
    ({"CLINIC_EMAIL": "desk"}, NOT_ONE_ADDRESS),
    ({"SITE_URL": "https://❤.example"}, "which no browser can open"),
    ({"CLINIC_EMAIL": "root@localhost"}, NOT_ONE_ADDRESS),
    ({"PORT": "65536"}, "PORT is a whole number from 1 to 65535"),
    ({"WEB_WORKERS": "0"}, "WEB_WORKERS is a whole number from 1 to 256"),
    ({"PUBLISHED": "../v1"}, "PUBLISHED is the name of a folder"),
    ({"PUBLISHED": ".v1"}, "PUBLISHED is the name of a folder"),
    ({"VAR_DIR": "/dev/null"}, "VAR_DIR is /dev/null, which cannot be used: File exists"),
    ({"CLINIC_EMAIL": "Desk <desk@clinic.example>"}, NOT_ONE_ADDRESS),
    (HTTPS | {"DEBUG": "on"}, "DEBUG shows what patients write"),
    (HTTPS | {"SECOND_FACTOR": "off"}, "SECOND_FACTOR is off, so that a password alone"),
    ({"EMAIL_URL": "smtp://user:hush/hush@mail.example"}, "EMAIL_URL cannot be read"),
    ({"EMAIL_URL": "smtp://user:[hush@mail.example"}, "EMAIL_URL cannot be read"),
    ({"EMAIL_URL": "hush://user:hush@mail.example"}, "EMAIL_URL cannot be read"),
    ({"DATABASE_URL": "postgres://user:hush/hush@db.example/x"}, "DATABASE_URL cannot be read"),
    ({"DATABASE_URL": "postgres://user:hush@db.example:hush/x"}, "DATABASE_URL cannot be read"),
]


@pytest.mark.parametrize(("environment", "words"), WRONG)
def test_a_wrong_value_stops_the_start_in_words_that_quote_no_password(
    tmp_path, environment, words
):
    stopped = start(tmp_path, **environment)

    assert stopped.returncode == 1
    assert words in stopped.stderr.splitlines()[-1]
    assert "hush" not in stopped.stderr


def test_the_clinics_address_is_taken_in_its_normal_form(tmp_path):
    started = start(tmp_path, "s.CLINIC_EMAIL", CLINIC_EMAIL="desk@παράδειγμα.ελ\u200f")

    assert started.stdout.strip() == "desk@xn--hxajbheg2az3al.xn--qxam"


def test_the_sites_host_is_taken_as_browsers_send_it(tmp_path):
    said = "s.SITE_URL, s.ALLOWED_HOSTS, s.DEFAULT_FROM_EMAIL"
    started = start(tmp_path, said, SITE_URL="https://Παράδειγμα.ελ:8443/")
    host = "xn--hxajbheg2az3al.xn--qxam"

    assert started.stdout.strip() == f"https://{host}:8443 ['{host}'] no-reply@{host}"


def test_an_empty_variable_is_one_that_is_not_set(tmp_path):
    empty = {"EMAIL_URL": "", "DATABASE_URL": "", "CLINIC_EMAIL": ""}
    said = "s.EMAIL_BACKEND, s.DATABASES['default']['NAME'], s.DEFAULT_FROM_EMAIL"
    started = start(tmp_path, said, **empty)

    assert "filebased" in started.stdout
    assert str(tmp_path / "db.sqlite3") in started.stdout
    assert "no-reply@127.0.0.1" in started.stdout


@pytest.mark.parametrize("file", ["README.md", ".env.example"])
def test_the_mail_server_of_the_documents_can_be_read(tmp_path, file):
    text = (settings.BASE_DIR / file).read_text("utf-8")
    url = re.search(r"[\w+]+://user:secret@mail\.example:587", text)[0]
    started = start(tmp_path, "s.EMAIL_USE_TLS, s.EMAIL_PORT", EMAIL_URL=url)

    assert started.stdout == "True 587\n"


STORE = """
import django
django.setup()
from django.core.mail import send_mail
from django.core.management import call_command
from mesosite.enquiries.transactions import write
call_command("migrate", verbosity=0)
call_command("sample_enquiries", 1)
call_command("send_mail", once=True)
call_command("backup", django.conf.settings.VAR_DIR / "copy")
with write():
    send_mail("", "", None, ["a@b.example"])
"""


def test_what_is_stored_is_for_its_owner_alone_whatever_the_folder_allows(tmp_path):
    tmp_path.chmod(0o755)
    env = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mesosite.settings"}
    run = {"cwd": settings.BASE_DIR, "env": env, "umask": 0o022, "check": True}
    subprocess.run([sys.executable, "-c", STORE], **run)
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")}

    assert {"db.sqlite3", "db.lock", "copy", "mail", "running"} <= set(modes)
    assert any(name.endswith(".log") for name in modes)
    assert set(modes.values()) == {0}
