import logging
import os
import signal
import threading
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from mesosite.enquiries.encryption.checks import stop_on_unknown_keys
from mesosite.enquiries.mail.messages import queue_unseen_spam
from mesosite.enquiries.mail.morning import queue_morning
from mesosite.enquiries.mail.sender import send_due, send_next
from mesosite.enquiries.maintenance.backups import BackupError, site_running
from mesosite.enquiries.maintenance.retention import run_daily_job
from mesosite.enquiries.visits import remind
from mesosite.parent_process import follow

logger = logging.getLogger(__name__)

NICENESS = 10  # a request of a patient comes before a mail
POLL, AFTER_TROUBLE = 1, 5  # seconds
GRACE = 3  # seconds for the mail in hand; after its lease an unfinished one is sent again
DAILY, HOURLY, MINUTE = 24 * 3600, 3600, 60  # seconds from one run of a job to the next
AFTER_FAILURE = HOURLY


class Command(BaseCommand):
    help = (
        "Sends the mails that wait, until SIGTERM or Ctrl-C, and erases once a day what was kept "
        "long enough. Several may run at once."
    )
    requires_system_checks = []  # the site's start has made them, and nothing is served here

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due, and return")
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="end when this parent process is gone"
        )

    def handle(self, *, once: bool, with_parent: int | None, **options: Any) -> None:
        try:
            with site_running():
                stop_on_unknown_keys()
                os.nice(NICENESS)
                if once:
                    send_due()
                else:
                    run(_end(with_parent))
        except BackupError as error:
            raise CommandError(str(error)) from error


def run(end: threading.Event) -> None:
    """Sends mails, and runs each job first and then when it is due, until `end` is set."""
    hourly: list[Callable[[], object]] = [queue_unseen_spam, remind]
    periods = {run_daily_job: DAILY, queue_morning: MINUTE} | dict.fromkeys(hourly, HOURLY)
    due = dict.fromkeys(periods, monotonic())
    while not end.is_set():
        succeeded = True
        for job, period in periods.items():
            if succeeded and monotonic() >= due[job]:
                succeeded = _succeeds(job)
                due[job] = monotonic() + (period if succeeded else AFTER_FAILURE)
        succeeded = succeeded and _succeeds(lambda: _send_all(end))
        close_old_connections()
        end.wait(POLL if succeeded else AFTER_TROUBLE)


def _send_all(end: threading.Event) -> None:
    while not end.is_set() and send_next():
        pass


def _succeeds(job: Callable[[], object]) -> bool:
    """Runs a job. The log gets only the name of an exception: it may hold private words."""
    try:
        job()
    except Exception as error:
        logger.error("Sending mail goes on after %s", type(error).__name__)
        return False
    return True


def _end(parent: int | None) -> threading.Event:
    """An Event that is set by SIGTERM, Ctrl-C, or the death of the process `parent`.

    Threads wait for these: the main thread may wait for a mail server or a database, where Python
    handles no signal. After GRACE the process ends, whatever it is doing.
    """
    stop_signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop_signals)
    end = threading.Event()
    threading.Thread(target=_end_on_signal, args=(stop_signals, end), daemon=True).start()
    if parent:
        follow(parent, lambda: os.kill(os.getpid(), signal.SIGTERM))
    return end


def _end_on_signal(stop_signals: set[signal.Signals], end: threading.Event) -> None:
    signal.sigwait(stop_signals)
    end.set()
    sleep(GRACE)
    os._exit(0)
