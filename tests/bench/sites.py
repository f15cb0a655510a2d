"""The two sites that are measured: the product, and a Wagtail form page as the yardstick."""

import json
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import time
import urllib.request
from itertools import chain
from pathlib import Path

from tests.site import free_port

HERE = Path(__file__).parent
BASE_DIR = HERE.parents[1]
WAGTAIL = BASE_DIR / ".venv" / "wagtail" / "bin"
START, STOP, TOKENS = 60, 15, 40_000
WORKERS, THREADS, BACKPRESSURE = 2, 8, 64  # as mesosite.serve has them


class Site:
    """A site on a port and a folder of its own. Running while it is a context."""

    name = path = ready = table = ""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "db.sqlite3"
        self.environment = os.environ | self.settings()
        folder.mkdir(mode=0o700)

    def __enter__(self):
        self.prepare()
        self.process = subprocess.Popen(
            self.command(), cwd=self.cwd, env=self.environment, stdout=subprocess.DEVNULL
        )
        self._wait_until_ready()
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait(timeout=STOP)

    def _wait_until_ready(self):
        ends = time.monotonic() + START
        while time.monotonic() < ends and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + self.ready, timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        self.process.terminate()
        sys.exit(f"{self.name} did not start.")

    def prepare(self):
        """What must be there before the start."""

    def stored(self):
        """How many requests are in the database."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(f"SELECT count(*) FROM {self.table}").fetchone()[0]


class Product(Site):
    """As `make run` serves it, behind a proxy on this machine."""

    name, path, ready, table = "mesosite", "/consultation/", "/healthz", "enquiries_enquiry"
    cwd = BASE_DIR

    def settings(self):
        return {
            "DJANGO_SETTINGS_MODULE": "mesosite.settings",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "VAR_DIR": str(self.folder),
            "WEB_WORKERS": str(WORKERS),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "EMAIL_URL": f"filemail:///{self.folder / 'mail'}",
            "CLINIC_EMAIL": "clinic@example.com",
            "DEBUG": "off",
        }

    def prepare(self):
        """Tokens some seconds before they are used: nobody fills in a form in no time."""
        from mesosite.enquiries.consultation.tokens import new_token

        self.tokens = chain([new_token() for _number in range(TOKENS)], iter(new_token, None))

    def command(self):
        return [sys.executable, "-m", "mesosite.serve"]

    def open_form(self, _connection):
        return {}

    def body(self, _opened, random):
        from tests.bench.answers import made_up

        return made_up(random) | {"website": "", "token": next(self.tokens)}

    def accepted(self, answer):
        sent = answer.headers.get("location", "").startswith("/consultation/sent/?")
        return answer.status == 302 and sent


class Yardstick(Site):
    """A Wagtail form page with the same fields, the same server and the same durability."""

    name, path, ready = "Wagtail form page", "/consultation/", "/consultation/"
    table = "wagtailforms_formsubmission"
    cwd = HERE

    def __init__(self, folder, fields, durability):
        """fields: of `answers.fields()`; durability: the product's options for SQLite."""
        self.fields, self.durability = fields, durability
        super().__init__(folder)

    def settings(self):
        return {
            "DJANGO_SETTINGS_MODULE": "wagtail_site.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE": str(self.database),
            "DATABASE_OPTIONS": json.dumps(self.durability),
        }

    def prepare(self):
        """Nothing is measured yet, so that the tables need not be made durably."""
        quick = {"DATABASE_OPTIONS": '{"init_command": "PRAGMA synchronous=OFF;"}'}
        subprocess.run(
            [WAGTAIL / "python", "-m", "wagtail_site.prepare"],
            cwd=self.cwd,
            env=self.environment | quick,
            input=json.dumps(self.fields),
            text=True,
            check=True,
        )

    def command(self):
        options = {
            "interface": "wsgi",
            "host": "127.0.0.1",
            "port": self.port,
            "workers": WORKERS,
            "blocking-threads": THREADS,
            "backpressure": BACKPRESSURE,
            "log-level": "warning",
        }
        said = [f"--{option}={value}" for option, value in options.items()]
        return [WAGTAIL / "granian", *said, "--no-ws", "wagtail_site.wsgi:application"]

    def open_form(self, connection):
        """The cookie and the token of the form, which serve a browser for many requests."""
        answer = connection.get(self.path, **{"Accept-Encoding": "identity"})
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', answer.body)[1].decode()
        return {"cookie": answer.headers["set-cookie"].split(";")[0], "token": token}

    def body(self, opened, random):
        from tests.bench.answers import made_up

        return made_up(random) | {"csrfmiddlewaretoken": opened["token"]}

    def accepted(self, answer):
        return answer.status == 200 and b"Thank you" in answer.body
