from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mesosite.pages.publish import publish


class Command(BaseCommand):
    help = "Render every page into the folder VAR_DIR/published/$PUBLISHED, for nginx or a CDN."

    requires_system_checks = []  # `check` makes them, and those of the words

    def handle(self, **options: object) -> None:
        call_command("check")
        try:
            pages = publish(settings.PUBLISHED_DIR)
        except FileExistsError as error:
            name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            raise CommandError(
                f"{settings.PUBLISHED_DIR} is there already, and a published file is never "
                f"changed. Name a new folder: PUBLISHED={name} manage.py publish"
            ) from error
        self.stdout.write(f"{pages} pages in {settings.PUBLISHED_DIR}")
