from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mesosite.enquiries.maintenance.backups import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Copies the whole database into a new file, while the site runs. The answers of patients, "
        "except the topics, are encrypted in it; the logins of staff hold their password hashes. "
        "Keep DATA_KEYS and SECRET_KEY elsewhere: with them the copy can be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            back_up(file)
        except (BackupError, OSError) as error:
            raise CommandError(f"Nothing was copied. {error}") from error
        self.stdout.write(f"The database is copied to {file}.")
