import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from mesosite import normal_form
from mesosite.inbox.accounts import ROLES, make_login, password_link


class Command(BaseCommand):
    help = (
        "Makes a login for a member of the clinic's staff and prints a link to set its password. "
        "The link works once, within one day. Run again for the same e-mail for a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="", help="as colleagues shall read it")
        parser.add_argument("--role", default="", choices=["", *ROLES])

    def handle(self, *, email: str, name: str, role: str, **options: Any) -> None:
        interactive = sys.stdin.isatty()
        if not email and interactive:
            email = input("E-mail: ")
            name = name or input("Name, as colleagues shall read it: ")
        self._check(email)
        self._create_tables()
        user = make_login(email, name=name.strip(), role=role)
        self.stdout.write(f"Open this once, within one day, to set the password of {user.email}:")
        self.stdout.write(password_link(user))

    def _check(self, email: str) -> None:
        if not email:
            raise CommandError("Say for whom: make staff EMAIL=someone@clinic.example")
        try:
            normal_form.email(email)
        except normal_form.AddressError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error

    def _create_tables(self) -> None:
        """Fills an empty database, so that a login can be made before the first start."""
        if not connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)
