import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from mesosite import normal_form
from mesosite.enquiries.audit.record import try_record
from mesosite.enquiries.handing_on import left_open
from mesosite.enquiries.models import Event
from mesosite.inbox.accounts import (
    LoginDisabledError,
    disable_login,
    login_of,
    make_login,
    password_link,
    site_address,
)
from mesosite.inbox.roles import LastManagerError, Role, has_manager, roles_of


class Command(BaseCommand):
    help = (
        "Makes a login for a member of the clinic's staff and prints a link to set its password. "
        "The link works once, within one day. Run again for the same e-mail for a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="", help="as colleagues shall read it")
        parser.add_argument(
            "--role",
            default="",
            help=f"{', '.join(Role.values)}; several with commas. Added to those of the person",
        )
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--disable", action="store_true", help="close the login, end its sessions"
        )
        choice.add_argument("--enable", action="store_true", help="open a disabled login again")

    def handle(
        self,
        *,
        email: str,
        name: str,
        role: str,
        disable: bool = False,
        enable: bool = False,
        **options: Any,
    ) -> None:
        interactive = sys.stdin.isatty()
        if not email and interactive:
            email = input("E-mail: ")
            name = name or ("" if disable else input("Name, as colleagues shall read it: "))
        self._check(email)
        roles = self._roles(role)
        self._create_tables()
        if disable:
            self._disable(email)
            return
        try:
            user = make_login(email, name=name.strip(), roles=roles, enable=enable)
        except LoginDisabledError as error:
            raise CommandError(
                f"The login of {email} was disabled. To open it again: "
                f"make staff EMAIL={email} ENABLE=yes"
            ) from error
        try_record(Event.LINK_MADE, None, user)
        if not roles_of(user):
            self.stdout.write(self._without_role(user.email))
        self.stdout.write(f"Open this once, within one day, to set the password of {user.email}:")
        self.stdout.write(password_link(user))

    def _disable(self, email: str) -> None:
        user = login_of(email)
        if user is None:
            raise CommandError(f"There is no login of {email}.")
        try:
            disable_login(user)
        except LastManagerError as error:
            raise CommandError(
                f"{email} is the only manager who can log in. Make another one first: "
                "make staff EMAIL=someone@clinic.example ROLE=manager, and set its password."
            ) from error
        try_record(Event.DISABLED, None, user)
        self.stdout.write(f"The login of {user.email} is disabled, and its sessions have ended.")
        if left := left_open(user):
            self.stdout.write(
                f"Still theirs: open requests {len(left.requests)}, visits to come "
                f"{len(left.visits)}. A manager hands them on: {site_address()}"
                f"{reverse('inbox:disable', args=[user.pk])}"
            )

    def _roles(self, typed: str) -> list[str]:
        roles = [role.strip().lower() for role in typed.split(",") if role.strip()]
        if unknown := [role for role in roles if role not in Role.values]:
            raise CommandError(
                f"There is no role “{unknown[0]}”. Roles are {', '.join(Role.values)}."
            )
        return roles

    def _without_role(self, email: str) -> str:
        if has_manager():
            return "This login has no role yet, and opens no request until a manager gives it one."
        return f"There is no manager yet: make staff EMAIL={email} ROLE=manager"

    def _check(self, email: str) -> None:
        if not email:
            raise CommandError("Say for whom: make staff EMAIL=someone@clinic.example")
        try:
            normal_form.email(email)
        except normal_form.AddressError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error

    def _create_tables(self) -> None:
        """Makes or completes the tables, so that a login can be made before the first start."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
