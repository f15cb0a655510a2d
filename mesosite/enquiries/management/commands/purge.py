from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from mesosite.enquiries.maintenance import retention
from mesosite.pages.base32 import in_groups
from mesosite.pages.catalogue import clinic


class Command(BaseCommand):
    help = (
        "Erases the requests whose time is over, by the periods in clinic.yaml, and warns staff "
        "of those that will be erased untouched. The mail sender does it every day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="erase instead what was made up, or sent while the clinic had no name",
        )

    def handle(self, *, dry_run: bool, demonstration: bool, **options: Any) -> None:
        if demonstration:
            count = retention.of_demonstration().count
            number = count() if dry_run else retention.purge_demonstration()
            self.stdout.write(f"{number} {'would be erased' if dry_run else 'erased'}")
            return
        if dry_run:
            now = timezone.now()
            warned = retention.expiries(retention.to_warn(now))
            erased = retention.expiries(retention.due_for_erasure(now))
        else:
            warned, erased = retention.run_daily_job()
        self._list(erased, "would be erased" if dry_run else "erased")
        self._list(warned, "staff would be warned of" if dry_run else "staff are warned of")

    def _list(self, expiries: list[retention.Expiry], what: str) -> None:
        for expiry in expiries:
            day = expiry.at.astimezone(clinic().tz).date()
            self.stdout.write(f"{in_groups(expiry.code)}  {expiry.why:<9}  {day}")
        self.stdout.write(f"{len(expiries)} {what}")
