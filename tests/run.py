"""`make test`: every test on SQLite, and what depends on the database on PostgreSQL too.

python -m tests.run [options of pytest]

In parts, AT_ONCE of them side by side, since a browser and a server often wait: the longest begin
first, and the part that is left begins when one ends. Each part prints when it ends, and the run
ends with the seconds of all of them, and of the processor.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from tests.postgres import postgres

BROWSER, SERVING, PAGES, INBOX = "tests/browser", "tests/serving", "tests/pages", "tests/inbox"
REST = ("tests", *(f"--ignore={part}" for part in (BROWSER, SERVING, PAGES, INBOX)))
FORMS = ("consent", "form_page", "normal_form", "phone", "refusals", "same_origin", "sent")
FORMS += ("spam_score", "urgent_help", "views")
MAILS = ("calendar_file", "checks", "messages", "send_mail", "smtp")
PATIENT = ("access", "email", "prepare", "refused_words", "summary", "urgent")
ENQUIRY = ("by_phone", "calls", "damaged", "detail", "rights", "saved_replies", "typed_words")
LOGIN = ("cover", "login", "login_log", "passwords", "second_factor", "stolen")
SAME_ON_BOTH = (
    *(f"tests/enquiries/consultation/test_{name}.py" for name in FORMS),
    *(f"tests/enquiries/mail/test_{name}.py" for name in MAILS),
    *(f"tests/enquiries/patient/test_{name}.py" for name in PATIENT),
    *(f"tests/inbox/enquiry/test_{name}.py" for name in ENQUIRY),
    *(f"tests/inbox/login/test_{name}.py" for name in LOGIN),
    *("tests/inbox/clinic", "tests/inbox/test_access.py", "tests/inbox/test_roles.py"),
    *("tests/enquiries/encryption/test_checks.py", "tests/enquiries/search/test_attack.py"),
)
"""Words, fields, rights and logins, which are matrices over single rows; lost keys, which have a
SQLite of their own, and figures about hashes."""
ON_POSTGRES = (
    *("tests/test_attacks.py", "tests/enquiries", "tests/inbox"),
    *(f"--ignore={path}" for path in SAME_ON_BOTH),
)
"""Models, locks, triggers, search, lists, the record, upkeep and upgrades; and every page, form and
step once, for whatever a query of theirs holds that only one database takes (test_attacks)."""
AT_ONCE = 4
PROGRAMS = ("make", "pgrep")
NOTHING_SELECTED = 5  # pytest's exit code


@dataclass
class Part:
    """Some tests in a process, a folder and a process group of their own."""

    name: str
    where: tuple
    environment: dict = field(default_factory=dict)

    def start(self, options, folder, output):
        """options: pytest's. folder: of the whole run."""
        own = ["-o", f"cache_dir=.pytest_cache/{self.name}"]
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *self.where, *own, *options],
            env=os.environ | {"VAR_DIR": str(folder / f"{self.name}-var")} | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )


class Run:
    """Parts, and what became of them."""

    def __init__(self, options, folder):
        self._options, self._folder = options, folder
        self._lock, self._ended, self._running = Lock(), False, {}
        self._begun, self._took = time.monotonic(), {}

    def code_of(self, part):
        """The exit code of a part that runs now."""
        begun = time.monotonic()
        with open(self._folder / part.name, "w+") as output:
            with self._lock:
                if self._ended:
                    return 0
                process = part.start(self._options, self._folder, output)
                self._running[part.name] = process
            process.wait()
            with self._lock:
                del self._running[part.name]
                output.seek(0)
                self._took[part.name] = took = time.monotonic() - begun
                print(f"== {part.name}: {took:.0f} seconds\n{output.read()}", flush=True)  # noqa: T201
            return process.returncode

    def print_seconds(self) -> None:
        parts = ", ".join(f"{name} {took:.0f}" for name, took in self._took.items())
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = f"{used.ru_utime:.0f} + {used.ru_stime:.0f} of the processor"
        print(f"== {time.monotonic() - self._begun:.0f} seconds, {processor}: {parts}")  # noqa: T201

    def end(self):
        """No part begins any more, and those that run come to their end."""
        with self._lock:
            self._ended = True
            for process in self._running.values():
                process.terminate()


def main(options: list[str]) -> int | str:
    """Returns the exit code, or what to install."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        return f"Not on this machine: {', '.join(missing)}. On Debian: apt-get install make procps"
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # what a process compiled, hundreds of others read
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mesosite-tests-")))
        url = stack.enter_context(postgres())
        parts = [
            Part("browser", (BROWSER,)),
            Part("serving", (SERVING,)),
            Part("postgresql", ON_POSTGRES, {"DATABASE_URL": url}),
            Part("inbox", (INBOX,)),
            Part("rest", REST),
            Part("pages", (PAGES,)),
        ]
        run, pool = Run(options, folder), stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        try:
            codes = list(pool.map(run.code_of, parts))
        except KeyboardInterrupt:
            run.end()
            return 128 + signal.SIGINT
        run.print_seconds()
    return next((code for code in codes if code not in (0, NOTHING_SELECTED)), min(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
