from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mesosite.enquiries.maintenance.backups import BackupError, restore


class Command(BaseCommand):
    help = (
        "Puts a copy that `backup` made in place of the database, and erases again what was "
        "erased since. Stop the site and the mail sender first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="all that is there now may go")

    def handle(self, *, file: Path, yes: bool, **options: Any) -> None:
        if not yes:
            raise CommandError("All that is in the database now would go: say --yes if it may.")
        try:
            erased = restore(file)
        except BackupError as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        self.stdout.write(f"Restored from {file}. Erased again: {erased}.")
