from django.core.management.base import BaseCommand
from django.utils import timezone

from mesosite.enquiries.maintenance.retention import expiries, purge, run_daily_job, to_warn
from mesosite.pages.base32 import in_groups
from mesosite.pages.catalogue import clinic


class Command(BaseCommand):
    help = (
        "Erases the requests whose time is over, by the periods in clinic.yaml, and warns staff "
        "of those that will be erased untouched. The mail sender does it every day."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *, dry_run, **options):
        if dry_run:
            now = timezone.now()
            warned, gone = expiries(to_warn(now)), purge(now, dry_run=True)
        else:
            warned, gone = run_daily_job()
        self._say(gone, "would be erased" if dry_run else "erased")
        self._say(warned, "staff would be warned of" if dry_run else "staff are warned of")

    def _say(self, found, what):
        for ending in found:
            day = ending.at.astimezone(clinic().tz).date()
            self.stdout.write(f"{in_groups(ending.code)}  {ending.why:<9}  {day}")
        self.stdout.write(f"{len(found)} {what}")
