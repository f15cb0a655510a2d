"""A clinic whose processes are killed: its site, its mail server and its patients."""

import contextlib
import json
import os
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from mesosite.enquiries.mail.sender import LEASE
from tests.enquiries.mail.server import MailServer, answering, answering_after
from tests.serving.patients import Patients
from tests.site import Site, soon

FOUND_BY = (
    "import json; from mesosite.enquiries.models import Enquiry; "
    "print(json.dumps({e.code: e.found_by for e in Enquiry.objects.all()}))"
)
UNSENT = "sent_at IS NULL AND failed_at IS NULL"


@dataclass
class Clinic:
    site: Site
    server: MailServer
    patients: Patients
    sender_killed_at: datetime | None = None

    def kill_a_worker(self):
        """The oldest: Granian gives up where it replaces the same worker twice in 5.5 seconds."""
        self.patients.crowd(lambda: kill(self.site.oldest_worker()))

    def kill_the_sender(self):
        self.patients.crowd(self._kill_the_sender)

    def kill_the_sender_with_a_mail_in_hand(self):
        """The mail server has the whole mail and has not said so yet."""
        killed = threading.Event()

        def kill_it():
            self.server.at_data = answering("250 OK")
            self._kill_the_sender()
            killed.set()

        self.server.at_data = answering_after(kill_it)
        self.patients.crowd(lambda: soon(lambda: self._let_mails_go() or killed.is_set()))

    def _kill_the_sender(self):
        kill(self.site.sender())
        self.sender_killed_at = datetime.now(UTC)

    def end_leases(self):
        """The mails that killed senders had claimed are due now, and not up to 10 minutes later.

        The living one claims its mails after the kill, and so for longer.
        """
        self.site.sql(
            f"UPDATE enquiries_outgoingmail SET next_try_at = created_at WHERE {UNSENT} "
            f"AND next_try_at <= '{self.sender_killed_at + LEASE}'"
        )

    def wait_for_mails(self) -> None:
        """Until all are sent. However slow the machine is, one after the other goes."""
        while unsent := self._unsent():
            soon(lambda before=unsent: self._let_mails_go() or self._unsent() != before)

    def _let_mails_go(self) -> None:
        """All patients share a network: the time of the ceilings that hold their mails is over."""
        self.site.sql("DELETE FROM enquiries_rate")
        self.site.sql(
            f"UPDATE enquiries_outgoingmail SET next_try_at = created_at WHERE {UNSENT} "
            "AND tries = 0 AND next_try_at <> created_at"
        )

    def _unsent(self) -> list[tuple[int]]:
        """The ids of the mails that wait."""
        return self.site.sql(f"SELECT id FROM enquiries_outgoingmail WHERE {UNSENT} ORDER BY id")

    def rows_of(self, table):
        """{enquiry code: how many rows of `table` it has}."""
        count = f"SELECT count(*) FROM {table} WHERE enquiry_id = e.id"
        return dict(self.site.sql(f"SELECT code, ({count}) FROM enquiries_enquiry AS e"))

    def found_by(self):
        """{enquiry code: what it is found by}, decrypted."""
        shell = (".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", FOUND_BY)
        return json.loads(self.site.command(*shell))

    def mails(self):
        """[(enquiry code, kind, Message-ID)] of all that are stored."""
        return self.site.sql(
            "SELECT code, kind, message_id FROM enquiries_outgoingmail "
            "JOIN enquiries_enquiry AS e ON e.id = enquiry_id"
        )


def kill(pid):
    os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def clinic(folder, **environment):
    """Its site is not started yet, and its patients wait."""
    with MailServer() as server:
        environment |= {"SECRET_KEY": settings.SECRET_KEY}
        environment |= {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        site = Site(folder, **environment)
        yield Clinic(site, server, Patients(site))
