from django.core.management.base import BaseCommand, CommandError

from mesosite.enquiries.backups import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Copies the whole database into a new file, while the site runs. Keep DATA_KEYS elsewhere: "
        "without them the copy cannot be read, and with them it can."
    )

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        try:
            back_up(file)
        except (BackupError, OSError) as error:
            raise CommandError(f"Nothing was copied. {error}") from error
        self.stdout.write(f"The database is copied to {file}.")
