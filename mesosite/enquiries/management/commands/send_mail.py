import datetime
import logging
import os
import signal
import threading
from time import monotonic, sleep

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from mesosite.enquiries.encryption.checks import stop_on_unknown_keys
from mesosite.enquiries.mail.sender import send_due, send_next
from mesosite.enquiries.maintenance.backups import BackupError, site_running
from mesosite.enquiries.maintenance.retention import run_daily_job
from mesosite.parent_process import follow

logger = logging.getLogger(__name__)

NICENESS = 10  # a patient who sends a request now comes before a mail
POLL, AFTER_TROUBLE = 1, 5  # seconds
GRACE = 3  # seconds for the mail in hand; its lease brings it back where that was too short
DAILY, AFTER_FAILURE = datetime.timedelta(days=1), datetime.timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Sends the mails that wait, until SIGTERM or Ctrl-C, and erases once a day what was kept "
        "long enough. Several may run at once."
    )
    requires_system_checks = []  # the site's start has made them, and nothing is served here

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due, and return")
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="end when this parent process is gone"
        )

    def handle(self, *, once, with_parent, **options):
        try:
            with site_running():
                send(once, with_parent)
        except BackupError as error:
            raise CommandError(str(error)) from error


def send(once, parent):
    stop_on_unknown_keys()
    os.nice(NICENESS)
    if once:
        send_due()
    else:
        run(_end(parent))


def run(end):
    """Send and keep house until the Event `end` is set."""
    house = DailyJob()
    while not end.is_set():
        went_well = _survives(house.keep_when_due) and _survives(_send_all, end)
        close_old_connections()
        end.wait(POLL if went_well else AFTER_TROUBLE)


class DailyJob:
    """The daily job of `retention`, first at the start."""

    def __init__(self):
        self._due = monotonic()

    def keep_when_due(self):
        if monotonic() < self._due:
            return
        self._due = monotonic() + AFTER_FAILURE.total_seconds()
        run_daily_job()
        self._due = monotonic() + DAILY.total_seconds()


def _send_all(end):
    while not end.is_set() and send_next():
        pass


def _survives(job, *arguments):
    """Whether a job ended well. Its exception may carry somebody's words: only its name is kept."""
    try:
        job(*arguments)
    except Exception as error:
        logger.error("Sending mail goes on after %s", type(error).__name__)
        return False
    return True


def _end(parent):
    """An Event that is set by SIGTERM, Ctrl-C, or the death of the process `parent`.

    Threads wait for these, since the main one may be held by a mail server or a database where
    Python handles no signal. GRACE later the process ends, whatever it is doing.
    """
    told = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, told)
    end = threading.Event()
    threading.Thread(target=_end_when_told, args=(told, end), daemon=True).start()
    if parent:
        follow(parent, lambda: os.kill(os.getpid(), signal.SIGTERM))
    return end


def _end_when_told(told, end):
    signal.sigwait(told)
    end.set()
    sleep(GRACE)
    os._exit(0)
