"""`make run`: publish the pages, serve the site and send its mails, as in production.

Publishes into a new folder, then runs Granian's workers on it, and the mail sender beside them,
until SIGTERM or Ctrl-C. Where that fails, the process begins again with the last publishing and the
content that it was made of, or, where there is none, without pages. No worker and no sender reads
the files that editors change.
"""

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mesosite.logs import message_for_operator, print_end
from mesosite.pages.published_folders import (
    NOT_PUBLISHED,
    content_of,
    hold,
    last_with_content,
    new_name,
)
from mesosite.parent_process import SERVER

HOST = "127.0.0.1"
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"

logger = logging.getLogger("mesosite.serve")


def main() -> None:
    sys.excepthook = print_end
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesosite.settings")
    os.environ[SERVER] = str(os.getpid())
    if NOT_PUBLISHED not in os.environ:
        os.environ["PUBLISHED"] = new_name()

    import django

    django.setup()
    from django.conf import settings

    from mesosite.enquiries.maintenance.backups import BackupError, site_running

    refuse_taken_port(settings.PORT)
    try:
        with site_running():
            prepare(settings.PUBLISHED_DIR)
            announce(settings.SITE_URL, settings.PORT)
            serve(settings.PORT, settings.WEB_WORKERS, sends=not settings.NO_PAGES)
    except BackupError as error:
        sys.exit(str(error))


def refuse_taken_port(port: int) -> None:
    """Exits with a message where `port` is in use: Granian would share it with its owner."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Port {port} is in use. Choose another: make run PORT={port + 1}")


def prepare(folder: Path) -> None:
    """Checks, migrates, and makes what is served from `folder`."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import BaseCommand, SystemCheckError
    from django.db import connections

    from mesosite.enquiries.audit.carry_over import put_back
    from mesosite.enquiries.audit.checks import protect
    from mesosite.enquiries.encryption.checks import stop_on_unknown_keys
    from mesosite.enquiries.erasure import replay
    from mesosite.pages.publish import forget_old

    try:
        BaseCommand().check()
    except SystemCheckError as error:
        sys.exit(str(error))
    if not settings.NOT_PUBLISHED:
        with or_what_was_published(folder.parent):
            call_command("check", tags=["content"], fail_level="ERROR")
    stop_on_unknown_keys()
    call_command("migrate", interactive=False, verbosity=0)
    protect()
    put_back()  # of a restore that was killed
    replay()  # a database that was restored by hand brings no erased enquiry back
    connections.close_all()  # the workers are forks, and processes must not share a connection
    make(folder)
    hold(folder)
    forget_old()


def make(folder: Path) -> None:
    """Publishes into `folder`, or reads what was published there, once for all workers."""
    from django.conf import settings

    from mesosite.pages.catalogue import all_pages
    from mesosite.pages.publish import publish, publish_no_page

    if settings.NO_PAGES:
        publish_no_page(folder)
    elif settings.NOT_PUBLISHED:
        all_pages()
    else:
        with or_what_was_published(folder.parent):
            publish(folder)


@contextmanager
def or_what_was_published(parent: Path) -> Iterator[None]:
    """On an error, starts this process again: with the last publishing in `parent`, or no pages.

    The log names the error and the folder in one line.
    """
    from django.core.management.base import SystemCheckError

    from mesosite.pages.content.errors import ContentError

    try:
        yield
    except Exception as error:
        of_content = isinstance(error, SystemCheckError | ContentError)
        of_gate = isinstance(error, SystemCheckError)
        words = first_problem() if of_gate else message_for_operator(error)
        name, instead = what_was_published(parent)
        said = f"Nothing is published. {instead} {words}".strip()
        logger.error("%s", said, exc_info=None if words else error)
        reason = "content" if of_content else "publishing"
        os.environ |= {"PUBLISHED": name, NOT_PUBLISHED: reason}
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "mesosite.serve"])  # noqa: S606


def what_was_published(parent: Path) -> tuple[str, str]:
    """The name of the publishing that can be served, or else a new one; and what that means."""
    from mesosite.pages.catalogue import Content

    said = "The site is served without pages, and no mail leaves."
    if folder := last_with_content(parent):
        errors = Content(content_of(folder)).errors()
        if not errors:
            return folder.name, f"The site is served as it was published in {folder.name}."
        said += f" The last publishing is of another version: {message_for_operator(errors[0])}"
    return new_name(), said


def first_problem() -> str:
    """What stops publishing first: file, line, message, hint."""
    from mesosite.pages.checks.gate import check_content

    found = [problem.error for problem in check_content(None) if problem.is_serious()]
    return message_for_operator(found[0])


def announce(site_url: str, port: int) -> None:
    inbox = f"http://localhost:{port}" if site_url.startswith("http://") else site_url
    print(f"\n  The site    {site_url}/")  # noqa: T201
    print(f"  The inbox   {inbox}/staff/")  # noqa: T201
    print(f"  A login     make staff EMAIL=you@clinic.example{first_manager()}\n", flush=True)  # noqa: T201


def first_manager() -> str:
    """The rest of the line while nobody is a manager."""
    from django.db import connections

    from mesosite.inbox.roles import has_manager

    missing = not has_manager()
    connections.close_all()  # as in `prepare`
    return " ROLE=manager   (nobody is a manager yet)" if missing else ""


def serve(port: int, workers: int, sends: bool) -> None:
    """sends: mails too. Without pages none leaves and nothing is erased: their words and the
    periods stand in the content."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "mesosite.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        backpressure=64,
        workers_kill_timeout=5,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,  # its warnings judge the settings above by the count of cores
    )
    if sends:
        sender = Sender()
        server.on_startup(sender.start)
        server.on_shutdown(sender.stop)
    server.serve()


class Sender:
    """`manage.py send_mail` as a process of its own, started again when it dies, until `stop`."""

    COMMAND = (sys.executable, str(MANAGE), "send_mail", "--with-parent")
    AGAIN_AFTER = 1  # seconds
    GRACE = 3.5  # seconds, a little more than the sender's own

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped, self._turn = threading.Event(), threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._keep_running, daemon=True).start()

    def stop(self) -> None:
        with self._turn:
            self._stopped.set()
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(self.GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _keep_running(self) -> None:
        while process := self._started():
            process.wait()
            self._stopped.wait(self.AGAIN_AFTER)

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._turn:
            if self._stopped.is_set():
                return None
            # close_fds=False makes Popen use posix_spawn. Otherwise it waits for a pipe to close,
            # which a worker forked in that moment keeps open. Python's files are not inherited.
            command = [*self.COMMAND, str(os.getpid())]
            self._process = subprocess.Popen(command, close_fds=False)  # noqa: S603
            return self._process


if __name__ == "__main__":
    main()
