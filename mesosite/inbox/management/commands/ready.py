import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Upkeep
from mesosite.inbox import readiness


class Command(BaseCommand):
    help = "Says what is done and what is still to do before patients are asked to write."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--keys-copied",
            action="store_true",
            help="you have copied the keys to another place: the site notes it",
        )
        choice.add_argument(
            "--test-mail", action="store_true", help="send a mail to the clinic's own address"
        )

    def handle(self, *, keys_copied: bool, test_mail: bool, **options: Any) -> None:
        if keys_copied:
            Upkeep.done(Upkeep.Task.KEYS_COPIED, readiness.keys_fingerprint())
        if test_mail:
            if not messages.queue_test():
                raise CommandError("Set CLINIC_EMAIL first: the clinic has no address.")
            self.stdout.write("A test mail leaves as soon as the site runs.")
        lines = readiness.lines()
        for line in lines:
            if line.done:
                self.stdout.write(f"done   {line.title}")
            else:
                self.stdout.write(f"to do  {line.todo}\n       {line.where}")
        if not all(line.done for line in lines):
            sys.exit(1)
